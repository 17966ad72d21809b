"""What doit pending says that a sync will cost, and what it then costs."""

import json
import sqlite3
from contextlib import closing
from dataclasses import replace

import pytest
from surface import server_of, through_litellm, unit_project

from pdd_tasks.adapters.spending_log import Spending
from pdd_tasks.plugin.estimate import Estimate


PRICED = """\
version: "1.0"
contexts:
  default:
    defaults:
      prices:
        openai/test: {input: 2.00, output: 10.00}
"""
MODEL = "model=openai/test"


def priced(folder, *units):
    """Return a project whose model has a price."""
    project = unit_project(folder, *units)
    project.write(".pddrc", PRICED)
    return project


def cost(project, *words):
    """Return what doit pending says that all will cost, and each unit."""
    found = json.loads(project.doit("pending", "--json", *words).out)
    return found["cost"], {unit["unit"]: unit["cost"] for unit in found["units"]}


def test_what_is_pending_has_a_price_and_looking_writes_nothing(tmp_path):
    project = priced(tmp_path, "calculator", "other")
    before = project.files()

    total, units = cost(project, MODEL)
    said = project.doit("pending", MODEL)

    assert 0 < total["p50"] < total["p90"] <= 3 * total["p50"]
    assert units.keys() == {"calculator_python", "other_python"}
    assert all(0 < one["p50"] < total["p50"] for one in units.values())
    assert "this will cost about $0." in said.out
    assert "hardly more than" in said.out
    assert project.files() == before


def test_a_model_without_a_price_is_named(tmp_path):
    project = unit_project(tmp_path, "calculator")
    total, units = cost(project, MODEL)
    assert total["p50"] is total["p90"] is None
    assert total["unpriced"] == ["openai/test"]
    assert units["calculator_python"]["p50"] is None
    assert "no price is known for openai/test" in project.doit("pending", MODEL).out


def test_a_program_without_a_price_is_named(tmp_path):
    project = unit_project(tmp_path, "calculator")
    asked = ("provider=command", "agent=claude")
    assert "no price is known for claude" in project.doit("pending", *asked).out
    project.write(".pddrc", PRICED.replace("openai/test", "claude"))
    assert "this will cost about $0." in project.doit("pending", *asked).out


def test_what_a_program_took_without_a_word_is_counted_as_unknown(tmp_path):
    project = unit_project(tmp_path, "calculator")
    words = ("provider=command", "command=cat", "max_calls=1")
    project.doit("sync:calculator_python:generate", *words)  # an echo is no code
    total, _ = cost(project, *words)
    assert total["today"]["unknown"] == 1
    said = project.doit("pending", *words).out
    assert "spent today: $0.0000, and 1 call of unknown cost" in said


def test_of_what_was_spent_it_is_said_how_much_is_an_estimate():
    spent = Spending(settled=1_000, estimated=20_000, orphaned=300_000, reserved=1)
    found = Estimate(units={}, total=None, requests=0, unpriced=(), today=spent)
    [line] = found.lines
    assert line.split(", ") == [
        "spent today: $0.3210",
        "$0.0200 of it calls that told no cost",
        "$0.3000 of it what killed runs may have cost",
        "$0.0000 of it calls in flight",
    ]
    unknown = replace(found, today=Spending(settled=1_000, unknown=2))
    assert unknown.lines == ("spent today: $0.0010, and 2 calls of unknown cost",)
    known = replace(found, today=Spending(settled=1_000))
    assert known.lines == ("spent today: $0.0010",)


def test_a_model_of_the_common_table_needs_no_price_of_ours(tmp_path):
    project = unit_project(tmp_path, "calculator")
    total, _ = cost(project, "model=openai/gpt-5.4-mini")
    assert total["p50"] > 0


@pytest.mark.parametrize(
    "words",
    [
        pytest.param(("replies=replay", MODEL), id="recorded-replies-only"),
        pytest.param((), id="no-model"),
    ],
)
def test_what_costs_nothing_or_asks_nobody_says_nothing_of_money(tmp_path, words):
    project = priced(tmp_path, "calculator")
    assert "cost" not in project.doit("pending", *words).out


@pytest.mark.slow
def test_a_sync_stays_below_and_teaches_the_next_prediction(tmp_path):
    project = priced(tmp_path, "calculator")
    before, _ = cost(project, MODEL)
    with server_of() as server:
        words = through_litellm(server, "sync:calculator")
        assert project.doit(*words, OPENAI_API_KEY="k").code == 0
        asked = len(server.requests)
    assert cost(project, MODEL)[0] is None

    project.write("prompts/other_python.prompt", "Write an adder.\n")
    after, _ = cost(project, MODEL)

    assert after["requests"] == asked == 4
    assert after["p90"] < before["p90"]


def test_a_recorded_first_reply_makes_a_unit_cheaper(tmp_path):
    project = priced(tmp_path / "a", "calculator")
    with server_of() as server:
        words = through_litellm(server, "sync:calculator_python:generate")
        assert project.doit(*words, OPENAI_API_KEY="k").code == 0
    again = priced(tmp_path / "b", "calculator")
    dear, before = cost(again, MODEL)
    for path, data in project.contents().items():
        if path.startswith(".pdd/cache/"):
            again.write(path, data.decode())

    cheap, after = cost(again, MODEL)
    fresh, _ = cost(again, MODEL, "replies=refresh")

    assert before["calculator_python"]["recorded"] == 0
    assert after["calculator_python"]["recorded"] == 1
    assert cheap["p50"] < dear["p50"] == fresh["p50"]


def test_what_was_spent_today_is_shown_with_what_killed_runs_may_have_cost(tmp_path):
    project = priced(tmp_path, "calculator")
    with server_of() as server:
        words = through_litellm(server, "sync:calculator_python:generate")
        assert project.doit(*words, OPENAI_API_KEY="k").code == 0
    before = json.loads(project.doit("pending", "--json", MODEL).out)["cost"]["today"]
    with closing(sqlite3.connect(project.root / ".pdd/state.db")) as connection:
        connection.execute("UPDATE charge SET status = 'orphaned', cost = NULL")
        connection.commit()

    after = json.loads(project.doit("pending", "--json", MODEL).out)["cost"]["today"]

    none = dict.fromkeys(("estimated", "orphaned", "reserved", "unknown"), 0)
    assert before == {**none, "settled": 700}
    assert after["settled"] == 0
    assert after["orphaned"] > 100_000  # all of max_tokens
    said = project.doit("pending", MODEL).out
    assert "of it what killed runs may have cost" in said
