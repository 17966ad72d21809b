"""Inline text of a prompt that one of its includes gives as well."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Final


LEAST_LINES: Final = 3
LEAST_SIGNS: Final = 40
_FENCES: Final = ("```", "~~~")


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeat:
    """Lines of a prompt that an include gives as well.

    Attributes:
        first: The first line, from 1.
        last: The last line.
        path: The file whose include gives them.
    """

    first: int
    last: int
    path: PurePosixPath


def repeats(text: str, given: Mapping[PurePosixPath, str]) -> tuple[Repeat, ...]:
    """Return what of a prompt its includes give as well, in the order of the lines.

    Counted are runs of at least three lines that say something, equal but for blanks
    at their ends and empty lines between them. A fence around nothing else belongs
    to the run.

    Args:
        text: The prompt, its includes as written.
        given: File → what is included of it.
    """
    lines = text.split("\n")
    found: list[Repeat] = []
    for path in sorted(given):
        for first, last in _runs(lines, given[path]):
            taken = any(r.first <= last + 1 and first + 1 <= r.last for r in found)
            if not taken:
                begin, end = _fenced(lines, first, last)
                found.append(Repeat(first=begin + 1, last=end + 1, path=path))
    return tuple(sorted(found, key=lambda one: one.first))


def without(text: str, found: Sequence[Repeat]) -> str:
    """Return a prompt without the lines that its includes give as well."""
    gone = {line for one in found for line in range(one.first, one.last + 1)}
    lines = enumerate(text.split("\n"), 1)
    return "\n".join(line for number, line in lines if number not in gone)


def _runs(lines: Sequence[str], text: str) -> Iterator[tuple[int, int]]:
    """Yield first and last index of each run of lines that a text has, too."""
    mine = [(n, line.strip()) for n, line in enumerate(lines) if line.strip()]
    theirs = [line.strip() for line in text.split("\n") if line.strip()]
    places: dict[str, list[int]] = {}
    for number, line in enumerate(theirs):
        places.setdefault(line, []).append(number)
    at = 0
    while at < len(mine):
        lengths = (_length(mine, at, theirs, p) for p in places.get(mine[at][1], ()))
        length = max(lengths, default=0)
        signs = sum(len(line) for _, line in mine[at : at + length])
        if length >= LEAST_LINES and signs >= LEAST_SIGNS:
            yield mine[at][0], mine[at + length - 1][0]
            at += length
        else:
            at += 1


def _length(
    mine: Sequence[tuple[int, str]], at: int, theirs: Sequence[str], place: int
) -> int:
    length = 0
    for (_, line), other in zip(mine[at:], theirs[place:], strict=False):
        if line != other:
            break
        length += 1
    return length


def _fenced(lines: Sequence[str], first: int, last: int) -> tuple[int, int]:
    around = first > 0 and last + 1 < len(lines)
    if around and all(
        lines[n].strip().startswith(_FENCES) for n in (first - 1, last + 1)
    ):
        return first - 1, last + 1
    return first, last
