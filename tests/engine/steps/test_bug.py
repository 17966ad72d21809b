"""A described bug becomes one failing test, for the right reason or not at all."""

import pytest
from calculator_texts import CODE, PROMPT, TESTS, C, P, T, fenced, judged, usual
from memory_project import Project, forget_past, synced

from pdd_tasks.core.model.step import Operation, Step
from pdd_tasks.errors import ConflictError, DisplacedError, ExitCode, StepError


KNOWN = TESTS.partition("\n\n\ndef test_sub")[0].replace("_add", "_more") + "\n"
SAID = "sub(1, 3) gives 2; expected -2"
NOTE = f"# Bug: {SAID}\n"
WRONG = CODE.replace("return a - b", "return abs(a - b)")
RAISES = CODE.replace("return a - b", "return [a - b][b > a]")
TEST = """\
from calculator import sub


def test_sub_may_be_negative():
    assert sub(1, 3) == -2
"""


HIDING = """\
from calculator import sub


def hide(f):
    globals().pop("test_add")
    return f


@hide
def test_new():
    assert sub(1, 3) == -2
"""


def buggy(*replies: str | Exception, code: str = WRONG) -> Project:
    """Return a unit in sync whose code has a bug that no test finds."""
    project = Project({P: PROMPT}, {**usual(), "generate": [fenced(code)]})
    project.sync()
    assert project.due() == {}
    project.reply("bug", *replies)
    forget_past(project)
    return project


def test_a_described_bug_becomes_a_failing_test_and_is_then_fixed():
    project = buggy(fenced(TEST))
    notes = project.report_bug(SAID)
    added = NOTE + TEST.partition("\n\n\n")[2]
    assert project.read(T) == f"{TESTS}\n\n{added}"
    assert project.read(C) == WRONG
    assert notes[0] == f"a test was added: {T}::test_sub_may_be_negative"
    assert notes[1].startswith("it fails as described: AssertionError")
    assert notes[2].startswith(f"at {T}:")
    assert project.asked == ["bug"]
    assert project.due() == {Step.FIX: Operation.FIX}
    project.reply("fix", fenced(CODE))
    project.reply("verify", judged())
    assert project.sync() == [Operation.FIX, Operation.JUDGE]
    assert project.read(C) == CODE
    assert project.read(T) == f"{TESTS}\n\n{added}"
    assert project.sync() == []


def test_the_test_fails_in_as_many_runs_as_new_tests_must_pass():
    project = buggy(fenced(TEST))
    project.set(stability_runs=4)
    project.report_bug(SAID)
    assert project.runner.runs == ["tests measured", "tests", "tests", "tests"]


def test_a_reply_may_hold_the_older_tests_as_well():
    project = buggy(fenced(TESTS + "\n\n" + TEST.partition("\n\n\n")[2]))
    project.report_bug(SAID)
    assert project.read(T) == f"{TESTS}\n\n{NOTE}{TEST.partition(chr(10) * 3)[2]}"


def test_the_description_is_on_record_and_in_the_request():
    project = buggy(fenced(TEST))
    project.report_bug(f"  {SAID}\n")
    entry = project.trace.history[-1]
    assert (entry.operation, entry.because) == ("show bug", f"bug: {SAID}")
    asked = project.request()
    for part in (SAID, PROMPT.strip(), WRONG.strip(), TESTS.strip()):
        assert part in asked


def test_an_exception_that_the_code_raises_shows_a_bug_as_well():
    project = buggy(fenced(TEST), code=RAISES)
    notes = project.report_bug(SAID)
    assert notes[1].startswith("it fails as described: IndexError")
    assert notes[2].startswith(f"at {C}:")


def test_what_is_right_already_is_said_and_the_test_shown_and_not_added():
    project = synced()
    project.reply("bug", fenced(TEST))
    before = dict(project.disk)
    with pytest.raises(StepError, match="is already right") as caught:
        project.report_bug(SAID)
    assert caught.value.exit_code is ExitCode.FAILED
    assert "def test_sub_may_be_negative():" in project.notes
    assert project.disk == before


def test_what_the_prompt_asks_for_is_quoted_and_left_to_a_person():
    words = "`sub` returns their difference."
    project = buggy(f'contradiction: "{words}"')
    before = dict(project.disk)
    with pytest.raises(ConflictError) as caught:
        project.report_bug("sub should return the sum")
    assert "returns their difference." in caught.value.message
    assert caught.value.exit_code is ExitCode.CONFLICT
    assert f"doit sync:{project.unit.id}" in caught.value.hint
    assert project.disk == before


def mistaken(body: str, head: str = "from calculator import sub\n") -> str:
    """Return a reply whose test fails by its own mistake."""
    lines = "".join(f"    {line}\n" for line in body.split("\n"))
    return fenced(f"{head}\n\ndef test_new():\n{lines}")


