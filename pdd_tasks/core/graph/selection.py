"""Which units a selector selects.

Rule 1: `selected` is the only place that says what the kinds of selectors mean.
Rule 2: the graph is walked without recursion. What is not here: how states and
results are found out.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase

from pdd_tasks.core.graph.selector import (
    Closed,
    Dependents,
    Either,
    Having,
    Matching,
    Named,
    Needed,
    Selector,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """What is known of the units.

    Attributes:
        units: Unit id → basename; those needed first, ties alphabetical.
        needs: Unit id → ids of the units it needs.
        having: What was asked for by `criteria` → ids of the units that have it.
    """

    units: Mapping[str, str]
    needs: Mapping[str, Collection[str]]
    having: Mapping[Having, Collection[str]]


def criteria(selectors: Iterable[Selector]) -> frozenset[Having]:
    """Return what must be known of units before some selectors can be applied."""
    return frozenset(one for one in _leaves(selectors) if isinstance(one, Having))


def unknown(selector: Selector, view: View) -> str | None:
    """Return the first name or pattern in a selector that no unit has; else None."""
    for one in _leaves([selector]):
        if isinstance(one, Named | Matching) and not _direct(one, view):
            return one.name if isinstance(one, Named) else one.pattern
    return None


def _leaves(selectors: Iterable[Selector]) -> Iterable[Selector]:
    waiting = list(selectors)
    while waiting:
        match waiting.pop(0):
            case Needed(of) | Dependents(of) | Closed(of):
                waiting.append(of)
            case Either(parts):
                waiting += parts
            case leaf:
                yield leaf


def selected(selector: Selector, view: View) -> tuple[str, ...]:
    """Return the ids of the units that a selector selects, in the order of the view."""
    found = _found(selector, view)
    return tuple(unit for unit in view.units if unit in found)


def _found(selector: Selector, view: View) -> frozenset[str]:
    match selector:
        case Needed(of):
            return reached(_found(of, view), view.needs)
        case Dependents(of):
            return reached(_found(of, view), dependents(view.needs))
        case Closed(of):
            below = reached(_found(of, view), dependents(view.needs))
            return reached(below, view.needs)
        case Either(parts):
            return frozenset().union(*(_found(part, view) for part in parts))
        case leaf:
            return _direct(leaf, view)


def _direct(selector: Selector, view: View) -> frozenset[str]:
    match selector:
        case Named(name):
            if name in view.units:
                return frozenset({name})
            return frozenset(u for u, base in view.units.items() if base == name)
        case Matching(pattern):
            return frozenset(
                unit
                for unit, base in view.units.items()
                if fnmatchcase(unit, pattern) or fnmatchcase(base, pattern)
            )
        case Having():
            return frozenset(view.having[selector])
        case _:
            return frozenset(view.units)


def dependents(needs: Mapping[str, Collection[str]]) -> Mapping[str, Collection[str]]:
    """Return the same edges from the other side: unit → the units that need it."""
    found: dict[str, list[str]] = {}
    for unit, wanted in needs.items():
        for need in wanted:
            found.setdefault(need, []).append(unit)
    return found


def reached(
    start: Collection[str], edges: Mapping[str, Collection[str]]
) -> frozenset[str]:
    """Return some units and all that edges lead to from them."""
    found = set(start)
    waiting = list(start)
    while waiting:
        for unit in edges.get(waiting.pop(), ()):
            if unit not in found:
                found.add(unit)
                waiting.append(unit)
    return frozenset(found)
