"""Conflict markers: out, for a person to decide in an editor, and in again.

Rule 1: markers are those of git, so that editors and `git mergetool` know them. Rule
2: a line counts as a marker only in its place; an underline of seven equal signs
outside of a conflict is text.
"""

from collections.abc import Iterable, Iterator
from enum import StrEnum
from typing import Final

from pdd_tasks.core.merge.line_style import end_of, ended
from pdd_tasks.core.merge.result import Region


class Style(StrEnum):
    """How conflicts are written; git's setting `merge.conflictStyle`."""

    MERGE = "merge"  # without base
    DIFF3 = "diff3"
    ZDIFF3 = "zdiff3"  # regions are never larger than they must be, so like diff3


_MINE: Final = "<<<<<<<"
_BASE: Final = "|||||||"
_SPLIT: Final = "======="
_GENERATED: Final = ">>>>>>>"


def marked(pieces: Iterable[str | Region], style: Style = Style.DIFF3) -> str:
    """Return a text with its conflicts between markers."""
    found = list(pieces)
    texts = (p if isinstance(p, str) else p.mine + p.generated for p in found)
    end = end_of("".join(texts))
    return "".join(_written(found, style, end))


def _written(pieces: Iterable[str | Region], style: Style, end: str) -> Iterator[str]:
    for piece in pieces:
        if isinstance(piece, str):
            yield piece
            continue
        where = f" ({piece.where})" if piece.where else ""
        yield f"{_MINE} mine{where}{end}{ended(piece.mine, end)}"
        if style is not Style.MERGE:
            yield f"{_BASE} base{end}{ended(piece.base, end)}"
        yield f"{_SPLIT}{end}{ended(piece.generated, end)}{_GENERATED} generated{end}"
