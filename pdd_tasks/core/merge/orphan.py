"""Uses of a definition that is gone: one side took it away, the other uses it anew."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Final

from pdd_tasks.core.merge.outline import Block, Kind


_WORD: Final = re.compile(r"\w+")


def words_of(text: str) -> Counter[str]:
    """Return every word of a text, and how often it is there."""
    return Counter(_WORD.findall(text))


def orphan(
    base: Block,
    mine: Block,
    generated: Block,
    merged: Block,
    uses: Callable[[str], Counter[str]] = words_of,
) -> str | None:
    """Return the name of a definition that a merge uses and no longer has.

    It counts only if the side that took it away used it less.

    Args:
        base: What both sides started from.
        mine: One side.
        generated: The other side.
        merged: What came of them.
        uses: How often a text uses which names; a language may leave out words that
            refer to nothing, as those of comments.
    """
    gone = _names(base) - _names(merged)
    if not gone:
        return None
    used = uses(merged.text)
    cutters = [(_names(side), uses(side.text)) for side in (mine, generated)]
    for name in sorted(gone):
        least = [uses[name] for names, uses in cutters if name not in names]
        if least and used[name] > min(least):
            return name
    return None


def _names(block: Block) -> frozenset[str]:
    return frozenset(_defined(block))


def _defined(block: Block) -> Iterator[str]:
    for piece in block.members:
        if piece.kind is Kind.DEFINITION:
            yield from _WORD.findall(piece.key)[-1:]
        for inner in piece.blocks:
            yield from _defined(inner)
