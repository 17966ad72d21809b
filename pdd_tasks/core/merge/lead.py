"""What stands above a piece: blank lines, and a comment."""

from collections.abc import Sequence
from dataclasses import replace

from pdd_tasks.core.merge.lines import merged_lines
from pdd_tasks.core.merge.outline import Block, Kind, Piece


def clean(base: str, mine: str, generated: str) -> str | None:
    """Return the clean merge of some whole lines; None if they conflict."""
    if generated in {mine, base}:
        return mine
    if mine == base:
        return generated
    pieces = merged_lines(base, mine, generated)
    text = "".join(piece for piece in pieces if isinstance(piece, str))
    return text if all(isinstance(piece, str) for piece in pieces) else None


def merged_lead(base: str, mine: str, generated: str) -> str | None:
    """Return what stands above a piece that all three have; None at a conflict."""
    blanks = [_blanks(lead) for lead in (base, mine, generated)]
    notes = [
        lead[size:] for lead, size in zip((base, mine, generated), blanks, strict=True)
    ]
    note = clean(notes[0], notes[1], notes[2])
    count = blanks[2] if blanks[1] == blanks[0] else blanks[1]
    return None if note is None else "\n" * count + note


def spaced(pieces: Sequence[Piece], *blocks: Block) -> list[Piece]:
    """Return pieces with at least as many blank lines between them as is usual.

    A piece that was the first of its block has none, and may have become another.

    Args:
        pieces: The pieces.
        blocks: The blocks they come from, mine first.
    """
    usual = min(
        (
            _blanks(piece.lead)
            for block in blocks
            for piece in block.members[1:]
            if piece.kind is Kind.DEFINITION
        ),
        default=0,
    )
    first = next((_blanks(b.members[0].lead) for b in blocks if b.members), 0)
    return [
        _with_blanks(piece, first, first)
        if at == 0
        else _with_blanks(piece, usual if piece.kind is Kind.DEFINITION else 0)
        for at, piece in enumerate(pieces)
    ]


def _with_blanks(piece: Piece, least: int, most: int | None = None) -> Piece:
    size = _blanks(piece.lead)
    wanted = max(least, size if most is None else min(size, most))
    return replace(piece, lead="\n" * wanted + piece.lead[size:])


def _blanks(lead: str) -> int:
    return len(lead) - len(lead.lstrip("\n"))
