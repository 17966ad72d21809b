"""Lists of names that two sides extended or cut: names united, none twice."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from pdd_tasks.core.merge.outline import Listing, Piece


_WIDTHS: Final = (79, 88, 100, 120)


def united(base: Piece | None, mine: Piece, generated: Piece) -> str | None:
    """Return the text of a list with the names of both sides.

    What one side took away is gone, what one added is there. None if the three are
    not lists of one kind, or are laid out in a way that is not understood.

    Args:
        base: What both sides started from; None if both added it.
        mine: One side; its layout is kept.
        generated: The other side.
    """
    m, g = mine.listing, generated.listing
    b = base.listing if base else m and replace(m, items=())
    if m is None or g is None or b is None:
        return None
    items = _items(b.items, m.items, g.items)
    if not items or mine.text not in (one_line(m), wrapped(m)):
        return None
    widest = max(len(line) for p in (mine, generated) for line in p.text.split("\n"))
    width = next((w for w in _WIDTHS if w >= widest), widest)
    merged = replace(m, items=items)
    flat = one_line(merged)
    is_flat = mine.text == one_line(m) and len(flat) <= width + 1
    return flat if is_flat or not m.wrapped[0] else wrapped(merged)


def one_line(listing: Listing) -> str:
    """Return a list as one line."""
    return f"{listing.opening}{', '.join(listing.items)}{listing.closing}\n"


def wrapped(listing: Listing) -> str:
    """Return a list with a line for each name."""
    opening, indent, closing = listing.wrapped
    lines = [opening, *(f"{indent}{item}," for item in listing.items), closing]
    return "".join(f"{line}\n" for line in lines)


def _items(
    base: Sequence[str], mine: Sequence[str], generated: Sequence[str]
) -> tuple[str, ...]:
    """Return the names of both sides, in order where all three are in order."""
    kept = [name for name in mine if name in generated or name not in base]
    added = [name for name in generated if name not in base and name not in mine]
    for key in (_as_is, str.lower):
        sides = (base, mine, generated)
        if all(list(side) == sorted(side, key=key) for side in sides):
            return tuple(sorted([*kept, *added], key=key))
    return (*kept, *added)


def _as_is(name: str) -> str:
    return name
