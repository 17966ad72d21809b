"""Which piece of one side is which piece of the base.

Pieces with a name are found by it, wherever they were moved; the others where they
say the same, and then, between two that were found, where one can be an edit of the
other.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

from pdd_tasks.core.merge.difference import changes
from pdd_tasks.core.merge.outline import PROSE, Block, Kind, Piece
from pdd_tasks.core.merge.rise import longest_rise
from pdd_tasks.core.merge.words import likeness, tokens


_ANYWHERE: Final = frozenset({Kind.DEFINITION, Kind.IMPORT, Kind.BRANCH})
_IN_FREE: Final = _ANYWHERE | {Kind.VALUE, Kind.FIELD, Kind.STATEMENT}
_ALIKE: Final = 0.5
_MANY: Final = 2500
"""Pairs of pieces in one gap that are compared; a gap with more is all new."""


def named(*blocks: Block) -> tuple[tuple[str, ...], ...]:
    """Return for each block the names of its pieces, told apart; empty for no name.

    A name that is there twice in any of the blocks is told apart by the lines that
    open the piece; where these are equal, too, it is no name.
    """
    shallow = [[_name(piece, block) for piece in block.members] for block in blocks]
    twice = _twice(shallow)
    deep = [
        [
            _opened(piece, name) if name in twice else name
            for piece, name in zip(block.members, names, strict=True)
        ]
        for block, names in zip(blocks, shallow, strict=True)
    ]
    still = _twice(deep)
    return tuple(tuple("" if n in still else n for n in names) for names in deep)


def _name(piece: Piece, block: Block) -> str:
    kinds = _IN_FREE if block.is_free else _ANYWHERE
    has_name = piece.kind in kinds or piece.key == PROSE
    return f"{piece.kind} {piece.key}" if piece.key and has_name else ""


def _twice(names: Sequence[Sequence[str]]) -> set[str]:
    counts = (Counter(each) for each in names)
    return {name for count in counts for name in count if count[name] > 1}


def _opened(piece: Piece, name: str) -> str:
    head = piece.blocks[0].head if piece.blocks else piece.text
    return name and " ".join([name, *tokens(head)[0]])


def matching(
    base: Sequence[Piece],
    side: Sequence[Piece],
    names: tuple[Sequence[str], Sequence[str]],
) -> dict[int, int]:
    """Return the place of each piece in the base → its place in a side.

    Args:
        base: Pieces.
        side: Pieces.
        names: Their names.
    """
    place = {name: at for at, name in enumerate(names[1]) if name}
    found = {at: place[name] for at, name in enumerate(names[0]) if name in place}
    nameless = [[at for at, name in enumerate(own) if not name] for own in names]
    old = [base[at].said for at in nameless[0]]
    new = [side[at].said for at in nameless[1]]
    found.update((nameless[0][at], nameless[1][to]) for at, to in _unchanged(old, new))
    found.update(_edited(base, side, names, found))
    return found


def _unchanged(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[int, int]]:
    at = other = 0
    for change in changes(old, new):
        while at < change.old_start:
            yield at, other
            at, other = at + 1, other + 1
        at, other = change.old_end, change.new_end
    yield from zip(range(at, len(old)), range(other, len(new)), strict=True)


def _edited(
    base: Sequence[Piece],
    side: Sequence[Piece],
    names: tuple[Sequence[str], Sequence[str]],
    found: dict[int, int],
) -> Iterator[tuple[int, int]]:
    """Yield pieces without a name that were edited, between those that were found."""
    order = sorted(found)
    firm = [order[k] for k in longest_rise([found[at] for at in order])]
    fixed = [(-1, -1), *((at, found[at]) for at in firm), (len(base), len(side))]
    taken = set(found.values())
    for (low, other_low), (high, other_high) in pairwise(fixed):
        old = [k for k in range(low + 1, high) if not (names[0][k] or k in found)]
        new = [
            k
            for k in range(other_low + 1, other_high)
            if not (names[1][k] or k in taken)
        ]
        if old and new and len(old) * len(new) <= _MANY:
            for a, b in _paired([base[k] for k in old], [side[k] for k in new]):
                yield old[a], new[b]


def _paired(old: Sequence[Piece], new: Sequence[Piece]) -> Iterator[tuple[int, int]]:
    """Yield the pairs, in order, that are most alike all together."""
    best = [[0.0] * (len(new) + 1) for _ in range(len(old) + 1)]
    like = [[_likeness(a, b) for b in new] for a in old]
    for a in range(len(old) - 1, -1, -1):
        for b in range(len(new) - 1, -1, -1):
            both = like[a][b] + best[a + 1][b + 1] if like[a][b] else 0.0
            best[a][b] = max(both, best[a + 1][b], best[a][b + 1])
    a = b = 0
    while a < len(old) and b < len(new):
        if like[a][b] and best[a][b] == like[a][b] + best[a + 1][b + 1]:
            yield a, b
            a, b = a + 1, b + 1
        elif best[a][b] == best[a + 1][b]:
            a += 1
        else:
            b += 1


def _likeness(old: Piece, new: Piece) -> float:
    """Return how alike two pieces are; zero if one is no edit of the other."""
    if old.kind is not new.kind or bool(old.blocks) is not bool(new.blocks):
        return 0.0
    found = likeness(old.text, new.text)
    if old.blocks and old.blocks[0].head == new.blocks[0].head:
        found = max(found, _ALIKE)
    return found if found >= _ALIKE else 0.0
