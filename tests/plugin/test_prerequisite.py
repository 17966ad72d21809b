"""A step that is asked for alone runs what it needs, and says so."""

import pytest
from surface import steps


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
