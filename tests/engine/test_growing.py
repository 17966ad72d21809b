"""Random histories of one unit: its tests only grow, whatever models and people do."""

from contextlib import suppress

from calculator_texts import CODE, PROMPT, TESTS, C, P, T, fenced, judged, usual
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st
from memory_project import Project

from pdd_tasks.adapters.python.syntax import PythonSyntax
from pdd_tasks.core.model.step import Step
from pdd_tasks.errors import PddError


SYNTAX = PythonSyntax()
CODES = (
    CODE,
    CODE.replace("a - b", "abs(a - b)"),
    CODE.replace("a + b", "b + a"),
    CODE.replace("a - b", "-(b - a)"),
)
HEAD = "from calculator import add, sub\n\n\n"
# What a model says where it is asked for tests, the good and the bad.
REPLIES = (
    TESTS,
    HEAD + "def test_add():\n    assert True\n",
    HEAD + "def test_add():\n    raise __import__('unittest').SkipTest\n",
    HEAD + "def test_zero():\n    assert add(0, 0) == 0\n",
    HEAD + "def test_negative():\n    assert sub(1, 3) == -2\n",
    HEAD + "def test_wrong():\n    assert add(1, 1) == 3\n",
    HEAD + "def test_flaky():\n    import seed\n    assert not seed.value\n",
    HEAD
    + "def add(a, b):\n    return 3\n\n\ndef test_own():\n    assert add(1, 1) == 3\n",
    HEAD + "LIMIT = 1\n\n\ndef test_limit():\n    assert add(0, LIMIT) == LIMIT\n",
    HEAD + "LIMIT = 2\n\n\ndef test_two():\n    assert add(0, LIMIT) == LIMIT\n",
    HEAD + "def pop(f):\n    globals().pop('test_add', None)\n    return f\n\n\n"
    "@pop\ndef test_pop():\n    assert sub(0, 0) == 0\n",
    HEAD + "test_add = None\n\n\ndef test_none():\n    assert test_add is None\n",
    HEAD + "del sub\n\n\ndef test_del():\n    assert add(2, 2) == 4\n",
    "No.",
)
TEXTS = st.sampled_from(REPLIES).map(fenced)
ACTS = st.one_of(
    st.tuples(st.just("more"), st.lists(TEXTS, min_size=1, max_size=3)),
    st.tuples(st.just("prompt"), st.lists(TEXTS, min_size=1, max_size=3)),
    st.tuples(st.just("bug"), st.lists(TEXTS, min_size=1, max_size=3)),
    st.tuples(st.just("person"), st.lists(st.just(""), max_size=0)),
)


@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(st.tuples(ACTS, st.sampled_from(CODES)), min_size=1, max_size=5),
)
def test_tests_only_grow(history):
    project = Project({P: PROMPT}, usual())
    project.sync()
    for number, ((act, replies), code) in enumerate(history):
        before = SYNTAX.tests(project.read(T))
        lines = project.read(T).splitlines()
        perform(project, act, replies, code, number)
        after = SYNTAX.tests(project.read(T))
        assert {name: after.get(name) for name in before} == before
        rest = iter(project.read(T).splitlines())
        assert all(line in rest for line in lines)
        event(f"{act}: {'grew' if len(after) > len(before) else 'stayed'}")


def perform(
    project: Project, act: str, replies: list[str], code: str, number: int
) -> None:
    """Let something happen to a project, and sync it; how that ends is its own."""
    project.reply("generate", fenced(code))
    project.reply("fix", fenced(code), fenced(CODE))
    project.reply("test", *replies)
    project.reply("bug", *replies)
    with suppress(PddError):
        match act:
            case "more":
                project.forget(Step.TEST)
            case "prompt":
                project.write(P, f"{PROMPT}\n- It is number {number}.\n")
                project.reply("verify", judged(project.read(P)))
            case "bug":
                project.report_bug(f"bug {number}")
            case _:
                mine = (
                    f"\n\ndef test_mine_{number}():\n    assert {number} == {number}\n"
                )
                project.write(T, project.read(T) + mine)
    with suppress(PddError):
        project.sync()
    assert project.read(C)
