"""The pieces of three texts in one order, and which of them are the same piece."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Self

from pdd_tasks.core.merge.arrangement import arranged, followed, is_moved
from pdd_tasks.core.merge.matching import matching, named
from pdd_tasks.core.merge.outline import Block, Piece


@dataclass(frozen=True, slots=True)
class Trio:
    """Pieces of the three texts in one order, and what of the base is what.

    Attributes:
        pieces: Of base, mine and generated.
        names: Their names.
        to_mine: Place in the base → place in mine.
        to_generated: Place in the base → place in generated.
        is_free: True among definitions, False among steps.
    """

    pieces: tuple[tuple[Piece, ...], ...]
    names: tuple[tuple[str, ...], ...]
    to_mine: dict[int, int]
    to_generated: dict[int, int]
    is_free: bool

    @classmethod
    def of(cls, base: Block, mine: Block, generated: Block) -> Self:
        """Return the members of three blocks, each text in its own order."""
        b, m, g = named(base, mine, generated)
        return cls(
            (base.members, mine.members, generated.members),
            (b, m, g),
            matching(base.members, mine.members, (b, m)),
            matching(base.members, generated.members, (b, g)),
            base.is_free,
        )

    def put(self, *orders: Sequence[int]) -> Self:
        """Return the same pieces in another order of each text."""
        ranks = [{old: new for new, old in enumerate(order)} for order in orders]
        matches = [
            {ranks[0][at]: ranks[side][other] for at, other in match.items()}
            for side, match in ((1, self.to_mine), (2, self.to_generated))
        ]
        return replace(
            self,
            pieces=tuple(
                tuple(pieces[at] for at in order)
                for pieces, order in zip(self.pieces, orders, strict=True)
            ),
            names=tuple(
                tuple(names[at] for at in order)
                for names, order in zip(self.names, orders, strict=True)
            ),
            to_mine=matches[0],
            to_generated=matches[1],
        )


def in_one_order(three: Trio) -> Trio | None:
    """Return all pieces in the order of the side that moved some.

    None if both sides moved pieces, and not alike.
    """
    sizes = [len(pieces) for pieces in three.pieces]
    if is_moved(three.to_mine):
        order = arranged(sizes[0], three.to_mine)
        other = followed(sizes[2], three.to_generated, order)
        if is_moved(three.to_generated) and other != list(range(sizes[2])):
            return None
        return three.put(order, range(sizes[1]), other)
    if is_moved(three.to_generated):
        order = arranged(sizes[0], three.to_generated)
        other = followed(sizes[1], three.to_mine, order)
        return three.put(order, other, range(sizes[2]))
    return three
