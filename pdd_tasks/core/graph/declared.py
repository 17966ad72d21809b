"""The order of the languages of one basename, where a project declares one."""

from collections.abc import Collection, Mapping, Sequence


def declared(
    sequence: Sequence[str],
    needs: Mapping[str, Collection[str]],
    groups: Sequence[Sequence[str]],
) -> tuple[str, ...]:
    """Return an order of units in which each group stands as it was declared.

    A group trades places among its own units. It stays as it was where that would put
    a unit in front of one that it needs: needs are no matter of taste.

    Args:
        sequence: All units, those needed first.
        needs: Unit → the units it needs.
        groups: Units that were declared to be in this order.
    """
    found = tuple(sequence)
    for group in groups:
        tried = _traded(found, group)
        if _is_sound(tried, needs):
            found = tried
    return found


def _traded(sequence: tuple[str, ...], group: Sequence[str]) -> tuple[str, ...]:
    members = frozenset(group)
    coming = iter(group)
    return tuple(next(coming) if unit in members else unit for unit in sequence)


def _is_sound(sequence: Sequence[str], needs: Mapping[str, Collection[str]]) -> bool:
    places = {unit: place for place, unit in enumerate(sequence)}
    return all(
        places[need] < places[unit]
        for unit, wanted in needs.items()
        for need in wanted
        if need in places and unit in places
    )
