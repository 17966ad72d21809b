import pytest

from pdd_tasks.core.model.ledger import Ledger, dollars
from pdd_tasks.errors import BudgetError, ExitCode


@pytest.mark.parametrize(
    "amount, text",
    [
        pytest.param(None, "cost unknown", id="unknown"),
        pytest.param(0, "$0.0000", id="nothing"),
        pytest.param(1_234_567, "$1.2346", id="rounded"),
    ],
)
def test_amounts_are_shown_in_dollars_and_unknown_is_not_zero(amount, text):
    assert dollars(amount) == text


def test_a_reservation_counts_against_the_budget_until_it_is_settled():
    ledger = Ledger(budget=100).reserve(60)
    assert (ledger.reserved, ledger.spent, ledger.calls) == (60, 0, 1)
    with pytest.raises(BudgetError):
        ledger.reserve(41)
    assert ledger.settle(60, 10).reserve(90).reserved == 90


def test_the_last_micro_dollar_can_be_reserved():
    assert Ledger(budget=100).reserve(100).reserved == 100


def test_a_call_that_costs_nothing_fits_an_empty_budget():
    assert Ledger(budget=0).reserve(0).calls == 1


@pytest.mark.parametrize(
    "actual, spent",
    [
        pytest.param(25, 25, id="known"),
        pytest.param(0, 0, id="free"),
        pytest.param(None, 60, id="unknown-counts-as-the-reservation"),
        pytest.param(70, 70, id="more-than-reserved"),
    ],
)
def test_settling_replaces_the_reservation(actual, spent):
    ledger = Ledger(budget=100).reserve(60).settle(60, actual)
    assert (ledger.reserved, ledger.spent, ledger.calls) == (0, spent, 1)


def test_an_unknown_price_is_refused_without_a_cap_on_calls():
    with pytest.raises(BudgetError) as refused:
        Ledger(budget=100).reserve(None)
    assert refused.value.exit_code is ExitCode.BUDGET
    assert "max_calls" in refused.value.hint


def test_calls_that_say_their_cost_afterwards_end_with_the_budget():
    ledger = Ledger(budget=100, max_calls=20)
    for _ in range(2):
        ledger = ledger.reserve(None).settle(None, 60)
    with pytest.raises(BudgetError, match="nothing is left of the budget") as refused:
        ledger.reserve(None)
    assert "run the same command again" in refused.value.hint


def test_a_budget_of_nothing_allows_no_call_of_unknown_cost():
    with pytest.raises(BudgetError) as refused:
        Ledger(budget=0, max_calls=20).reserve(None)
    assert refused.value.lift == "budget=0.01"


def test_an_unknown_price_is_held_by_the_cap_on_calls():
    ledger = Ledger(budget=100, max_calls=1).reserve(None).settle(None, None)
    assert (ledger.reserved, ledger.spent) == (0, 0)
    with pytest.raises(BudgetError, match="all 1 calls"):
        ledger.reserve(None)


def test_calls_are_capped_whatever_they_cost():
    with pytest.raises(BudgetError, match="max_calls"):
        Ledger(budget=100, max_calls=0).reserve(0)


def test_a_refusal_names_what_the_call_may_cost_and_what_is_left():
    with pytest.raises(BudgetError) as refused:
        Ledger(budget=1_000_000, spent=400_000, reserved=100_000).reserve(600_000)
    assert "$0.6000" in refused.value.message
    assert "$0.5000" in refused.value.message
    assert "budget=" in refused.value.hint


def test_an_overspent_budget_refuses_what_costs_anything():
    with pytest.raises(BudgetError):
        Ledger(budget=10, spent=15).reserve(1)
