"""A regenerated text in the order and layout of the text it takes the place of.

A model gives functions in another order and lines in another layout, and says the
same. What is only that is undone before texts are merged, so that it conflicts with
nothing. Rule 1: definitions go where the base has them; anything else keeps its
order. Rule 2: a piece that says what its piece of the base says gets its lines.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace

from pdd_tasks.core.merge.arrangement import arranged, is_moved
from pdd_tasks.core.merge.lead import spaced
from pdd_tasks.core.merge.matching import matching, named
from pdd_tasks.core.merge.outline import Block, Kind, Piece, of_blocks, shape


Same = Callable[[str, str], bool]
"""Whether two texts say the same, whatever their layout."""


def is_reordered(base: Block, generated: Block) -> bool:
    """Return whether definitions of the base stand in another order, at any depth."""
    names = named(base, generated)
    match = matching(base.members, generated.members, (names[0], names[1]))
    pairs = [(base.members[at], generated.members[to]) for at, to in match.items()]
    return is_moved(
        {at: to for at, to in match.items() if base.members[at].kind is Kind.DEFINITION}
    ) or any(
        is_reordered(b, g)
        for one, other in pairs
        if shape(one) == shape(other)
        for b, g in zip(one.blocks, other.blocks, strict=True)
        if b.is_free
    )


def in_layout(base: Block, generated: Block, same: Same) -> Block:
    """Return a regenerated block with the lines of the base where they say the same.

    Args:
        base: The block it takes the place of.
        generated: The block.
        same: Compares two texts whatever their layout.
    """
    names = named(base, generated)
    match = matching(base.members, generated.members, (names[0], names[1]))
    back = {other: at for at, other in match.items()}
    members = [
        _piece(base.members[back[at]], piece, same) if at in back else piece
        for at, piece in enumerate(generated.members)
    ]
    return replace(
        generated,
        head=_text(base.head, generated.head, same),
        members=tuple(members),
        tail=_text(base.tail, generated.tail, same),
    )


def _piece(base: Piece, generated: Piece, same: Same) -> Piece:
    found = replace(generated, lead=_text(base.lead, generated.lead, same))
    if base.said == generated.said or same(base.text, generated.text):
        return replace(base, lead=found.lead)
    if not base.blocks or shape(base) != shape(generated):
        return found
    pairs = zip(base.blocks, found.blocks, strict=True)
    return of_blocks(found, [in_layout(b, g, same) for b, g in pairs])


def _text(base: str, generated: str, same: Same) -> str:
    is_same = base != generated and same(base, generated)
    return base if is_same else generated


def in_order(base: Block, generated: Block) -> Block:
    """Return a regenerated block with its definitions where the base has them.

    Args:
        base: The block it takes the place of.
        generated: The block.
    """
    b, g = named(base, generated)
    match = matching(base.members, generated.members, (b, g))
    inner = {
        other: _piece_in_order(base.members[at], generated.members[other])
        for at, other in match.items()
    }
    members = [inner.get(at, piece) for at, piece in enumerate(generated.members)]
    order = _order(generated.members, {other: at for at, other in match.items()})
    if not generated.is_free or order == list(range(len(members))):
        return replace(generated, members=tuple(members))
    moved = spaced([members[at] for at in order], base, generated)
    return replace(generated, members=tuple(moved))


def _order(pieces: Sequence[Piece], back: dict[int, int]) -> list[int]:
    """Return the places of pieces in the order of the base.

    What is no definition keeps its order: if it would not, only definitions among
    themselves are put in order.
    """
    order = arranged(len(pieces), back)
    others = [at for at in order if pieces[at].kind is not Kind.DEFINITION]
    if others == sorted(others):
        return order
    order = list(range(len(pieces)))
    places = [at for at in sorted(back) if pieces[at].kind is Kind.DEFINITION]
    for place, at in zip(places, sorted(places, key=back.__getitem__), strict=True):
        order[place] = at
    return order


def _piece_in_order(base: Piece, generated: Piece) -> Piece:
    if not (base.blocks and shape(base) == shape(generated)):
        return generated
    pairs = zip(base.blocks, generated.blocks, strict=True)
    return of_blocks(generated, [in_order(b, g) for b, g in pairs])
