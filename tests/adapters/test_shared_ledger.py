"""What all runs spend, in a real database."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psutil
import pytest

from pdd_tasks.adapters.locks.owner import owner
from pdd_tasks.adapters.shared_ledger import ORPHANED, SharedLedger
from pdd_tasks.adapters.state_db import StateDatabase
from pdd_tasks.core.model.ceiling import Ceiling, Scope
from pdd_tasks.core.model.rate import Rate
from pdd_tasks.core.model.spending import Bill, Charge
from pdd_tasks.errors import BudgetError, StateError


PROGRAM = Path(__file__).with_name("spenders.py")
SPENDERS, KILLED, WORST = 32, 2, 1_000
CHARGE = Charge(unit="a_python", kind="generate", model="e m", worst=60, tokens=10)


class Time:
    """A time that a test sets."""

    def __init__(self) -> None:
        self.at, self.seconds = "2026-01-31T23:59:00Z", 1_000.0


def ledger_of(root, time=None, run="run 1"):
    """Return a ledger of a project, as one run sees it."""
    time = time or Time()
    database = StateDatabase(root, lambda _: 0, lambda _: None)
    return SharedLedger(
        lambda: database, run=run, now=lambda: time.at, seconds=lambda: time.seconds
    )


def rows(root, columns):
    """Return what is on record."""
    with closing(sqlite3.connect(root / ".pdd/state.db")) as connection:
        return connection.execute(f"SELECT {columns} FROM charge").fetchall()  # noqa: S608 - our own words


def ceiling_of(scope, limit):
    """Return a ceiling that only one scope has."""
    limits: dict[str, Any] = {str(scope): limit}
    return Ceiling(**limits)


def refused(ledger, charge, ceiling):
    """Return whose ceiling refused a charge; empty if none did."""
    try:
        ledger.reserve(charge, ceiling, Rate())
    except BudgetError as error:
        return error.scope
    return ""


def test_32_spenders_of_whom_two_are_killed_never_exceed_the_cap(tmp_path):
    cap = 200 * WORST
    done = subprocess.run(
        [sys.executable, PROGRAM, tmp_path, str(cap)],
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert said["codes"] == [-signal.SIGKILL] * KILLED + [0] * (SPENDERS - KILLED)
    assert max(said["samples"]) <= cap
    found = rows(tmp_path, "status, worst, cost")
    assert {status for status, _, _ in found} == {"settled", ORPHANED}
    assert [one for one in found if one[0] == ORPHANED] == [
        (ORPHANED, WORST, None)
    ] * KILLED
    spent = sum(worst if cost is None else cost for _, worst, cost in found)
    assert cap - WORST < spent <= cap


@pytest.mark.parametrize(
    "scope, same, other",
    [
        pytest.param(Scope.RUN, {}, {"run": "run 2"}, id="run"),
        pytest.param(Scope.UNIT, {"kind": "fix"}, {"unit": "b_python"}, id="unit"),
        pytest.param(Scope.STEP, {}, {"kind": "fix"}, id="step"),
        pytest.param(
            Scope.DAY, {"run": "run 2"}, {"at": "2026-02-01T00:00:00Z"}, id="day"
        ),
    ],
)
def test_each_scope_counts_what_belongs_to_it(tmp_path, scope, same, other):
    ceiling = ceiling_of(scope, 100)
    ledger_of(tmp_path).reserve(CHARGE, ceiling, Rate())

    def ask(unit=CHARGE.unit, kind=CHARGE.kind, run="run 1", at=""):
        time = Time()
        time.at = at or time.at
        charge = Charge(unit=unit, kind=kind, model="e m", worst=60)
        return refused(ledger_of(tmp_path, time, run), charge, ceiling)

    assert ask(**same) == scope
    assert ask(**other) == ""


def test_a_project_counts_everything(tmp_path):
    ledger_of(tmp_path).reserve(CHARGE, Ceiling(), Rate())
    time = Time()
    time.at = "2031-01-01T00:00:00Z"
    charge = Charge(unit="z_go", kind="fix", model="x", worst=60)
    other = ledger_of(tmp_path, time, "another")
    assert refused(other, charge, Ceiling(project=100)) == Scope.PROJECT


def test_the_narrowest_scope_that_refuses_is_named(tmp_path):
    ceiling = Ceiling(run=1, step=1, day=1)
    assert refused(ledger_of(tmp_path), CHARGE, ceiling) == Scope.STEP


@pytest.mark.parametrize(
    "bill, counted",
    [
        pytest.param(Bill(cost=25), 25, id="known"),
        pytest.param(Bill(cost=0), 0, id="free"),
        pytest.param(Bill(), 60, id="unknown-counts-as-the-worst-case"),
    ],
)
def test_settling_replaces_the_reservation(tmp_path, bill, counted):
    ledger = ledger_of(tmp_path)
    slot = ledger.reserve(CHARGE, Ceiling(), Rate())
    before = ledger.standings(CHARGE, Ceiling(day=100))[0]
    ledger.settle(slot.number, bill)
    after = ledger.standings(CHARGE, Ceiling(day=100))[0]
    assert (before.spent, before.reserved) == (0, 60)
    assert (after.spent, after.reserved, after.left) == (counted, 0, 100 - counted)


def test_a_refused_charge_leaves_nothing_behind(tmp_path):
    assert refused(ledger_of(tmp_path), CHARGE, Ceiling(day=59)) == Scope.DAY
    assert rows(tmp_path, "id") == []


def test_a_killed_run_s_reservation_counts_at_its_worst_case_and_is_told(tmp_path):
    ledger = ledger_of(tmp_path)
    ledger.reserve(CHARGE, Ceiling(), Rate())
    with closing(sqlite3.connect(tmp_path / ".pdd/state.db")) as connection:
        connection.execute("UPDATE charge SET started = '2001-01-01T00:00:00+00:00'")
        connection.commit()

    slot = ledger.reserve(CHARGE, Ceiling(day=120), Rate())

    assert slot.orphans == 1
    assert [row[0] for row in rows(tmp_path, "status")] == [ORPHANED, "reserved"]
    assert refused(ledger, Charge(worst=1), Ceiling(day=120)) == Scope.DAY


PARENT = psutil.Process(os.getppid())
BEGAN = datetime.fromtimestamp(PARENT.create_time(), UTC).isoformat()
LIVES = {"pid": PARENT.pid, "started": BEGAN}


@pytest.mark.parametrize(
    "change, gone",
    [
        pytest.param(LIVES, False, id="lives"),
        pytest.param(LIVES | {"boot": "-"}, True, id="before-a-restart"),
        pytest.param(
            LIVES | {"started": "2001-01-01T00:00:00+00:00"},
            True,
            id="its-number-is-new",
        ),
        pytest.param({"host": "-"}, False, id="on-another-machine"),
        pytest.param({"host": "-", "starts": -9e5}, True, id="there-long-ago"),
    ],
)
def test_whose_process_is_gone_is_told_by_its_machine_and_boot(tmp_path, change, gone):
    ledger = ledger_of(tmp_path)
    ledger.reserve(CHARGE, Ceiling(), Rate())
    columns = ", ".join(f"{column} = ?" for column in change)
    with closing(sqlite3.connect(tmp_path / ".pdd/state.db")) as connection:
        connection.execute(f"UPDATE charge SET {columns}", tuple(change.values()))  # noqa: S608 - our own words
        connection.commit()

    assert ledger.reserve(CHARGE, Ceiling(), Rate()).orphans == int(gone)


def test_our_own_reservations_are_never_orphans(tmp_path):
    ledger = ledger_of(tmp_path)
    ledger.reserve(CHARGE, Ceiling(), Rate())
    assert ledger.reserve(CHARGE, Ceiling(), Rate()).orphans == 0
    assert rows(tmp_path, "pid")[0][0] == owner().pid


def test_the_rate_of_a_model_holds_for_all_runs(tmp_path):
    time, rate = Time(), Rate(calls=1)
    first = ledger_of(tmp_path, time).reserve(CHARGE, Ceiling(), rate)
    second = ledger_of(tmp_path, time, "run 2").reserve(CHARGE, Ceiling(), rate)
    other = Charge(unit="a_python", kind="fix", model="another", worst=1)
    third = ledger_of(tmp_path, time).reserve(other, Ceiling(), rate)
    assert (first.wait_s, second.wait_s, third.wait_s) == (0.0, 60.0, 0.0)


def test_tokens_that_were_not_used_are_free_for_others(tmp_path):
    time, rate = Time(), Rate(tokens=15)
    ledger = ledger_of(tmp_path, time)
    slot = ledger.reserve(CHARGE, Ceiling(), rate)
    assert ledger.reserve(CHARGE, Ceiling(), rate).wait_s == 60.0
    ledger.settle(slot.number, Bill(cost=1, tokens_in=2, tokens_out=3))
    time.seconds += 61.0
    assert ledger.reserve(CHARGE, Ceiling(), Rate(tokens=30)).wait_s == 0.0


def test_a_clock_that_was_set_back_stops_nobody_for_long(tmp_path):
    time, rate = Time(), Rate(calls=1)
    ledger = ledger_of(tmp_path, time)
    ledger.settle(ledger.reserve(CHARGE, Ceiling(), rate).number, Bill(cost=1))
    time.seconds -= 3_600
    assert ledger.reserve(CHARGE, Ceiling(), rate).wait_s == 60.0


def test_a_database_that_cannot_be_written_is_an_error_with_a_way_out(tmp_path):
    (tmp_path / ".pdd").mkdir()
    (tmp_path / ".pdd/state.db").mkdir()
    with pytest.raises(StateError) as refusal:
        ledger_of(tmp_path).reserve(CHARGE, Ceiling(), Rate())
    assert "state.db" in refusal.value.message
    assert refusal.value.hint


def test_a_broken_database_is_made_anew_with_a_notice(tmp_path):
    (tmp_path / ".pdd").mkdir()
    (tmp_path / ".pdd/state.db").write_bytes(b"no database " * 100)
    said: list[str] = []
    database = StateDatabase(tmp_path, lambda _: 0, said.append)
    time = Time()
    ledger = SharedLedger(
        lambda: database, run="r", now=lambda: time.at, seconds=lambda: time.seconds
    )
    assert ledger.reserve(CHARGE, Ceiling(day=100), Rate()).number == 1
    assert "what was spent before is not counted" in said[0]
