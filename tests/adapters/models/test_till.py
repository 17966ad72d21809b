"""Where a unit's model pays, with a real ledger of all runs."""

import sqlite3
from contextlib import closing

import pytest

from pdd_tasks.adapters.models.call_gate import CallGate
from pdd_tasks.adapters.models.purse import SharedPurse
from pdd_tasks.adapters.models.till import Terms, Till
from pdd_tasks.adapters.shared_ledger import SharedLedger
from pdd_tasks.adapters.state_db import StateDatabase
from pdd_tasks.core.model.ceiling import Ceiling
from pdd_tasks.core.model.ledger import Ledger
from pdd_tasks.core.model.rate import Rate
from pdd_tasks.core.model.spending import Bill, Charge
from pdd_tasks.errors import BudgetError


CHARGE = Charge(kind="generate", model="e m", worst=60, tokens=10, characters=5)


class Counter:
    """A till with a purse of 100, and what was said and waited for at it."""

    def __init__(self, root, pause=None, **terms):
        database = StateDatabase(root, lambda _: 0, lambda _: None)
        shared = SharedLedger(
            lambda: database,
            run="run",
            now=lambda: "2026-01-31T10:00:00Z",
            seconds=lambda: 1_000.0,
        )
        self.purse = SharedPurse(Ledger(budget=100))
        self.said: list[str] = []
        self.pauses: list[float] = []
        self.till = Till(
            Terms(unit="a_python", **terms),
            self.purse,
            shared,
            CallGate(),
            tell=self.said.append,
            pause=pause or self.pauses.append,
        )


def rows(root):
    """Return what is on record."""
    query = "SELECT unit, kind, status, worst, cost, characters FROM charge"
    with closing(sqlite3.connect(root / ".pdd/state.db")) as connection:
        return connection.execute(query).fetchall()


def test_what_is_paid_is_settled_with_the_run_and_with_the_project(tmp_path):
    counter = Counter(tmp_path)
    with counter.till.paid(CHARGE) as passage:
        assert counter.purse.ledger().reserved == 60
        assert rows(tmp_path) == [("a_python", "generate", "reserved", 60, None, 5)]
        passage.bill = Bill(cost=25, tokens_in=3, tokens_out=4)
    assert counter.purse.ledger().spent == 25
    assert rows(tmp_path) == [("a_python", "generate", "settled", 60, 25, 5)]
    assert counter.said == []


def test_a_call_that_breaks_off_counts_at_its_worst_case(tmp_path):
    counter = Counter(tmp_path)
    with pytest.raises(ZeroDivisionError), counter.till.paid(CHARGE):
        _ = 1 / 0
    assert (counter.purse.ledger().spent, counter.purse.ledger().reserved) == (60, 0)
    assert rows(tmp_path) == [("a_python", "generate", "settled", 60, None, 5)]


def test_what_the_project_refuses_costs_the_run_nothing(tmp_path):
    counter = Counter(tmp_path, ceiling=Ceiling(day=59))
    with (
        pytest.raises(BudgetError, match="ceiling of a day"),
        counter.till.paid(CHARGE),
    ):
        raise AssertionError
    assert (counter.purse.ledger().calls, counter.purse.ledger().reserved) == (0, 0)


def test_a_call_waits_for_its_turn_and_says_so(tmp_path):
    counter = Counter(tmp_path, rate=Rate(calls=1))
    for _ in range(2):
        with counter.till.paid(Charge(model="e m", worst=1)) as passage:
            passage.bill = Bill(cost=1)
    assert counter.pauses == [0.0, 60.0]
    assert counter.said == ["a_python: waits 60 s for its turn to call the model"]


def test_a_wait_that_is_cut_off_costs_nothing(tmp_path):
    def interrupted(_):
        raise KeyboardInterrupt

    counter = Counter(tmp_path, pause=interrupted)
    with pytest.raises(KeyboardInterrupt), counter.till.paid(CHARGE):
        raise AssertionError
    assert (counter.purse.ledger().spent, counter.purse.ledger().reserved) == (0, 0)
    assert rows(tmp_path) == [("a_python", "generate", "settled", 60, 0, 5)]


def test_without_a_ledger_of_all_runs_the_run_s_own_budget_holds(tmp_path):
    (tmp_path / ".pdd/state.db").mkdir(parents=True)
    counter = Counter(tmp_path)
    with counter.till.paid(CHARGE) as passage:
        passage.bill = Bill(cost=25)
    assert counter.purse.ledger().spent == 25
    assert len(counter.said) == 1
    assert "spending is not on record" in counter.said[0]


@pytest.mark.parametrize(
    "ceiling",
    [
        pytest.param(Ceiling(run=1_000), id="run"),
        pytest.param(Ceiling(unit=1_000), id="unit"),
        pytest.param(Ceiling(step=1_000), id="step"),
        pytest.param(Ceiling(day=1_000), id="day"),
        pytest.param(Ceiling(project=1_000), id="project"),
    ],
)
def test_without_a_ledger_of_all_runs_no_ceiling_is_risked(tmp_path, ceiling):
    (tmp_path / ".pdd/state.db").mkdir(parents=True)
    counter = Counter(tmp_path, ceiling=ceiling)
    with (
        pytest.raises(BudgetError, match="cannot be counted"),
        counter.till.paid(CHARGE),
    ):
        raise AssertionError
    assert counter.purse.ledger().calls == 0
