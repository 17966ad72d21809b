"""The order of units among each other, and the circles that have none.

networkx is loaded for circles only: that takes longer than a run that finds nothing
to do, and an order without circles is found in a few lines.
"""

from collections import deque
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
            through the alphabetically first of them, which is named once, at the
            front.
        cyclic: All units that are in such a group.
        groups: Each such group, its units in the order in which they are made one by
            one: the one that needs fewest of the others first, and so on with what
            that leaves. In the order of `cycles`.
    """

    sequence: tuple[str, ...]
    cycles: tuple[tuple[str, ...], ...]
    cyclic: frozenset[str]
    groups: tuple[tuple[str, ...], ...] = ()

    def waits(self, needs: Mapping[str, Collection[str]]) -> dict[str, tuple[str, ...]]:
        """Return which unit waits for which; what would close a circle is left out.

        Args:
            needs: Unit → the units it needs, as they were given to `order`.
        """
        place = {unit: number for number, unit in enumerate(self.sequence)}
        return {
            unit: tuple(sorted(n for n in set(wanted) if place[n] < place[unit]))
            for unit, wanted in needs.items()
        }


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
    parts = _parts(needs, {*needs, *(n for wanted in needs.values() for n in wanted)})
    circles = sorted(part for part in parts if _is_circle(part, needs))
    groups = {part[0]: _one_by_one(part, needs) for part in circles}
    return Order(
        sequence=tuple(u for part in parts for u in groups.get(part[0], part)),
        cycles=tuple(_circle(needs, part[0]) for part in circles),
        cyclic=frozenset(unit for part in circles for unit in part),
        groups=tuple(groups[part[0]] for part in circles),
    )


def _is_circle(part: Collection[str], needs: Mapping[str, Collection[str]]) -> bool:
    return len(part) > 1 or any(unit in needs.get(unit, ()) for unit in part)


def _parts(
    needs: Mapping[str, Collection[str]], units: Collection[str]
) -> list[tuple[str, ...]]:
    """Return some units, sorted, in groups that need each other; those needed first.

    Args:
        needs: Unit → the units it needs.
        units: The units; needs of others do not count.
    """
    import networkx as nx

    edges = [(n, unit) for unit in units for n in needs.get(unit, ()) if n in units]
    # The stubs of networkx say Any of attributes; we use none.
    graph: nx.DiGraph[str] = nx.DiGraph(edges)  # type: ignore[explicit-any]
    graph.add_nodes_from(units)
    members = [sorted(group) for group in nx.strongly_connected_components(graph)]
    groups = {group[0]: tuple(group) for group in members}
    first = {unit: name for name, group in groups.items() for unit in group}
    outer: nx.DiGraph[str] = nx.DiGraph(  # type: ignore[explicit-any]
        [(first[n], first[unit]) for n, unit in edges if first[n] != first[unit]]
    )
    outer.add_nodes_from(groups)
    return [groups[name] for name in nx.lexicographical_topological_sort(outer)]


def _one_by_one(
    group: tuple[str, ...], needs: Mapping[str, Collection[str]]
) -> tuple[str, ...]:
    """Return units that need each other in the order in which they are made."""
    found: list[str] = []
    left = [group]  # the next one last
    while left:
        part = left.pop()
        members = set(part)
        _, first = min((len(members.intersection(needs[u])), u) for u in part)
        found.append(first)
        if rest := members - {first}:
            left += reversed(_parts(needs, rest))
    return tuple(found)


def _circle(needs: Mapping[str, Collection[str]], start: str) -> tuple[str, ...]:
    """Return a shortest circle through a unit, each followed by one it needs."""
    before: dict[str, str] = {}
    ways = deque([start])
    while start not in needs.get(ways[0], ()):  # ends: the unit is in a circle
        last = ways.popleft()
        for need in sorted(needs.get(last, ())):
            if need not in before:
                before[need] = last
                ways.append(need)
    way = [ways[0]]
    while way[-1] != start:
        way.append(before[way[-1]])
    return tuple(reversed(way))
