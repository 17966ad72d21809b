"""Settings of one run, given as doit variables, and what they allow."""

import shutil

import pytest
from calculator_texts import fenced
from surface import kinds, live, server_of, through_litellm, unchanged, unit_project


STATE = (".pdd/",)
CODE = "src/calculator.py"
PROMPT = "prompts/calculator_python.prompt"
DEAR = """\
version: "1.0"
contexts:
  default:
    defaults:
      prices:
        openai/test: {input: 1000, output: 1000}
"""


@pytest.mark.parametrize(
    "pddrc, words, message, hint",
    [
        pytest.param(
            DEAR,
            ["budget=0"],
            "budget",
            "raise the budget: ",
            id="no budget",
            marks=pytest.mark.slow,
        ),
        pytest.param(
            DEAR, ["budget=0.01"], "budget", "raise the budget: ", id="too small"
        ),
        pytest.param("", [], "unknown", "max_calls=20", id="price unknown"),
        pytest.param(
            DEAR,
            ["max_calls=0"],
            "calls",
            "max_calls=20",
            id="no calls",
            marks=pytest.mark.slow,
        ),
    ],
)
def test_what_the_budget_does_not_allow_is_not_asked(
    tmp_path, pddrc, words, message, hint
):
    project = unit_project(tmp_path, "calculator")
    project.write(".pddrc", pddrc)
    before = project.contents()

    with server_of() as server:
        asked = through_litellm(server, "sync:calculator")[:-1]
        said = project.doit(*asked, *words, OPENAI_API_KEY="sk-x")

    assert said.code == 5, said.text
    assert server.requests == []
    assert message in said.out
    assert hint in said.out
    lift = said.out.splitlines()[-2].split()[-1]  # of the command that goes on
    assert lift.partition("=")[0] in {"budget", "max_calls"}
    assert lift not in words
    assert unchanged(before, project.contents(), but=STATE)


def test_a_missing_key_is_told_before_anything_is_sent(tmp_path):
    project = unit_project(tmp_path, "calculator")
    before = project.contents()

    said = project.doit("sync:calculator", "model=openai/gpt-x", "max_calls=5")

    assert said.code == 3, said.text
    assert "OPENAI_API_KEY" in said.out
    assert unchanged(before, project.contents(), but=STATE)


def test_no_model_at_all_is_told_with_what_to_write(tmp_path):
    project = unit_project(tmp_path, "calculator")

    said = project.doit("sync:calculator")

    assert said.code == 3, said.text
    assert "model=provider/name" in said.out


def test_force_replaces_adopted_code_after_a_copy(synced):
    shutil.rmtree(synced.root / ".pdd/meta")
    old = synced.read(CODE)
    assert synced.doit().code == 0
    synced.write(PROMPT, synced.read(PROMPT) + "- It keeps a name.\n")
    new = f"{old}\n_UNUSED = 1\n"
    with server_of(generate=fenced(new)) as server:
        words = live(server, "sync:calculator_python:generate")

        refused = synced.doit(*words)
        kept, asked = synced.read(CODE), list(server.requests)
        forced = synced.doit(*words, "force=1")

    assert (refused.code, kept, asked) == (4, old, []), refused.text
    assert "force=1" in refused.out
    assert forced.code == 0, forced.text
    assert kinds(server) == ["generate"]
    assert synced.read(CODE) == new
    assert "a copy of the code is in" in forced.out
    copies = [name for name in synced.contents() if "safety" in name]
    assert [synced.read(name) for name in copies if name.endswith(".py")] == [old]


def test_force_does_not_overwrite_an_edit_where_nothing_can_be_generated(synced):
    edited = synced.read(CODE) + "\n_UNUSED = 1\n"
    synced.write(CODE, edited)
    synced.write(PROMPT, synced.read(PROMPT) + "- It keeps a name.\n")

    said = synced.doit("sync:calculator", "force=1")

    assert said.code == 1, said.text
    assert "nothing is recorded for this generate request" in said.out
    assert synced.read(CODE) == edited


def test_a_setting_of_the_environment_yields_to_the_file(synced):
    said = synced.doit("pending", "--exit-code", PDD_TARGET_COVERAGE="50")

    assert said.code == 0, said.text
