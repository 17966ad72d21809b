import pickle
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pdd_tasks.core.model.ceiling import Ceiling, Scope
from pdd_tasks.core.model.ledger import Ledger
from pdd_tasks.core.model.spending import Standing, check
from pdd_tasks.errors import BudgetError, ExitCode


AMOUNT = st.integers(min_value=0, max_value=1_000)


def ceiling_of(scope, limit):
    """Return a ceiling that only one scope has."""
    limits: dict[str, Any] = {str(scope): limit}
    return Ceiling(**limits)


@pytest.mark.parametrize("scope", [pytest.param(one, id=one) for one in Scope])
def test_each_scope_has_its_own_limit(scope):
    ceiling = ceiling_of(scope, 7)
    assert [(one, ceiling.of(one)) for one in Scope if ceiling.of(one)] == [(scope, 7)]
    assert ceiling
    assert not Ceiling(place="here")


def test_a_call_that_fits_every_scope_is_not_refused():
    roomy = Standing(scope=Scope.DAY, limit=100, spent=40, reserved=20)
    check((roomy,), 40, "here")
    check((roomy,), None, "here")
    check((), 10**9, "here")


def test_an_exhausted_scope_refuses_a_call_of_unknown_price():
    with pytest.raises(BudgetError):
        check((Standing(scope=Scope.DAY, limit=100, spent=100),), None, "here")


@pytest.mark.parametrize("scope", [pytest.param(one, id=one) for one in Scope])
def test_a_refusal_names_the_scope_the_rest_and_where_the_ceiling_stands(scope):
    full = Standing(scope=scope, limit=1_000_000, spent=400_000, reserved=100_000)
    with pytest.raises(BudgetError) as refused:
        check((full,), 600_000, ".pddrc:7")
    error = refused.value
    assert (error.scope, error.exit_code) == (scope, ExitCode.BUDGET)
    assert "$0.6000" in error.message
    assert "$0.5000 is left of the $1.0000" in error.message
    assert f"ceiling of a {scope} allows (.pddrc:7)" in error.message
    assert f"ceiling: {{{scope}: …}} in .pddrc:7" in error.hint


@pytest.mark.parametrize("scope", [pytest.param(one, id=one) for one in Scope])
def test_a_call_that_is_above_the_whole_ceiling_is_not_told_to_wait(scope):
    with pytest.raises(BudgetError) as refused:
        check((Standing(scope=scope, limit=100),), 101, ".pddrc:7")
    assert refused.value.hint == (
        f"raise ceiling: {{{scope}: …}} in .pddrc:7, or lower max_tokens, which a call"
        " may cost"
    )


def test_an_overspent_scope_has_nothing_left_and_not_less():
    over = Standing(scope=Scope.DAY, limit=10, spent=15)
    with pytest.raises(BudgetError, match=r"\$0.0000 is left"):
        check((over,), 1, "here")


def test_a_refusal_keeps_its_scope_between_processes():
    error = BudgetError("no", hint="wait", scope="day", lift="budget=2")
    again = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own bytes
    assert (again.message, again.hint, again.scope) == ("no", "wait", "day")
    assert again.lift == "budget=2"


def test_no_call_is_allowed_where_none_may_be_made():
    with pytest.raises(BudgetError, match="max_calls=0 allows no call") as refused:
        Ledger(budget=100, max_calls=0).reserve(1)
    assert refused.value.lift == "max_calls=20"


def test_a_new_unit_leaves_a_fifth_of_the_budget_to_those_begun():
    ledger = Ledger(budget=100).reserve(10, "a").settle(10, 10)
    with pytest.raises(BudgetError, match="not begun"):
        ledger.reserve(71, "b")
    assert ledger.reserve(90, "a").reserved == 90
    assert ledger.reserve(70, "b").reserved == 70
    assert ledger.reserve(90).reserved == 90


def test_the_first_unit_may_use_the_whole_budget():
    assert Ledger(budget=100).reserve(100, "a").begun == {"a"}


def test_a_call_that_is_not_made_gives_back_its_money_and_its_place():
    ledger = Ledger(budget=100, max_calls=1).reserve(60, "a").released(60)
    assert (ledger.reserved, ledger.spent, ledger.calls) == (0, 0, 0)
    assert Ledger(budget=1, max_calls=1).reserve(None).released(None).calls == 0


@given(
    st.integers(min_value=0, max_value=2_000),
    st.lists(st.tuples(AMOUNT, AMOUNT, st.sampled_from("abc"), st.booleans())),
)
def test_whatever_is_asked_spent_plus_reserved_is_never_above_the_budget(budget, calls):
    """Actual costs are at most the worst case, as whoever asks has to see to."""
    ledger, open_calls = Ledger(budget=budget), []
    for worst, actual, unit, ends in calls:
        try:
            ledger = ledger.reserve(worst, unit)
        except BudgetError:
            pass
        else:
            open_calls.append((worst, min(worst, actual)))
        if ends and open_calls:
            ledger = ledger.settle(*open_calls.pop())
        assert ledger.spent + ledger.reserved <= budget
    for call in open_calls:
        ledger = ledger.settle(*call)
    assert ledger.reserved == 0
    assert ledger.spent <= budget


@pytest.mark.parametrize(
    "budget, worst, hint",
    [
        pytest.param(100_000, 160_001, "raise the budget: budget=0.20", id="twice"),
        pytest.param(10_000, 160_001, "raise the budget: budget=0.17", id="enough"),
    ],
)
def test_a_call_that_no_run_can_pay_for_says_what_budget_would(budget, worst, hint):
    with pytest.raises(BudgetError) as refused:
        Ledger(budget=budget).reserve(worst)
    assert refused.value.hint == hint
    assert hint.endswith(refused.value.lift)


def test_a_call_that_another_run_can_pay_for_says_so():
    with pytest.raises(BudgetError) as refused:
        Ledger(budget=100_000, spent=50_000).reserve(60_000)
    assert refused.value.hint == (
        "run the same command again, which has a new budget, or raise it: budget=0.20"
    )
    assert refused.value.lift == ""
