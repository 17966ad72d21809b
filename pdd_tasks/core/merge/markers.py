"""Conflict markers: out, for a person to decide in an editor, and in again.

Rule 1: markers are those of git, so that editors and `git mergetool` know them. Rule
2: a line counts as a marker only in its place; an underline of seven equal signs
outside of a conflict is text.
"""

from collections.abc import Iterable, Iterator
from enum import StrEnum
from typing import Final

from pdd_tasks.core.merge.line_style import bare, end_of, ended, lines_of
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


def left_in(text: str, known: Iterable[str] = ()) -> tuple[int, ...]:
    """Return the lines of a text, from 1, where a conflict is still marked.

    Args:
        text: A text that a person edited.
        known: Texts that had no conflict in them; a marker that stands alone and in
            one of them is text.
    """
    lines = [bare(line) for line in lines_of(text)]
    theirs = {bare(line) for other in known for line in lines_of(other)}
    whole = set(_conflicts(lines))
    alone = (n for n, line in enumerate(lines) if _is_sign(line) and line not in theirs)
    return tuple(n + 1 for n in sorted(whole.union(alone)))


def _conflicts(lines: list[str]) -> Iterator[int]:
    """Yield where well-formed conflicts begin, and where their other markers are."""
    order = {_MINE: (_BASE, _SPLIT), _BASE: (_SPLIT,), _SPLIT: (_GENERATED,)}
    found: list[int] = []
    for at, line in enumerate(lines):
        sign = _sign(line)
        if sign == _MINE:
            found = [at]
        elif found and sign in order[_sign(lines[found[-1]])]:
            found.append(at)
        if found and sign == _GENERATED and found[-1] == at:
            yield from found
            found = []


def _sign(line: str) -> str:
    return line[:7] if line[7:8] in {"", " "} else ""


def _is_sign(line: str) -> bool:
    return _sign(line) in {_MINE, _BASE, _GENERATED}
