"""``doit bug``: asked of a model on this machine, shown by a real run of pytest."""

import shutil
import signal
import subprocess
import sys
import threading

import pytest
from calculator_texts import CODE, TESTS, fenced, judged
from model_server import Answer, Body, Hang, ModelServer, Say, last_user_message
from project import Project, clean_environment
from surface import good, kind, live, unit_project

from pdd_tasks.errors import ConfigError
from pdd_tasks.plugin.bug import described


SAID = "sub(1, 3) gives 2; expected -2"
TEST_FILE = "tests/test_calculator.py"
WRONG = CODE.replace("return a - b", "return abs(a - b)")
SHOWING = """\
import pytest

from calculator import sub


@pytest.mark.parametrize("smaller", [1, 2])
def test_sub_may_be_negative(smaller):
    assert sub(smaller, 3) == smaller - 3
"""
MISTAKEN = SHOWING.replace("(smaller):", "(smaller, no_such_fixture):")
PASSING = SHOWING.replace("smaller - 3", "3 - smaller")
ADDED = f"""{TESTS}

# Bug: {SAID}
@pytest.mark.parametrize("smaller", [1, 2])
def test_sub_may_be_negative(smaller):
    assert sub(smaller, 3) == smaller - 3
"""


class Server(ModelServer):
    """Answers as the maker of a calculator that has a bug.

    Attributes:
        kinds: What was asked, in order.
    """

    def __init__(self, *showing: str) -> None:
        self.kinds: list[str] = []
        self._showing = list(showing)
        super().__init__(self._said)

    def _said(self, body: Body) -> Answer:
        repairs = "### What failed" in last_user_message(body)
        asked = "fix" if repairs else kind(body)
        if last_user_message(body).startswith("Your reply cannot be used"):
            asked = "bug"
        self.kinds.append(asked)
        if asked == "bug":
            return Say(self._showing.pop(0))
        usual = {"generate": fenced(WRONG), "fix": fenced(CODE), "verify": judged()}
        return Say(usual.get(asked) or good(asked))


@pytest.fixture(scope="module")
def synced(tmp_path_factory):
    """Return a project in sync whose code has a bug that no test finds."""
    project = unit_project(tmp_path_factory.mktemp("buggy"), "calculator")
    with Server() as server:
        words = live(server, "stability_runs=1")
        said = project.doit(*words, OPENAI_API_KEY="sk-unused")
    assert said.code == 0, said.text
    return project


@pytest.fixture
def project(synced, tmp_path):
    """Return a copy of it."""
    shutil.copytree(synced.root, tmp_path / "project")
    return Project(tmp_path / "project")


def bug(project: Project, server: ModelServer, *words: str):
    """Run ``doit bug`` with a model; once shown is enough here."""
    words = live(server, *words, "stability_runs=1")
    return project.doit("bug", *words, OPENAI_API_KEY="sk-unused")


def test_a_bug_becomes_a_test_that_the_next_sync_satisfies(project):
    with Server(fenced(MISTAKEN), fenced(SHOWING)) as server:
        said = bug(project, server, "calculator", SAID)
        assert said.code == 0, said.text
        assert server.kinds == ["bug", "bug"]
        objection = last_user_message(server.requests[-1])
        assert project.read(TEST_FILE).endswith(ADDED.partition("\n\n\n")[2])
        assert project.read("src/calculator.py") == WRONG
        assert project.pending() == [("fix", "fix")]
        words = live(server, "sync:calculator")
        synced = project.doit(*words, OPENAI_API_KEY="sk-unused")
        again = project.doit(*words, OPENAI_API_KEY="sk-unused")

    assert "the test fails for another reason than the bug" in objection
    assert "no_such_fixture" in objection
    assert f"{TEST_FILE}::test_sub_may_be_negative" in said.out
    assert "it fails as described: AssertionError: assert 2 == (1 - 3)" in said.out
    assert "`doit sync:calculator_python` lets the code be fixed" in said.out
    assert synced.code == 0, synced.text
    assert server.kinds[2:] == ["fix", "verify"]
    assert project.read("src/calculator.py") == CODE
    assert "# Bug: " + SAID in project.read(TEST_FILE)
    assert again.out == "sync: 1 unit in sync; nothing to do\n"


@pytest.mark.slow
def test_with_fix_it_goes_on_to_the_end(project):
    with Server(fenced(SHOWING)) as server:
        said = bug(project, server, "calculator", SAID, "--fix")
    assert said.code == 0, said.text
    assert project.read("src/calculator.py") == CODE
    assert project.pending() == []


