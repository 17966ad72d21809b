"""Prompt and code both changed: merged, or kept until a person chooses."""

import json
import shutil

import pytest
from calculator_texts import CODE, PROMPT, fenced, judged
from model_server import ModelServer
from project import Project
from surface import git, kinds, live, server_of, steps, unchanged, unit_project


CALCULATOR, PROMPTS = "src/calculator.py", "prompts/calculator_python.prompt"
LATER = PROMPT.replace("their difference", "the difference of the two")
THEIRS = CODE.replace("return a - b", "return -(b - a)")
SUMMED = CODE.replace("return a + b", "return sum((a, b))")
MINE = CODE.replace("return a + b", "return b + a")
STATE = (".pdd/",)


def server(code: str) -> ModelServer:
    return server_of(generate=fenced(code), verify=judged(LATER))


@pytest.fixture(scope="module")
def first(tmp_path_factory) -> Project:
    """Return a unit in sync."""
    project = unit_project(tmp_path_factory.mktemp("both"), "calculator")
    with server_of() as model:
        said = project.doit(*live(model, "sync"))
    assert said.code == 0, said.text
    return project


@pytest.fixture
def edited(first, tmp_path) -> Project:
    """Return a unit in sync whose prompt and code were both changed since."""
    shutil.copytree(first.root, tmp_path / "project")
    project = Project(tmp_path / "project")
    project.write(CALCULATOR, MINE)
    project.write(PROMPTS, LATER)
    return project


def test_changes_of_different_functions_are_merged_and_nothing_is_asked(edited):
    with server(THEIRS) as model:
        said = edited.doit(*live(model, "sync:calculator"))
        again = edited.doit(*live(model, "sync:calculator"))

    assert said.code == 0, said.text
    assert kinds(model) == ["generate", "verify"]
    assert "return b + a" in edited.read(CALCULATOR)
    assert "return -(b - a)" in edited.read(CALCULATOR)
    assert "merged your edit of src/calculator.py" in said.out
    assert "2 passed" in said.out
    assert again.out == "sync: 1 unit in sync; nothing to do\n"


def test_changes_of_the_same_line_wait_with_exit_code_4_and_cost_once(edited):
    before = edited.contents()
    with server(SUMMED) as model:
        said = edited.doit(*live(model, "sync:calculator"))
        again = edited.doit(*live(model, "sync:calculator"))

    assert (said.code, again.code) == (4, 4), said.text
    assert "do not merge; yours is kept" in said.out
    assert "`doit merge calculator_python`" in said.out
    assert kinds(model) == ["generate"]
    assert unchanged(before, edited.contents(), but=STATE)
    assert edited.pending()[0] == ("generate", "stop")


@pytest.mark.parametrize(
    "choice, expected, asked",
    [
        pytest.param("--mine", MINE, ["verify"], id="mine", marks=pytest.mark.slow),
        pytest.param(
            "--generated",
            SUMMED,
            ["verify", "test"],
            id="generated",
            marks=pytest.mark.slow,
        ),
    ],
)
def test_after_a_choice_the_unit_is_in_sync(edited, choice, expected, asked):
    with server(SUMMED) as model:
        edited.doit(*live(model, "sync:calculator"))
        chosen = edited.doit("merge", choice, "calculator_python")
        said = edited.doit(*live(model, "sync:calculator"))

    assert chosen.code == 0, chosen.text
    assert edited.read(CALCULATOR) == expected
    assert said.code == 0, said.text
    assert kinds(model)[1:] == asked
    assert edited.doit().out == "sync: 1 unit in sync; nothing to do\n"


@pytest.mark.slow
def test_what_was_merged_is_undone_by_one_command(edited):
    git(edited, "init", "-q")
    with server(THEIRS) as model:
        edited.doit(*live(model, "sync:calculator"))
        undone = edited.doit("undo", "calculator_python", "--last")

    assert undone.code == 0, undone.text
    assert edited.read(CALCULATOR) == MINE


@pytest.mark.slow
def test_many_changed_definitions_are_merged_on_advice_that_is_recorded(edited):
    advice = {"advice": "merge", "because": "they are apart", "confidence": 0.95}
    edited.write(CALCULATOR, MINE + "\n\ndef mine(a):\n    return a\n")
    wider = THEIRS.replace(
        "\n\n\ndef add", "\n\n\ndef neg(a):\n    return -a\n\n\ndef add"
    )
    replies = {"generate": fenced(wider), "verify": judged(LATER)}
    with server_of(**replies, analysis=json.dumps(advice)) as model:
        step = "sync:calculator_python:generate"
        said = edited.doit(*live(model, step, "merge_threshold=1"))

    assert said.code == 0, said.text
    assert kinds(model) == ["generate", "analysis"]
    assert {"def mine", "def neg"} <= {
        line.partition("(")[0] for line in edited.read(CALCULATOR).splitlines()
    }
    (entry,) = (edited.root / ".pdd/cache/analysis").glob("*.json")
    assert "they are apart" in entry.read_text()
    assert steps(said)[0] == "auto-deps"
