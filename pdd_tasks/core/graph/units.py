"""The order of units among each other, and the circles that have none.

networkx is loaded for circles only: that takes longer than a run that finds nothing
to do, and an order without circles is found in a few lines.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from heapq import heapify, heappop, heappush


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """The order of units.

    Attributes:
        sequence: All units, dependencies first, ties alphabetical; the units of a
            circle stand together.
        cycles: For each group of units that need each other, one shortest circle
            through its first unit, which is named once, at the front.
        cyclic: All units that are in such a group.
    """

    sequence: tuple[str, ...]
    cycles: tuple[tuple[str, ...], ...]
    cyclic: frozenset[str]


def order(needs: Mapping[str, Collection[str]]) -> Order:
    """Return the order in which units can be built.

    Args:
        needs: Unit → the units it needs; a unit that is only needed counts too.
    """
    sequence = _sequence(needs)
    is_whole = len(sequence) == len({*needs, *sequence})
    if is_whole:
        return Order(sequence=sequence, cycles=(), cyclic=frozenset())
    return _condensed(needs)


def _sequence(needs: Mapping[str, Collection[str]]) -> tuple[str, ...]:
    """Return the units in order, less those in circles and those that need them."""
    dependents: dict[str, list[str]] = {}
    missing = {unit: len(set(wanted)) for unit, wanted in needs.items()}
    for unit, wanted in needs.items():
        for need in set(wanted):
            dependents.setdefault(need, []).append(unit)
    ready = [unit for unit in {*needs, *dependents} if not missing.get(unit)]
    heapify(ready)
    found: list[str] = []
    while ready:
        unit = heappop(ready)
        found.append(unit)
        for other in dependents.get(unit, ()):
            missing[other] -= 1
            if not missing[other]:
                heappush(ready, other)
    return tuple(found)


def _condensed(needs: Mapping[str, Collection[str]]) -> Order:
    """Return the order of units of which some need each other."""
    import networkx as nx

    # The stubs of networkx say Any of attributes; we use none.
    graph: nx.DiGraph[str] = nx.DiGraph(  # type: ignore[explicit-any]
        [(need, unit) for unit in needs for need in needs[unit]]
    )
    graph.add_nodes_from(needs)
    members = [sorted(group) for group in nx.strongly_connected_components(graph)]
    groups = {group[0]: group for group in members}
    first = {unit: name for name, group in groups.items() for unit in group}
    outer: nx.DiGraph[str] = nx.DiGraph(  # type: ignore[explicit-any]
        [(first[need], first[unit]) for need, unit in graph.edges]
    )
    outer.add_nodes_from(groups)
    outer.remove_edges_from([(name, name) for name in groups])
    circles = [
        name
        for name, group in sorted(groups.items())
        if len(group) > 1 or graph.has_edge(name, name)
    ]
    return Order(
        sequence=tuple(
            unit
            for name in nx.lexicographical_topological_sort(outer)
            for unit in groups[name]
        ),
        cycles=tuple(_circle(needs, name) for name in circles),
        cyclic=frozenset(unit for name in circles for unit in groups[name]),
    )


def _circle(needs: Mapping[str, Collection[str]], start: str) -> tuple[str, ...]:
    """Return a shortest circle through a unit, each followed by one it needs."""
    ways: list[tuple[str, ...]] = [(start,)]
    seen = {start}
    while True:  # ends, since the unit is in a circle
        way = ways.pop(0)
        found = sorted(needs.get(way[-1], ()))
        if start in found:
            return way
        ways += [(*way, need) for need in found if need not in seen]
        seen.update(found)
