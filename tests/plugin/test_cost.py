"""``doit cost`` says what was really spent."""

import json
from functools import partial

import jsonschema
import pytest
from project import ROOT
from surface import unit_project

from pdd_tasks.adapters.shared_ledger import SharedLedger
from pdd_tasks.adapters.state_db import StateDatabase
from pdd_tasks.core.model.ceiling import Ceiling
from pdd_tasks.core.model.rate import Rate
from pdd_tasks.core.model.spending import Bill, Charge


SCHEMA = json.loads((ROOT / "docs/schemas/cost.schema.json").read_text("utf-8"))
OPEN = None
SPENT = (  # when, unit, kind, model, cost
    ("2026-01-01T10:00:00Z", "calculator_python", "generate", "e/large", 30_000),
    ("2026-01-01T11:00:00Z", "calculator_python", "test", "e/small", 2_000),
    ("2026-01-02T10:00:00Z", "widget_python", "generate", "e/small", 5_000),
    ("2026-01-02T11:00:00Z", "gone_python", "verify", "e/small", OPEN),
)


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """Return a project of two units whose runs paid for four requests."""
    project = unit_project(tmp_path_factory.mktemp("cost"), "calculator", "widget")
    database = StateDatabase(project.root, lambda _: 0, lambda _: None)
    for at, unit, kind, model, cost in SPENT:
        ledger = SharedLedger(
            lambda: database, run="r", now=partial(str, at), seconds=lambda: 1.0
        )
        charge = Charge(unit=unit, kind=kind, model=model, worst=40_000)
        slot = ledger.reserve(charge, Ceiling(), Rate())
        if cost is not OPEN:
            ledger.settle(slot.number, Bill(cost=cost, tokens_in=1_000, tokens_out=10))
    return project


def told(project, *words):
    before = project.files()
    said = project.doit("cost", "--json", *words)
    assert said.code == 0, said.text
    assert project.files() == before
    found = json.loads(said.out)
    jsonschema.validate(found, SCHEMA)
    assert sum(row["spent"] for row in found["rows"]) == found["total"]["spent"]
    return {row["name"]: (row["spent"], row["estimated"]) for row in found["rows"]}


@pytest.mark.parametrize(
    "by, rows",
    [
        (
            "unit",
            {
                "gone_python": (0, 40_000),
                "calculator_python": (32_000, 0),
                "widget_python": (5_000, 0),
            },
        ),
        (
            "step",
            {"generate": (35_000, 0), "verify": (0, 40_000), "test": (2_000, 0)},
        ),
        ("model", {"e/small": (7_000, 40_000), "e/large": (30_000, 0)}),
        ("day", {"2026-01-01": (32_000, 0), "2026-01-02": (5_000, 40_000)}),
    ],
)
def test_what_was_spent_is_counted(project, by, rows):
    found = told(project, "--by", by)
    assert found == rows
    assert list(found) == list(rows)


@pytest.mark.parametrize(
    "words, names",
    [
        pytest.param(("calculator",), ["calculator_python"], id="unit"),
        pytest.param(("w*",), ["widget_python"], id="pattern"),
        pytest.param(
            ("--since=2026-01-02",), ["gone_python", "widget_python"], id="since"
        ),
        pytest.param(("--since=2h",), [], id="lately"),
    ],
)
def test_only_what_is_asked_for_is_counted(project, words, names):
    assert list(told(project, *words)) == names


def test_people_get_a_table_with_a_total(project):
    shown = project.doit("cost").out.splitlines()
    assert shown[0].split() == [
        *("unit", "requests", "tokens", "in", "tokens", "out", "spent", "estimated"),
    ]
    assert shown[1].split() == ["gone_python", "1", "0", "0", "$0.0000", "$0.0400"]
    assert shown[4].split() == ["total", "4", "3,000", "30", "$0.0370", "$0.0400"]
    assert shown[5].startswith("estimated: ")
    assert all(len(line) <= 80 for line in shown)


def test_where_nothing_is_on_record_that_is_said(tmp_path):
    project = unit_project(tmp_path, "calculator")
    assert project.doit("cost").out.startswith("nothing is on record")
    assert told(project) == {}
    assert not (project.root / ".pdd").exists()


@pytest.mark.parametrize(
    "words, said",
    [
        pytest.param(("--by=mdel",), "write --by=model", id="by"),
        pytest.param(("--since=soon",), "write --since=2h", id="since"),
        pytest.param(("calculater",), "the nearest are calculator", id="unit"),
    ],
)
def test_what_cannot_be_meant_is_refused(project, words, said):
    found = project.doit("cost", *words)
    assert found.code == 3
    assert said in found.err
    assert "Traceback" not in found.err


def test_a_broken_record_is_said(tmp_path):
    project = unit_project(tmp_path, "calculator")
    project.write(".pdd/state.db", "no database\n" * 500)
    found = project.doit("cost")
    assert found.code == 3
    assert "state.db cannot be read" in found.err
    assert "Traceback" not in found.err
