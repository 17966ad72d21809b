"""The regenerated layout given back to what a merge left as it says in the base.

A regenerated text is merged in the layout of the base, so that layout alone makes no
conflict. Afterwards every part that mine left alone looks as it was regenerated; in
a statement that mine changed, the words around the change do.
"""

from collections.abc import Sequence
from dataclasses import replace

from pdd_tasks.core.merge.matching import matching, named
from pdd_tasks.core.merge.outline import Block, Piece, of_blocks, shape
from pdd_tasks.core.merge.restoring import Same
from pdd_tasks.core.merge.tokens import merged_tokens


def relaid(base: Block, generated: Block, merged: Block, same: Same) -> Block:
    """Return a merge in the regenerated layout where mine changed nothing.

    Args:
        base: The block whose layout the merge has so far.
        generated: The block in its own layout.
        merged: What came of the merge.
        same: Compares two texts whatever their layout.
    """
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
    return of_blocks(found, [relaid(b, m, p, same) for b, m, p in three])


def _lead(base: str, model: str, text: str, same: Same) -> str:
    """Return what stands above a piece; blank lines belong to its place."""
    is_blank = base.lstrip("\n") == model.lstrip("\n")
    return text if is_blank else _text(base, model, text, same)


def _text(base: str, model: str, text: str, same: Same) -> str:
    if base != text or model == text:
        return text
    return model if same(model, text) else text


def _around(base: str, model: str, text: str, same: Same) -> str:
    """Return a statement that mine changed, the words around the change relaid."""
    if base in {model, text} or not same(base, model):
        return text
    found = merged_tokens(base, text, model)
    return found if found is not None and same(found, text) else text
