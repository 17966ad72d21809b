import random
import statistics

import pytest

from pdd_tasks.core.model.settings import Price
from pdd_tasks.core.plan.prediction import (
    USUAL,
    Awaited,
    Habits,
    Moments,
    Prediction,
    Seen,
)


PRICE = Price(input=2_000_000, output=10_000_000)
NEW = (
    Awaited(kind="generate", due=True, sent=5_000),
    *(Awaited(kind=kind) for kind in ("example", "crash", "verify", "test", "fix")),
)


def predicted(history, awaited, units=1, price=PRICE):
    """Return the prediction for so many units that are alike."""
    habits = Habits.learned(history)
    costs = Moments()
    for _ in range(units):
        costs += habits.costs(awaited, price)
    return habits.predicted(costs)


def test_nothing_to_ask_costs_nothing():
    assert predicted([], []) == Prediction(middle=0, high=0)


def test_a_new_unit_without_a_history_costs_about_what_the_table_says():
    sent = sum(habit.count * habit.sent for habit in USUAL.values())
    received = sum(habit.count * habit.received for habit in USUAL.values())
    table = (sent * PRICE.input + received * PRICE.output) / 1_000_000
    found = predicted([], NEW)
    assert 0.6 * table < found.middle < table < found.high < 3 * table


def test_a_recorded_reply_costs_nothing():
    awaited = Awaited(kind="generate", due=True, sent=5_000)
    recorded = Awaited(kind="generate", due=True, sent=5_000, recorded=True)
    free = Price(input=0, output=0)
    assert predicted([], [recorded]).middle == 0
    assert predicted([], [awaited]).middle > 0
    assert predicted([], [awaited], price=free) == Prediction()


def test_the_request_at_hand_counts_more_than_the_habit():
    short = predicted([], [Awaited(kind="generate", due=True, sent=1_000)])
    unknown = predicted([], [Awaited(kind="generate", due=True)])
    long = predicted([], [Awaited(kind="generate", due=True, sent=50_000)])
    assert short.middle < unknown.middle < long.middle


def test_a_kind_that_no_table_has_costs_something():
    assert predicted([], [Awaited(kind="analysis", due=True)]).middle > 0


def test_the_project_s_own_history_outweighs_the_table():
    dear = [
        Seen(unit=str(n), kind="generate", sent=6_000, received=16_000)
        for n in range(20)
    ]
    due = [Awaited(kind="generate", due=True)]
    assert predicted(dear, due).middle > 2.5 * predicted([], due).middle


def test_more_units_and_more_history_narrow_the_span():
    def span(found):
        return found.high / found.middle

    history = [
        Seen(unit=str(n), kind="generate", sent=6_000, received=4_000)
        for n in range(40)
    ]
    assert span(predicted([], NEW, 20)) < span(predicted([], NEW))
    assert span(predicted(history, NEW, 20)) < span(predicted([], NEW, 20))


class World:
    """A project whose units cost something else than the table says."""

    def __init__(self, seed):
        self._random = random.Random(seed)  # noqa: S311 - a simulation
        self._longer = self._random.uniform(0.7, 1.4)
        self._oftener = self._random.uniform(0.7, 1.4)

    def unit(self, name):
        """Return the requests that one new unit takes."""
        found = []
        for kind, habit in USUAL.items():
            certain = kind in {"generate", "example"}
            count = 1 if certain else 0
            more = max(habit.count * self._oftener - count, 0.0)
            while self._random.random() < more / (1 + more):
                count += 1
            for _ in range(count):
                length = self._random.lognormvariate(-0.1, 0.45)
                found.append(
                    Seen(
                        unit=name,
                        kind=kind,
                        sent=int(habit.sent * self._random.uniform(0.7, 1.3)),
                        received=int(habit.received * length * self._longer),
                    )
                )
        return found


def cost(requests):
    """Return what requests cost, in micro-dollars."""
    return sum(
        (one.sent * PRICE.input + one.received * PRICE.output) / 1_000_000
        for one in requests
    )


@pytest.mark.parametrize(
    "known, units",
    [
        pytest.param(0, 1, id="one-unit-without-history"),
        pytest.param(0, 20, id="twenty-units-without-history"),
        pytest.param(5, 1, id="one-unit"),
        pytest.param(5, 20, id="twenty-units"),
        pytest.param(40, 10, id="ten-units-after-a-long-history"),
    ],
)
def test_of_100_runs_95_cost_less_than_the_high_value_and_it_is_not_far_off(
    known, units
):
    below, real, highs = 0, [], []
    for seed in range(100):
        world = World(seed)
        history = [one for n in range(known) for one in world.unit(f"old {n}")]
        found = predicted(history, NEW, units)
        spent = sum(cost(world.unit(f"new {n}")) for n in range(units))
        below += spent <= found.high
        real.append(spent)
        highs.append(found.high)
        assert found.high <= 3 * found.middle
    assert below >= 95
    assert statistics.median(highs) <= 3 * statistics.median(real)
