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
