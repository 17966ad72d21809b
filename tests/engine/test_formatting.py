"""What the steps do with a project's formatter."""

import re

import pytest
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
    named,
    usual,
)
from memory_project import Project, synced

from pdd_tasks.core.model.artifact import Digest
from pdd_tasks.core.model.step import Operation, Step
from pdd_tasks.errors import ConfigError, FormatError


MARK = "# formatted\n"


def marked(text: str) -> str:
    """Return a text under a comment that says it was formatted."""
    return MARK + text.removeprefix(MARK)


def raising(because: str):
    """Return a formatter that fails."""

    def fail(_: str) -> str:
        raise FormatError(because)

    return fail


def new_project() -> Project:
    """Return a project of which only the prompt stands."""
    return Project({P: PROMPT}, usual())


def test_all_that_is_generated_is_formatted_before_it_is_recorded():
    project = new_project()
    project.formatter.format = marked
    project.sync()
    assert project.read(C) == MARK + CODE
    assert project.read(E) == MARK + EXAMPLE
    assert project.read(T) == MARK + TESTS
    assert [str(path) for path in project.formatter.paths] == [C, E, T]


def test_what_is_recorded_is_what_was_published():
    project = new_project()
    project.formatter.format = marked
    project.sync()
    for step, path in ((Step.GENERATE, C), (Step.EXAMPLE, E), (Step.TEST, T)):
        now = Digest.of(project.read(path).encode())
        assert project.trace.steps[step].outputs[path] == now
        assert project.baselines.find(now.raw, project.unit.code[0]) is not None
    assert project.sync() == []


def test_a_repair_is_formatted_too():
    wrong = fenced(CODE.replace("a - b", "a + b"))
    project = Project({P: PROMPT}, {**usual(), "generate": [wrong]})
    broken = EXAMPLE + "assert sub(3, 1) == 2\n"
    project.reply("example", fenced(broken))
    project.reply("crash", named(C, CODE))
    project.formatter.format = marked
    project.sync()
    assert project.asked[:3] == ["generate", "example", "crash"]
    assert project.read(C) == MARK + CODE


@pytest.mark.parametrize(
    "change, because",
    [
        pytest.param(raising("it is out of ink"), "it is out of ink", id="fails"),
        pytest.param(lambda _: "def add(:", "broke it: line 1: ", id="no-code"),
        pytest.param(
            lambda text: re.sub(r"a \+ b|1, 2|3, 1", "0, 0", text),
            "changed what it does",
            id="other-code",
        ),
    ],
)
def test_what_a_formatter_spoils_is_used_as_it_was_and_said(change, because):
    project = new_project()
    project.formatter.format = change
    project.sync()
    assert project.read(C) == CODE
    assert project.read(E) == EXAMPLE
    assert project.read(T) == TESTS
    (said,) = [line for line in project.said if f": {C} " in line]
    assert said.startswith(f"calculator_python: {C} stays as it was generated: ")
    assert because in said


def test_a_formatter_that_is_absent_is_told_before_anything_is_asked():
    project = new_project()
    project.formatter.absent = True
    with pytest.raises(ConfigError):
        project.perform(Step.GENERATE)
    assert project.asked == []
    assert project.due()[Step.GENERATE] is Operation.GENERATE


def test_only_new_tests_are_formatted_where_older_ones_stand_unformatted():
    project = synced()
    old = TESTS.replace("assert add(1, 2) == 3", "assert add( 1,2 )==3")
    more = (
        "from calculator import add\n\n\ndef test_more():\n    assert add( 2,2 )==4\n"
    )
    project.write(T, old)
    project.sync()
    project.forget(Step.TEST)
    project.set(target_coverage=100)
    project.reply("test", fenced(more))
    project.formatter.format = lambda text: text.replace("( ", "(").replace(
        ",2 )==", ", 2) == "
    )
    project.perform(Step.TEST)
    assert project.read(T).startswith(old)
    assert project.read(T).endswith("def test_more():\n    assert add(2, 2) == 4\n")


def test_the_whole_file_is_formatted_where_that_leaves_older_lines_alone():
    project = synced()
    more = (
        "from calculator import add\n\n\ndef test_more():\n    assert add(2, 2) == 4\n"
    )
    project.forget(Step.TEST)
    project.reply("test", fenced(more))
    project.formatter.format = lambda text: text.replace(
        "\n\n\ndef test_more", "\n\n\n# :)\ndef test_more"
    )
    project.perform(Step.TEST)
    assert (
        project.read(T)
        == TESTS + "\n\n# :)\ndef test_more():\n    assert add(2, 2) == 4\n"
    )
