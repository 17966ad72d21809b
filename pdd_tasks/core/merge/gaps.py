"""What two sides put between the pieces of the base, and whether both may stand.

A gap lies between two pieces of the base that a side kept and that are neighbours
there: in it the side has what is new, and the base what the side took away.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

from pdd_tasks.core.merge.outline import Kind, Piece


_LATE: Final = frozenset({Kind.DEFINITION, Kind.IMPORT})
_STEPS: Final = frozenset({Kind.FIELD, Kind.STATEMENT, Kind.BRANCH})


@dataclass(frozen=True, slots=True)
class Gap:
    """New pieces of one side, and what of the base they may stand for.

    Attributes:
        low: Place in the base of the kept piece before; -1 if there is none.
        high: Place in the base of the kept piece behind.
        new: The new pieces.
    """

    low: int
    high: int
    new: tuple[Piece, ...]

    @property
    def gone(self) -> range:
        """The places in the base of what the side took away."""
        return range(self.low + 1, self.high)

    @property
    def is_change(self) -> bool:
        """True if the side has something new here or took something away."""
        return bool(self.new or self.gone)

    def without(self, pieces: Sequence[Piece]) -> "Gap":
        """Return the gap less some of its new pieces."""
        return replace(self, new=tuple(p for p in self.new if p not in pieces))


def gaps(size: int, pieces: Sequence[Piece], match: Mapping[int, int]) -> list[Gap]:
    """Return the gaps of one side, in order, those without any change too.

    Args:
        size: How many pieces the base has.
        pieces: Those of the side.
        match: Place in the base → place in the side; both rise together.
    """
    fixed = [(-1, -1), *sorted(match.items()), (size, len(pieces))]
    return [
        Gap(low, high, tuple(pieces[start + 1 : end]))
        for (low, start), (high, end) in pairwise(fixed)
    ]


def meetings(ours: Sequence[Gap], theirs: Sequence[Gap]) -> Iterator[tuple[Gap, Gap]]:
    """Yield the pairs of changed gaps, one of each side, that meet."""
    start = 0
    for one in ours:
        while start < len(theirs) and theirs[start].high <= one.low:
            start += 1
        for other in theirs[start:]:
            if other.low >= one.high:
                break
            if one.is_change and other.is_change:
                yield one, other


def may_stand(ours: Gap, theirs: Gap, base: Sequence[Piece], *, is_free: bool) -> bool:
    """Return whether what two sides did in gaps that meet can both stand.

    Args:
        ours: The gap of one side.
        theirs: A gap of the other side that meets it.
        base: The pieces of the base.
        is_free: True among definitions, False among steps.
    """
    both_gone = [base[at] for at in ours.gone if at in theirs.gone]
    if not (ours.new and theirs.new):
        if is_free or not (ours.new or theirs.new):
            return True
        writer, cutter = (ours, theirs) if ours.new else (theirs, ours)
        return not both_gone and not (
            cutter.low < writer.low and writer.high < cutter.high
        )
    if any(piece.kind is not Kind.IMPORT for piece in both_gone):
        return False
    return all(_commute(a, b, is_free=is_free) for a in ours.new for b in theirs.new)


def _commute(one: Piece, other: Piece, *, is_free: bool) -> bool:
    """Return whether it is all the same which of two new pieces comes first."""
    if one.kind in _LATE and other.kind in _LATE:
        return True
    if not is_free:
        return one.kind is other.kind is Kind.VALUE and not (
            _needs(one, other) or _needs(other, one)
        )
    return not (one.kind in _STEPS and other.kind in _STEPS)


def _needs(one: Piece, other: Piece) -> bool:
    """Return whether a piece mentions what another one gives a value, or may do so."""
    return not other.key or bool(
        re.search(rf"(?<!\w){re.escape(other.key)}(?!\w)", one.text)
    )
