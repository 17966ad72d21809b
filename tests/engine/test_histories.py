"""What holds whatever a person does between syncs."""

from typing import Final

from calculator_texts import (
    CODE,
    EXAMPLE,
    PROMPT,
    TESTS,
    C,
    E,
    P,
    T,
    fenced,
    judged,
    named,
)
from fakes import ScriptedModel, report_path, trace_path
from hypothesis import given, settings
from hypothesis import strategies as st
from memory_project import Project, forget_past

from pdd_tasks.adapters.python.syntax import PythonSyntax
from pdd_tasks.core.model.step import Step
from pdd_tasks.core.prompt.request import Reply, Request
from pdd_tasks.errors import PddError


MUL: Final = CODE + "\n\ndef mul(a, b):\n    return a * b\n"
TEXTS: Final = {
    P: [
        PROMPT,
        PROMPT.replace("their difference", "the difference of the two"),
        PROMPT + "- `mul` returns their product.\n",
    ],
    C: [
        CODE,
        CODE.replace("A calculator", "My calculator"),
        CODE.replace("return a + b", "return b + a"),
        CODE.replace("return a - b", "return a + b"),
        MUL,
        "def add(:\n",
    ],
    E: [
        EXAMPLE,
        EXAMPLE.replace("add(1, 2)", "add(40, 2)"),
        EXAMPLE.replace("add(1, 2)", "add(1)"),
    ],
    T: [
        TESTS,
        TESTS.replace("add(1, 2) == 3", "add(2, 2) == 4"),
        TESTS.replace("sub(3, 1) == 2", "sub(3, 1) == 4"),
        TESTS.replace("\n", "\r\n"),
        "# none\n",
    ],
}
Act = tuple[str, str, int]

acts: st.SearchStrategy[Act] = st.one_of(
    [
        *(
            st.tuples(st.just("write"), st.just(path), st.integers(0, len(texts) - 1))
            for path, texts in TEXTS.items()
        ),
        st.tuples(st.just("delete"), st.sampled_from([C, E, T]), st.just(0)),
        st.tuples(st.just("forget"), st.sampled_from(list(Step)), st.just(0)),
        st.tuples(
            st.just("set"),
            st.sampled_from(["force", "accept_updates"]),
            st.integers(0, 1),
        ),
        st.tuples(
            st.just("lose"),
            st.sampled_from(["fingerprint", "report", "baselines"]),
            st.just(0),
        ),
        st.tuples(st.just("adopt"), st.just(""), st.just(0)),
        st.tuples(st.just("sync"), st.just(""), st.just(0)),
    ]
)


class Obliging(ScriptedModel):
    """Answers whatever is asked, well or badly, the same way each time.

    Attributes:
        made: Every text it gave.
    """

    def __init__(self, project: Project) -> None:
        super().__init__({})
        self._project = project
        self.made: set[str] = set()

    def complete(self, request: Request) -> Reply:
        self.replies[request.kind] = [self._said(request)]
        return super().complete(request)

    def _said(self, request: Request) -> str:
        prompt, asked = self._project.read(P), request.messages[-1].content
        code = MUL if "mul" in asked else TEXTS[C][len(asked) % 4]
        update = prompt + f"\nSay more: {len(asked)}.\n"
        self.made |= {code, EXAMPLE, update}
        mends_code = f"You may change {C}" in asked
        return {
            "generate": fenced(code),
            "example": fenced(EXAMPLE),
            "crash": named(C, code) if mends_code else named(E, EXAMPLE),
            "verify": judged(prompt),
            "test": fenced(TESTS),
            "fix": fenced(code),
            "update": fenced(update, "prompt"),
            "analysis": '{"advice": "ask", "because": "unsure", "confidence": 0.5}',
        }[request.kind]


class History:
    """A project, and what a person last wrote to each of its files."""

    def __init__(self) -> None:
        self.project = Project({P: PROMPT})
        self.model = self.project.model = Obliging(self.project)
        self.wrote: dict[str, str] = {}
        self.hints: list[str] = []

    def do(self, act: Act) -> None:
        """Do what a person does."""
        verb, what, number = act
        project = self.project
        if verb == "write":
            self.wrote[what] = TEXTS[what][number]
            project.write(what, TEXTS[what][number])
        elif verb == "delete":
            self.wrote.pop(what, None)
            for path in [path for path in project.disk if str(path) == what]:
                del project.disk[path]
        elif verb == "forget":
            project.forget(Step(what))
        elif verb == "set":
            project.set(**{what: bool(number)})
        elif verb == "adopt":
            project.adopt()
        elif verb == "lose":
            self._lose(what)
        else:
            self.sync()

    def sync(self) -> None:
        """Sync, look for what was lost, and sync again."""
        good = self._synced()
        assert_kept(self)
        forget_past(self.project)
        assert self._synced() == good
        assert self.project.asked == [], "the second sync bought something"
        assert_kept(self)
        assert all(self.hints)
        if good:
            assert self.project.publisher.published == []
            assert self.project.runner.runs == []

    def _synced(self) -> bool:
        try:
            self.project.sync()
        except PddError as error:
            self.hints.append(error.hint)
            return False
        assert self.project.due() == {}
        return True

    def _lose(self, what: str) -> None:
        unit = self.project.unit.id
        if what == "fingerprint":
            self.project.disk.pop(trace_path(unit), None)
        elif what == "report":
            self.project.disk.pop(report_path(unit), None)
        else:
            self.project.baselines.kept.clear()


def assert_kept(history: History) -> None:
    """Assert that what a person wrote stands, or has a copy."""
    project = history.project
    copies = {data.decode() for data in project.safety.copies.values()}
    for path in (C, E):
        text = history.wrote.get(path)
        if text is not None and text not in history.model.made | copies:
            assert project.read(path) == text, f"{path} was replaced"
    prompt = history.wrote.get(P)
    if prompt is not None and not project.unit.settings.accept_updates:
        assert project.read(P) in {prompt, *history.model.made}
    tests = PythonSyntax().tests
    mine = tests(history.wrote.get(T, ""))
    now = tests(project.read(T)) if mine else {}
    assert mine.items() <= now.items(), "a test was lost"


@settings(max_examples=100, deadline=None, derandomize=True)
@given(st.lists(acts, max_size=8))
def test_nothing_is_lost_nothing_is_bought_twice_and_all_comes_to_rest(history):
    past = History()
    for act in history:
        past.do(act)
    past.sync()