@pytest.mark.parametrize(
    "reply, because",
    [
        pytest.param("No.", "the reply is prose", id="prose"),
        pytest.param(
            "contradiction: it is green",
            "the words behind 'contradiction:' do not stand in the prompt",
            id="made-up words",
        ),
        pytest.param(fenced("def test_x(:\n"), "the reply is not python", id="syntax"),
        pytest.param(fenced("X = 1\n"), "holds 0 new tests", id="no test"),
        pytest.param(fenced(TESTS), "holds 0 new tests", id="old tests"),
        pytest.param(
            fenced(TESTS.replace("def test", "def test_new")),
            "holds 2 new tests",
            id="two tests",
        ),
        pytest.param(
            fenced("def test_new():\n    assert False\n"),
            "the test uses nothing of src/calculator.py",
            id="not the code",
        ),
        pytest.param(
            fenced(KNOWN),
            "same as test_add",
            id="known",
        ),
        pytest.param(
            fenced(TEST.replace("test_sub_may_be_negative", "test_sub")),
            "test_sub stands with another body",
            id="rewrite",
        ),
        pytest.param(mistaken("assert sub(1, x) == 1"), "NameError", id="name"),
        pytest.param(mistaken("assert sub(1) == 1"), "TypeError", id="call"),
        pytest.param(
            mistaken("import nowhere\nassert sub(1, 1)"),
            "mistake of the test: tests/test_calculator.py::test_new: ModuleNotFound",
            id="import",
        ),
        pytest.param(
            mistaken(
                "assert sub(1, 3) == mul(1, 3)", "from calculator import sub, mul\n"
            ),
            "the test did not run: tests/test_calculator.py: ImportError",
            id="collection",
        ),
        pytest.param(
            mistaken("raise TimeoutError(sub)"), "for another reason", id="hangs"
        ),
        pytest.param(
            mistaken("import unittest\nraise unittest.SkipTest(sub)"),
            "it was skipped, or is no test",
            id="skipped",
        ),
        pytest.param(
            mistaken(
                "import seed\nassert sub(1, 3) == -2 or seed.value",
            ),
            "the test is not stable: ",
            id="passes later",
        ),
        pytest.param(
            mistaken("import seed\nif seed.value:\n    sub()\nassert sub(1, 3) == -2"),
            "the test is not stable: ",
            id="fails otherwise",
        ),
        pytest.param(
            fenced(HIDING), "the test changes how others end: test_add", id="others"
        ),
    ],
)
def test_a_test_that_does_not_show_the_bug_is_objected_to(reply, because):
    project = buggy(reply, fenced(TEST))
    project.report_bug(SAID)
    assert project.asked == ["bug", "bug"]
    assert because in project.request()
    assert NOTE + "def test_sub_may_be_negative" in project.read(T)


def test_how_others_end_is_found_out_where_nobody_knows():
    project = buggy(fenced(HIDING), fenced(TEST))
    project.edit(C, "return a + b", "return b + a")
    project.report_bug(SAID)
    assert "the test changes how others end: test_add" in project.request()
    assert project.runner.runs[:2] == ["tests measured", "tests"]


def test_without_a_usable_reply_nothing_is_changed_and_nothing_given_up():
    project = buggy(*["No."] * 3)
    before = dict(project.disk)
    with pytest.raises(StepError, match="no test shows this: no usable reply in 3"):
        project.report_bug(SAID)
    assert project.disk == before


def test_the_first_test_of_a_unit_may_show_a_bug():
    project = Project({P: PROMPT}, {**usual(), "generate": [fenced(WRONG)]})
    for step in (Step.GENERATE, Step.EXAMPLE, Step.CRASH, Step.VERIFY):
        project.perform(step)
    project.reply("bug", fenced(TEST))
    project.report_bug(SAID)
    assert project.read(T) == TEST.replace("def test", f"{NOTE}def test")
    assert project.due()[Step.FIX] is Operation.FIX


def test_an_edit_of_the_tests_stays_an_edit():
    project = buggy(fenced(TEST))
    project.edit(T, "add(1, 2) == 3", "add(2, 2) == 4")
    recorded = project.trace.steps[Step.TEST]
    project.report_bug(SAID)
    assert project.trace.steps[Step.TEST] == recorded
    project.reply("fix", fenced(CODE))
    project.reply("verify", judged())
    project.sync()
    assert "add(2, 2) == 4" in project.read(T)
    assert project.due() == {}


@pytest.mark.parametrize(
    "prepare, because",
    [
        pytest.param(lambda p: p.delete(C), "it does not exist", id="no code"),
        pytest.param(lambda p: p.write(C, "def :"), "line 1: ", id="broken code"),
        pytest.param(lambda p: p.without("test"), "how tests run", id="no runner"),
    ],
)
def test_a_unit_that_cannot_be_tested_is_refused_before_anything_is_asked(
    prepare, because
):
    project = buggy(fenced(TEST))
    prepare(project)
    with pytest.raises(StepError) as caught:
        project.report_bug(SAID)
    assert because in caught.value.message
    assert caught.value.hint
    assert project.asked == []


def test_a_save_of_the_tests_right_before_is_not_overwritten():
    project = buggy(fenced(TEST))
    saved = TESTS.replace("add(1, 2) == 3", "add(2, 2) == 4").encode()
    project.publisher.meanwhile = {project.unit.test: saved}
    with pytest.raises(DisplacedError):
        project.report_bug(SAID)
    assert project.disk[project.unit.test] == saved


def test_a_save_of_the_tests_in_the_very_moment_is_joined_with_the_new_test():
    project = buggy(fenced(TEST))
    saved = TESTS.replace("add(1, 2) == 3", "add(2, 2) == 4").encode()
    project.publisher.exchanged = {project.unit.test: saved}
    notes = project.report_bug(SAID)
    assert "add(2, 2) == 4" in project.read(T)
    assert "def test_sub_may_be_negative" in project.read(T)
    assert any("saved meanwhile" in note for note in notes)
