import random
from itertools import combinations, product

import pytest

from pdd_tasks.core.graph.units import order


def graphs(names):
    pairs = list(product(names, repeat=2))
    for size in range(len(pairs) + 1):
        for edges in combinations(pairs, size):
            yield {
                name: [need for unit, need in edges if unit == name] for name in names
            }


def reached(needs, start):
    found, pending = set(), list(needs[start])
    while pending:
        one = pending.pop()
        if one not in found:
            found.add(one)
            pending += needs[one]
    return found


@pytest.mark.parametrize(
    "names", [pytest.param("abc"[:n], id=f"{n}-units") for n in range(4)]
)
def test_every_small_graph_is_ordered_and_its_circles_are_circles(names):
    for needs in graphs(names):
        found = order(needs)
        assert sorted(found.sequence) == sorted(names)
        assert found.cyclic == {name for name in names if name in reached(needs, name)}
        place = {unit: found.sequence.index(unit) for unit in names}
        for unit in names:
            for need in needs[unit]:
                assert place[need] < place[unit] or unit in reached(needs, need)
        for circle in found.cycles:
            assert len(set(circle)) == len(circle)
            steps = zip(circle, (*circle[1:], circle[0]), strict=True)
            assert all(need in needs[unit] for unit, need in steps)
        assert {unit for circle in found.cycles for unit in circle} <= found.cyclic
        assert bool(found.cycles) == bool(found.cyclic)


def test_ties_are_alphabetical_whatever_the_order_given():
    assert order({"c": ["a"], "b": [], "d": ["b"], "a": []}).sequence == tuple("abcd")


def test_a_unit_that_is_only_needed_counts():
    assert order({"a": ["z"]}).sequence == ("z", "a")


def test_circles_of_several_groups_are_each_named():
    needs = {"a": ["b"], "b": ["c", "a"], "c": ["a"], "x": ["x"], "y": ["a"]}
    found = order(needs)
    assert found.cycles == (("a", "b"), ("x",))
    assert found.cyclic == {"a", "b", "c", "x"}
    assert found.groups == (("a", "c", "b"), ("x",))
    assert found.sequence == ("a", "c", "b", "x", "y")


@pytest.mark.parametrize(
    "needs, group",
    [
        pytest.param({"a": "b", "b": "a"}, "ab", id="of two the first"),
        pytest.param({"a": "b", "b": "c", "c": "a"}, "acb", id="a ring backwards"),
        pytest.param({"a": "bc", "b": "ca", "c": "a"}, "cab", id="who needs fewest"),
        pytest.param({"a": "bc", "b": "ac", "c": "ab"}, "abc", id="all need all"),
        pytest.param(
            {"a": "bx", "b": "a", "x": "yz", "y": "x", "z": "ya"},
            "bayzx",
            id="circles within one",
        ),
    ],
)
def test_units_in_a_circle_are_made_one_by_one(needs, group):
    assert order(needs).groups == (tuple(group),)


def one_by_one(needs, units):
    """Return the order of units in a circle, as slowly and plainly as can be."""
    if not units:
        return []
    inner = {unit: set(needs[unit]) & units for unit in units}
    fewest = min(len(inner[unit]) for unit in units)
    first = min(unit for unit in units if len(inner[unit]) == fewest)
    rest = {unit: inner[unit] - {first} for unit in units - {first}}
    found, left = [first], set(rest)
    while left:
        together = {
            u: {v for v in left if v in reached(rest, u) and u in reached(rest, v)}
            | {u}
            for u in left
        }
        free = [
            together[u] for u in left if reached(rest, u) & left <= together[u] | {u}
        ]
        part = min(free, key=min)
        found += one_by_one(rest, part)
        left -= part
    return found


@pytest.mark.parametrize("seed", range(60))
def test_random_circles_are_opened_where_little_is_lost(seed):
    luck = random.Random(seed)  # noqa: S311 - to be repeated, not to be secret
    names = [f"u{number}" for number in range(luck.randint(2, 8))]
    share = luck.choice((0.15, 0.3, 0.6))
    pairs = [(a, b) for a in names for b in names if a != b and luck.random() < share]
    needs = {name: [need for unit, need in pairs if unit == name] for name in names}

    found = order(needs)

    for group in found.groups:
        assert list(group) == one_by_one(needs, set(group))
        start = found.sequence.index(group[0])
        assert found.sequence[start : start + len(group)] == group
    mixed = luck.sample(names, len(names))
    assert order({n: luck.sample(needs[n], len(needs[n])) for n in mixed}) == found
    waits = found.waits(needs)
    assert order(waits).cycles == ()
    circle = {unit: group for group in found.groups for unit in group}
    left_out = [(u, n) for u, n in pairs if n not in waits[u]]
    assert all(need in circle.get(unit, ()) for unit, need in left_out)
    assert all(any(u in group for u, _ in left_out) for group in found.groups)