@pytest.mark.slow
def test_what_is_right_already_ends_with_1_and_shows_the_test(project):
    before = project.read(TEST_FILE)
    with Server(fenced(PASSING)) as server:
        said = bug(project, server, "calculator", SAID)
    assert said.code == 1
    assert "the described behaviour is already right" in said.err
    assert "def test_sub_may_be_negative(smaller):" in said.out
    assert project.read(TEST_FILE) == before


def test_what_the_prompt_asks_for_ends_with_4_and_its_words(project):
    with Server('contradiction: "returns the sum of two numbers"') as server:
        said = bug(project, server, "calculator", "add(1, 2) gives 3; expected 12")
    assert said.code == 4
    assert '"returns the sum of two numbers"' in said.err
    assert project.pending() == []


@pytest.mark.slow
def test_the_same_words_again_are_not_paid_for_again(project):
    with Server(fenced(PASSING)) as server:
        bug(project, server, "calculator", SAID)
        said = bug(project, server, "calculator", SAID)
    assert said.code == 1
    assert server.kinds == ["bug"]
    assert "1 recorded reply" in said.out


@pytest.mark.slow
def test_a_description_may_hold_what_doit_takes_for_a_variable(project):
    with Server(fenced(SHOWING)) as server:
        said = bug(project, server, "calculator", "sub(1, 3)=2 is wrong, -2 is right")
    assert said.code == 0, said.text
    assert "# Bug: sub(1, 3)=2 is wrong, -2 is right\n" in project.read(TEST_FILE)


@pytest.mark.slow
def test_a_secret_in_a_description_is_not_written(project):
    secret = "sk-" + "planted7f3a9c51d2e84b60"
    with Server(fenced(SHOWING)) as server:
        words = live(server, "calculator", f"{SAID} with {secret}")
        said = project.doit("bug", *words, OPENAI_API_KEY=secret)
    assert said.code == 0, said.text
    files = project.contents()
    assert [name for name, data in files.items() if secret.encode() in data] == []


@pytest.mark.parametrize(
    "words, message",
    [
        pytest.param([], "say which unit has the bug", id="nothing"),
        pytest.param(["calculator"], "what is wrong, and what was", id="no words"),
        pytest.param(["calculater", SAID], "calculater", id="no unit"),
    ],
)
def test_what_cannot_be_understood_is_refused(project, words, message):
    said = project.doit("bug", *words)
    assert said.code == 3
    assert message in said.err
    assert "Traceback" not in said.err


@pytest.mark.parametrize(
    "typed, unit, text",
    [
        pytest.param(["x", "is wrong"], "x", "is wrong", id="quoted"),
        pytest.param(["x", "is", "wrong"], "x", "is wrong", id="loose"),
        pytest.param(["x", "f(1)=2 is wrong"], "x", "f(1)=2 is wrong", id="equals"),
        pytest.param(["x", "f(1)=2", "f(2)=3"], "x", "f(1)=2 f(2)=3", id="both"),
        pytest.param(["x", "a=1 is wrong"], "x", "a=1 is wrong", id="like a name"),
        pytest.param(["x", "wrong", "budget=2"], "x", "wrong", id="setting"),
        pytest.param(
            ["x", "wrong", "command=tools/ask -q"], "x", "wrong", id="setting of words"
        ),
    ],
)
def test_words_are_put_together_as_they_were_typed(typed, unit, text):
    variables = dict(word.split("=", 1) for word in typed if "=" in word)
    words = [word for word in typed if "=" not in word]
    assert described(words, variables, typed) == (unit, text)


def test_a_description_without_a_unit_is_none():
    with pytest.raises(ConfigError, match="say which unit"):
        described([], {"f(1)": "2 is wrong"}, ["f(1)=2 is wrong"])


def test_what_is_no_text_is_replaced():
    assert described(["x", "a\udcffb"], {}, []) == ("x", "a?b")


@pytest.mark.slow
def test_an_interrupt_ends_with_130_and_without_a_traceback(project):
    arrived = threading.Event()
    with ModelServer([Hang()], received=lambda _: arrived.set()) as server:
        words = live(server, "calculator", SAID)
        command = subprocess.Popen(
            [sys.executable, "-m", "doit", "bug", *words],
            cwd=project.root,
            env=clean_environment() | {"OPENAI_API_KEY": "sk-unused"},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert arrived.wait(120)
        command.send_signal(signal.SIGINT)
        _, said = command.communicate(timeout=60)
    assert command.returncode == 130
    assert said.endswith("interrupted: nothing was added that is not whole\n")
    assert "Traceback" not in said
