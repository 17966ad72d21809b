"""Limits as a person meets them: real runs against a model on this machine."""

import json

import pytest
from surface import kinds, server_of, through_litellm, unit_project


def project_of(folder, *units, **settings):
    """Return a project in which a call may cost $0.0006, and costs $0.0005."""
    defaults = {
        "prices": {"openai/test": {"input": 0, "output": 10}},
        "max_tokens": 60,
        **settings,
    }
    project = unit_project(folder, *units)
    write(project, defaults)
    return project


def write(project, defaults):
    """Write settings."""
    pddrc = {"version": "1.0", "contexts": {"default": {"defaults": defaults}}}
    project.write(".pddrc", json.dumps(pddrc))


def sync(project, server, *words):
    """Sync everything live."""
    return project.doit(*through_litellm(server, *words), OPENAI_API_KEY="k")


@pytest.mark.slow
def test_what_is_exhausted_stops_and_goes_on_later_without_paying_twice(tmp_path):
    project = project_of(tmp_path, "calculator", ceiling={"day": 0.0016})
    with server_of() as server:
        first = sync(project, server, "sync:calculator", "budget=0.0012")
        after_first = kinds(server)
        second = sync(project, server, "sync:calculator")
        after_second = kinds(server)
        (project.root / ".pddrc").write_text("")
        third = sync(project, server, "sync:calculator")

        assert first.code == 5, first.text
        assert "calculator_python verify NOT RUN: budget" in first.out
        assert "run the same command again, which has a new budget" in first.out
        assert "to go on: doit sync:calculator" in first.out
        assert after_first == ["generate", "example"]
        assert second.code == 5, second.text
        assert "ceiling of a day allows (.pddrc" in second.out
        assert "tomorrow" in second.out
        assert after_second == ["generate", "example", "verify"]
        assert third.code == 0, third.text
        assert kinds(server) == ["generate", "example", "verify", "test"]


def test_a_budget_that_holds_no_call_asks_nobody(tmp_path):
    project = project_of(tmp_path, "calculator")
    with server_of() as server:
        said = sync(project, server, "sync:calculator", "budget=0.0005")
        assert said.code == 5, said.text
        assert kinds(server) == []
    assert "the next call may cost $0.0006" in said.out
    assert "raise the budget: budget=0.01" in said.out
    assert said.out.splitlines()[-2].endswith(" budget=0.01")
    assert said.out.splitlines()[-2].startswith("to go on: doit sync:calculator ")


def test_a_flag_cannot_raise_a_ceiling(tmp_path):
    project = project_of(tmp_path, "calculator", ceiling={"run": 1})
    higher = project.doit("pending", "budget=2")
    assert project.doit("pending", "budget=0.5").code == 0
    assert higher.code == 3, higher.text
    assert "above the ceiling of a run, $1.0000, which is set in .pddrc" in higher.text


@pytest.mark.parametrize(
    "ceiling, problem",
    [
        pytest.param({"week": 1}, "unknown key 'ceiling.week'", id="no-such-scope"),
        pytest.param(
            {"day": -1}, "ceiling.day is -1, expected an amount", id="negative"
        ),
        pytest.param([1], "ceiling is a list, expected a mapping", id="no-mapping"),
    ],
)
def test_a_ceiling_of_another_form_is_refused_with_its_place(
    tmp_path, ceiling, problem
):
    project = project_of(tmp_path, "calculator", ceiling=ceiling)
    said = project.doit("pending")
    assert said.code == 3, said.text
    assert f".pddrc:1: {problem}" in said.text


def test_so_many_operations_begin_and_no_more(tmp_path):
    project = project_of(tmp_path, "calculator")
    with server_of() as server:
        said = sync(project, server, "sync:calculator", "max_operations=1")
        assert kinds(server) == []  # auto-deps was one
    assert said.code == 5, said.text
    assert "calculator_python generate NOT RUN: budget" in said.out
    assert "max_operations allows 1 in one run, and so many were begun" in said.out


def test_a_sync_above_the_amount_wants_a_yes_before_it_does_anything(tmp_path):
    project = project_of(tmp_path, "calculator", confirm_above=0.001)
    free = ("sync:calculator_python:auto-deps", "model=openai/test")

    refused = project.doit("sync:calculator", "model=openai/test")
    before = project.pending()
    agreed = project.doit(*free, "yes=1")

    assert refused.code == 3, refused.text
    assert "confirm_above is $0.0010" in refused.text
    assert "yes=1" in refused.text
    assert ("auto-deps", "inject dependencies") in before
    assert agreed.code == 0, agreed.text


def test_a_sync_below_the_amount_is_not_asked_about(tmp_path):
    project = project_of(tmp_path, "calculator", confirm_above=5)
    said = project.doit("sync:calculator_python:auto-deps", "model=openai/test")
    assert said.code == 0, said.text
