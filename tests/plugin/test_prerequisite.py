"""A step that is asked for alone runs what it needs, and says so."""

import pytest
from surface import steps, unit_project


FIRST = (
    "sync:calculator_python:test needs auto-deps, generate, verify first: the prompt"
    " was not looked at as it stands; update, example, crash may follow"
)


@pytest.fixture
def edited(synced):
    prompt = "prompts/calculator_python.prompt"
    synced.write(prompt, synced.read(prompt) + "\nIt is quick.\n")
    return synced


def test_a_step_runs_what_it_needs_and_says_so_first(edited):
    said = edited.doit("sync:calculator_python:test")

    assert said.out.splitlines()[0] == FIRST
    assert steps(said)[:2] == ["auto-deps", "generate"]


def test_a_step_that_a_selector_names_says_the_same(edited):
    said = edited.doit("sync:calculator:test")

    assert said.out.splitlines()[0] == FIRST


def test_whole_units_are_in_sync_and_steps_of_them_are_done(synced):
    for word in ("sync:calculator_python:test", "sync:calculator:test"):
        assert "sync: 1 unit done as far as asked; " in synced.doit(word).out
    assert "sync: 1 unit in sync; " in synced.doit("sync:calculator").out


@pytest.mark.parametrize("word", ["sync:calculator:tset", "sync:calculator_python:x"])
def test_a_step_that_there_is_not_is_refused_with_those_that_there_are(edited, word):
    said = edited.doit(word)

    assert said.code == 3
    assert f"has no step '{word.rpartition(':')[2]}'" in said.err
    assert "generate, example, crash, verify, test, fix" in said.err
    assert ("write sync:calculator:test" in said.err) is word.endswith("tset")


def test_pending_says_the_same_of_a_step(edited):
    said = edited.doit("pending", "sync:calculator_python:test")

    assert FIRST in said.out.splitlines()


def test_pending_of_a_step_leaves_out_what_comes_later(edited):
    said = edited.doit("pending", "calculator_python:update")

    assert "auto-deps: " in said.out
    assert "generate" not in said.out


def test_a_step_whose_needs_are_met_says_nothing(synced):
    synced.doit("forget", "sync:calculator_python:verify")

    said = synced.doit("sync:calculator_python:verify")

    assert steps(said) == ["verify"]
    assert "needs" not in said.out


def test_of_many_steps_only_the_first_few_say_what_they_need(tmp_path):
    project = unit_project(tmp_path, *"abcdefg")
    (tmp_path / "prompts/g_python.prompt").write_text(" ", encoding="utf-8")

    said = project.doit("sync:*:test", "replies=replay")

    lines = [line for line in said.out.splitlines() if " needs " in line]
    assert len(lines) == 5
    assert "and 1 more need other steps first: `doit pending` says which" in said.out
