"""What requests cost, counted in several ways."""

from dataclasses import replace

import pytest

from pdd_tasks.core.model.cost import OTHER, By, Cost, Paid, counted


CHEAP = Paid(
    day="2026-01-02",
    unit="a_python",
    kind="generate",
    model="e/small",
    cost=10,
    worst=50,
    tokens_in=100,
    tokens_out=20,
)
DEAR = replace(CHEAP, day="2026-01-01", unit="b_python", model="e/large", cost=900)
UNKNOWN = replace(CHEAP, kind="verify", cost=None, tokens_in=None, tokens_out=None)
UNPRICED = replace(UNKNOWN, kind="auto_deps", worst=None)
ALL = (CHEAP, DEAR, UNKNOWN, UNPRICED)


def test_known_and_unknown_costs_are_kept_apart():
    found = Cost.of(ALL)
    assert found == Cost(
        requests=4,
        spent=910,
        estimated=50,
        unpriced=1,
        tokens_in=200,
        tokens_out=40,
    )
    assert found.sum == 960


@pytest.mark.parametrize(
    "by, names",
    [
        (By.UNIT, ["b_python", "a_python"]),
        (By.MODEL, ["e/large", "e/small"]),
        (By.DAY, ["2026-01-01", "2026-01-02"]),
        (By.STEP, ["auto-deps", "generate", "verify"]),
    ],
)
def test_rows_are_in_the_order_that_people_want(by, names):
    found = counted(ALL, by)
    assert list(found) == names
    assert sum(cost.sum for cost in found.values()) == Cost.of(ALL).sum


@pytest.mark.parametrize(
    "kind, step",
    [
        ("generate", "generate"),
        ("analysis", "generate"),
        ("auto_deps", "auto-deps"),
        ("bug", "bug"),
        ("", OTHER),
    ],
)
def test_a_request_is_part_of_a_step(kind, step):
    assert replace(CHEAP, kind=kind).step == step


def test_what_is_no_step_comes_last():
    found = counted([replace(CHEAP, kind="bug"), replace(CHEAP, kind="fix")], By.STEP)
    assert list(found) == ["fix", "bug"]


def test_nothing_costs_nothing():
    assert counted((), By.UNIT) == {}
    assert Cost.of(()) == Cost()
