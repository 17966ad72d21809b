"""Go's coverage profiles: ``file.go:3.24,5.2 1 1`` for each block of statements.

Source: go doc cmd/cover, and the package ``golang.org/x/tools/cover``.
"""

import re
from collections.abc import Mapping
from typing import Final

from pdd_tasks.adapters.toolchain.result import Covered


_BLOCK: Final = re.compile(
    r"(?P<file>.+):(?P<first>\d+)\.\d+,(?P<last>\d+)\.\d+"
    r" (?P<statements>\d+) (?P<count>\d+)"
)


def covered(text: str) -> Mapping[str, Covered]:
    """Return file as the report names it → what of it was run.

    A line counts as run if all blocks with statements on it were.
    """
    blocks: dict[tuple[str, int, int], bool] = {}
    for line in text.splitlines():
        match = _BLOCK.fullmatch(line.strip())
        if match is None or match["statements"] == "0":
            continue
        place = match["file"], int(match["first"]), int(match["last"])
        blocks[place] = blocks.get(place, False) or match["count"] != "0"
    found: dict[str, dict[int, bool]] = {}
    for (name, first, last), is_run in blocks.items():
        lines = found.setdefault(name, {})
        for number in _inside(first, last):
            lines[number] = lines.get(number, True) and is_run
    return {name: Covered(lines=lines) for name, lines in found.items()}


def _inside(first: int, last: int) -> range:
    """Return the lines of a block, less those of its braces."""
    return range(first + 1, last) if last > first + 1 else range(first, first + 1)
