"""Which line of a text a place stands under, by indentation alone."""

import re
from collections.abc import Sequence
from typing import Final


_DEFINES: Final = re.compile(
    r"\s*(?:(?:async|export|default|public|private|protected|static|pub|abstract"
    r"|final|inline)\s+)*"
    r"(?:def|class|function|func|fn|impl|interface|struct|enum|trait|namespace)\b"
)


def heading_at(lines: Sequence[str], at: int) -> int | None:
    """Return the position of the line that a line stands under; None at the top.

    Args:
        lines: The text's lines.
        at: A position; if the line there is blank, the next one that is not counts.
    """
    depth = next((indent(line) for line in lines[at:] if line.strip()), 0)
    return above(lines, at, depth)


def above(lines: Sequence[str], at: int, depth: int) -> int | None:
    """Return the position of the nearest line above that is indented less."""
    for place in range(min(at, len(lines)) - 1, -1, -1):
        line = lines[place]
        if line.strip() and indent(line) < depth and is_telling(line):
            return place
    return None


def heading(lines: Sequence[str], at: int) -> str:
    """Return the line that a line stands under, stripped; empty at the top."""
    place = heading_at(lines, at)
    return "" if place is None else lines[place].strip()


def definition(lines: Sequence[str], at: int) -> str:
    """Return the line of the definition that a line is in, stripped, for people.

    Where no line above it reads like one, the line that it stands under.
    """
    place = heading_at(lines, at)
    nearest = "" if place is None else lines[place].strip()
    while place is not None:
        if _DEFINES.match(lines[place]):
            return lines[place].strip()
        place = above(lines, place, indent(lines[place]))
    return nearest


def indent(line: str) -> int:
    """Return how deep a line is indented; a tab counts as one."""
    return len(line) - len(line.lstrip(" \t"))


def is_telling(line: str) -> bool:
    """Return whether a line has a letter or a digit; a lone bracket tells no place."""
    return any(map(str.isalnum, line))
