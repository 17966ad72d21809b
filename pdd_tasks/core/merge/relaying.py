"""The regenerated layout given back to what a merge left as it says in the base.

A regenerated text is merged in the layout of the base, so that layout alone makes no
conflict. Afterwards every part that mine left alone looks as it was regenerated; in
a statement that mine changed, the words around the change do. Where they cannot,
nothing is relaid at all: how a side spelled them would be lost.
"""

from collections.abc import Sequence
from dataclasses import replace

from pdd_tasks.core.merge.matching import matching, named
from pdd_tasks.core.merge.outline import Block, Piece, of_blocks, shape
from pdd_tasks.core.merge.respelling import respelled
from pdd_tasks.core.merge.restoring import Same
from pdd_tasks.core.merge.tokens import merged_tokens


class _SpellingLostError(Exception):
    """A statement that mine changed cannot take over how it is spelled now."""


def relaid(base: Block, generated: Block, merged: Block, same: Same) -> Block | None:
    """Return a merge in the regenerated layout where mine changed nothing.

    None if words that the generator spelled anew would be lost.

    Args:
        base: The block whose layout the merge has so far.
        generated: The block in its own layout.
        merged: What came of the merge.
        same: Compares two texts whatever their layout.
    """
    try:
        return _block(base, generated, merged, same)
    except _SpellingLostError:
        return None


def _block(base: Block, generated: Block, merged: Block, same: Same) -> Block:
    names = named(base, generated, merged)
    from_base = matching(base.members, merged.members, (names[0], names[2]))
    from_model = matching(generated.members, merged.members, (names[1], names[2]))
    old = _back(base.members, from_base)
    model = _back(generated.members, from_model)
    members = [
        _piece(old[at], model[at], piece, same) if at in old and at in model else piece
        for at, piece in enumerate(merged.members)
    ]
    return replace(
        merged,
        head=_text(base.head, generated.head, merged.head, same),
        members=tuple(members),
        tail=_text(base.tail, generated.tail, merged.tail, same),
    )


def _back(pieces: Sequence[Piece], match: dict[int, int]) -> dict[int, Piece]:
    return {other: pieces[at] for at, other in match.items()}


def _piece(base: Piece, model: Piece, piece: Piece, same: Same) -> Piece:
    found = replace(piece, lead=_lead(base.lead, model.lead, piece.lead, same))
    text = _text(base.text, model.text, piece.text, same)
    if text != piece.text:
        return replace(model, lead=found.lead)
    if not shape(base) == shape(model) == shape(piece):
        return found
    if not piece.blocks:
        return replace(found, text=_around(base.text, model.text, piece.text, same))
    three = zip(base.blocks, model.blocks, piece.blocks, strict=True)
    return of_blocks(found, [_block(b, m, p, same) for b, m, p in three])


def _lead(base: str, model: str, text: str, same: Same) -> str:
    """Return what stands above a piece; blank lines belong to its place."""
    is_blank = base.lstrip("\n") == model.lstrip("\n")
    return text if is_blank else _text(base, model, text, same)


def _text(base: str, model: str, text: str, same: Same) -> str:
    if base != text or model == text:
        return text
    return model if same(model, text) else text


def _around(base: str, model: str, text: str, same: Same) -> str:
    """Return a statement that mine changed, the words around the change relaid.

    Raises:
        _SpellingLostError: If there are no such words, and they are spelled anew.
    """
    if base in {model, text} or not same(base, model):
        return text
    ways = merged_tokens(base, text, model), respelled(base, model, text)
    found = next((way for way in ways if way is not None and same(way, text)), None)
    if found is None:
        raise _SpellingLostError
    return found
