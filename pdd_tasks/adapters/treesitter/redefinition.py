"""How often a text defines what; a merge may define nothing more often than its sides.

Told apart are overloads, by their parameters, and variants, by the condition that
they stand under: an ``#ifdef`` around them, or a ``#[cfg]`` above them.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

from pdd_tasks.adapters.treesitter.grammar import Grammar
from pdd_tasks.core.merge.outline import Block, Kind, Piece
from pdd_tasks.core.merge.words import tokens


_CONDITION: Final = re.compile(r"^\s*(#\[cfg.*\S)\s*$", re.MULTILINE)


def defined(outline: Block, grammar: Grammar) -> Counter[str]:
    """Return how often each definition is there: its name, then what tells it apart."""
    return Counter(_defined(outline, grammar, "", ()))


def opening(piece: Piece) -> str:
    """Return the text of a piece up to its first block; all of it without one."""
    return piece.blocks[0].head if piece.blocks else piece.text


def _defined(
    block: Block, grammar: Grammar, prefix: str, under: tuple[str, ...]
) -> Iterator[str]:
    for piece in block.members:
        name = f"{prefix}{piece.key}"
        is_counted = piece.key and piece.key not in grammar.repeatable
        if piece.kind is Kind.DEFINITION and is_counted:
            apart = _parameters(piece) if grammar.has_overloads else ()
            yield " ".join([name, *under, *_CONDITION.findall(piece.lead), *apart])
        for inner in piece.blocks:
            if inner.is_free and piece.key:
                yield from _defined(inner, grammar, f"{name}.", under)
            elif inner.is_free:
                where = (*under, inner.head.strip())
                yield from _defined(inner, grammar, prefix, where)


def _parameters(piece: Piece) -> Sequence[str]:
    """Return the words of a definition up to its body, which may be on its line."""
    words = tokens(opening(piece))[0]
    depth = 0
    for at, word in enumerate(words):
        depth += (word in {"(", "["}) - (word in {")", "]"})
        if word == "{" and not depth:
            return words[:at]
    return words
