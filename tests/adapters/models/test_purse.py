from concurrent.futures import ThreadPoolExecutor

import pytest

from pdd_tasks.adapters.models.purse import SharedPurse
from pdd_tasks.core.model.ledger import Ledger
from pdd_tasks.engine.ports import Purse
from pdd_tasks.errors import BudgetError


def test_it_is_the_purse_that_the_engine_asks_for():
    purse: Purse = SharedPurse(Ledger(budget=100))
    purse.reserve(60)
    purse.settle(60, 25)
    assert purse.ledger() == Ledger(budget=100, spent=25, calls=1)


def test_a_refusal_leaves_the_ledger_as_it_was():
    purse = SharedPurse(Ledger(budget=100))
    with pytest.raises(BudgetError):
        purse.reserve(101)
    assert purse.ledger() == Ledger(budget=100)


def test_many_threads_together_never_spend_more_than_the_budget():
    purse = SharedPurse(Ledger(budget=1_000))

    def spend(_):
        try:
            purse.reserve(7)
        except BudgetError:
            return 0
        purse.settle(7, 5)
        return 5

    with ThreadPoolExecutor(8) as pool:
        spent = sum(pool.map(spend, range(1_000)))
    ledger = purse.ledger()
    assert ledger.spent == spent
    assert ledger.reserved == 0
    assert 1_000 - 7 < ledger.spent <= 1_000


def test_so_many_operations_begin_and_no_more():
    purse = SharedPurse(Ledger(budget=0))
    purse.begin(2, None)
    purse.begin(2, None)
    with pytest.raises(BudgetError, match="max_operations allows 2"):
        purse.begin(2, None)
    purse.begin(None, None)


def test_nothing_begins_once_the_time_of_the_run_is_over():
    now = [5.0]
    purse = SharedPurse(Ledger(budget=0), lambda: now[0])
    now[0] = 14.9
    purse.begin(None, 10.0)
    now[0] = 15.0
    purse.check_time(None)
    purse.check_time(10.1)
    with pytest.raises(BudgetError, match="10 s that max_time allows"):
        purse.begin(None, 10.0)


def test_a_time_in_which_no_call_was_made_is_to_be_raised():
    now = [0.0]
    purse = SharedPurse(Ledger(budget=100), lambda: now[0])
    now[0] = 10.0
    purse.begin(None, None)
    with pytest.raises(BudgetError) as refused:
        purse.check_time(10.0)
    assert refused.value.lift == "max_time=20"
    purse.reserve(1)
    with pytest.raises(BudgetError) as again:
        purse.check_time(10.0)
    assert again.value.lift == ""


def test_a_call_that_is_not_made_gives_its_money_back():
    purse = SharedPurse(Ledger(budget=100))
    purse.reserve(60, "a_python")
    purse.release(60)
    assert purse.ledger() == Ledger(budget=100, begun=frozenset({"a_python"}))
