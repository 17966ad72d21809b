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
    assert found.sequence == ("a", "b", "c", "x", "y")
