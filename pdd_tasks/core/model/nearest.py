"""Which known name is most like one that is not known, for hints."""

from collections.abc import Iterable
from typing import Final


_USUAL: Final = 0.6


def nearest(name: str, known: Iterable[str], *, cutoff: float = _USUAL) -> str:
    """Return the known name most like another, whatever their case.

    Empty if none is like it.

    Args:
        name: The name.
        known: The known names.
        cutoff: How much it has to be alike, from 0 to 1.
    """
    found = alike(name, known, most=1, cutoff=cutoff)
    return found[0] if found else ""


def alike(
    name: str, known: Iterable[str], *, most: int, cutoff: float = _USUAL
) -> list[str]:
    """Return the known names most like another, whatever their case, the best first.

    Args:
        name: The name.
        known: The known names.
        most: How many at the most.
        cutoff: How much they have to be alike, from 0 to 1.
    """
    # imported here: it takes long to load, and most names are known
    from difflib import get_close_matches

    by_lower = {one.lower(): one for one in sorted(known)}
    found = get_close_matches(name.lower(), by_lower, n=most, cutoff=cutoff)
    return [by_lower[one] for one in found]
