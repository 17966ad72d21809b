"""Protected blocks: lines of mine that no generator may change, move away or drop.

Rule 1: a block is between two comment lines of its own, ``# <pdd-keep>`` and
``# </pdd-keep>``, with the comment mark of the language; ``<pdd-keep id=name>`` gives
it a name. Rule 2: blocks of mine win over everybody's, byte for byte. Rule 3: a block
whose place is gone is put nowhere, so that the merge becomes a conflict.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from pdd_tasks.core.merge.anchor import Anchor, place_of
from pdd_tasks.core.merge.heading import heading, indent
from pdd_tasks.core.merge.line_style import bare, ended, is_ended, lines_of


_CLOSING: Final[Mapping[str, str]] = {"<!--": "-->", "/*": "*/"}
_ALSO: Final[Mapping[str, tuple[str, ...]]] = {"//": ("//", "/*")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A protected block.

    Attributes:
        text: Its lines with both markers, without the end of the last.
        name: Its name; empty if it has none.
        heading: The line that it stands under; empty at the top.
        start: Position of its first line.
        end: Position behind its last line.
    """

    text: str
    name: str
    heading: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Marker:
    at: int
    is_opening: bool
    name: str


def keep_problem(text: str, mark: str) -> str | None:
    """Return what is wrong with the markers of a text; None if nothing is.

    Args:
        text: The text.
        mark: How the language starts a comment; empty if it has none.

    Returns:
        A clause that names the line, ready to be put behind the name of the file.
    """
    opened: int | None = None
    names: dict[str, int] = {}
    for number, found in _read(lines_of(text), mark):
        if found is None:
            return f"line {number}: this is no marker of a protected block"
        fault = _fault(found, opened, names)
        if fault is not None:
            return f"line {number}: {fault}"
        opened = number if found.is_opening else None
        if found.name:
            names[found.name] = number
    return None if opened is None else f"line {opened}: this block never ends"


def _fault(found: _Marker, opened: int | None, names: Mapping[str, int]) -> str | None:
    if not found.is_opening:
        return "a block ends here that never began" if opened is None else None
    if opened is not None:
        return f"a block inside the block of line {opened}"
    if found.name in names:
        return f"line {names[found.name]} has a block {found.name}, too"
    return None


def _read(lines: Sequence[str], mark: str) -> Iterator[tuple[int, _Marker | None]]:
    """Yield the number of each line that is like a marker, and the marker in it."""
    marks = _ALSO.get(mark, (mark,)) if mark else ()
    for at, line in enumerate(lines):
        for begin in marks if "pdd-keep" in line else ():
            if re.match(rf"\s*{re.escape(begin)}\s*</?pdd-keep\b", line):
                yield at + 1, _marker(at, bare(line).strip(), begin)


def _marker(at: int, line: str, begin: str) -> _Marker | None:
    inner = line.removeprefix(begin).removesuffix(_CLOSING.get(begin, "")).strip()
    if inner == "</pdd-keep>":
        return _Marker(at, is_opening=False, name="")
    found = re.fullmatch(r'<pdd-keep(?:\s+(?:id=)?("?)([\w.:-]+)\1)?\s*>', inner)
    return found and _Marker(at, is_opening=True, name=found[2] or "")


def blocks_of(text: str, mark: str) -> tuple[Block, ...]:
    """Return the well-formed blocks of a text, in order."""
    lines, found = lines_of(text), list[Block]()
    opening: _Marker | None = None
    for _, marker in _read(lines, mark):
        if marker is not None and not marker.is_opening and opening is not None:
            start, end = opening.at, marker.at + 1
            block = Block(
                text=bare("".join(lines[start:end])),
                name=opening.name,
                heading=heading(lines, start),
                start=start,
                end=end,
            )
            found.append(block)
        opening = marker if marker is not None and marker.is_opening else None
    return tuple(found)


def is_kept(mine: str, merged: str, mark: str) -> bool:
    """Return whether a merge holds each block of mine once, and no broken marker."""
    if keep_problem(merged, mark) is not None:
        return False
    ours, theirs = (_texts(text, mark) for text in (mine, merged))
    return all(theirs[text] == count for text, count in ours.items())


def _texts(text: str, mark: str) -> Counter[str]:
    return Counter(block.text for block in blocks_of(text, mark))


def carried(base: str, mine: str, generated: str, mark: str) -> tuple[str, str]:
    """Return base and generated text with the blocks of mine in their places.

    A block whose place is gone in the generated text is in neither, so that nobody
    but mine has it. All texts end their lines by line feeds alone.
    """
    blocks = blocks_of(mine, mark)
    if not blocks:
        return base, generated
    new, placed = _into(generated, mine, blocks, mark)
    theirs = _pairs(blocks, blocks_of(base, mark))
    gone = [theirs[b] for b in blocks if b in theirs and b not in placed]
    old, _ = _into(_without(base, gone), mine, placed, mark)
    return old, new


def _into(
    text: str, mine: str, blocks: Sequence[Block], mark: str
) -> tuple[str, list[Block]]:
    """Return a text with blocks of mine in it, and those that have a place in it."""
    pairs = _pairs(blocks, blocks_of(text, mark))
    lines = lines_of(ended(text, "\n"))
    for block, theirs in sorted(pairs.items(), key=lambda p: -p[1].start):
        lines[theirs.start : theirs.end] = lines_of(f"{block.text}\n")
    placed = list(pairs)
    for block in (b for b in blocks if b not in pairs):
        absent = [b for b in blocks_of(mine, mark) if b not in placed]
        place = place_of(_anchor(mine, block, absent), lines)
        if place is not None:
            lines[place:place] = lines_of(f"{block.text}\n")
            placed.append(block)
    new = "".join(lines)
    return new if is_ended(text) else new.removesuffix("\n"), placed


def _anchor(mine: str, block: Block, absent: Iterable[Block]) -> Anchor:
    """Return where a block is in mine, without the blocks that are absent."""
    lines = lines_of(mine)
    at, depth = block.start, indent(lines[block.start])
    for other in sorted(absent, key=lambda b: -b.start):
        del lines[other.start : other.end]
        if other.start < block.start:
            at -= other.end - other.start
    return Anchor(lines=tuple(lines), at=at, depth=depth, heading=block.heading)


def _without(text: str, gone: Iterable[Block]) -> str:
    lines = lines_of(text)
    for block in sorted(gone, key=lambda b: -b.start):
        del lines[block.start : block.end]
    return "".join(lines)


def _pairs(ours: Sequence[Block], theirs: Sequence[Block]) -> dict[Block, Block]:
    """Return which block of a text is which of mine.

    By name, else by being the same, else by order below the same heading if there
    are as many of them.
    """
    found: dict[Block, Block] = {}
    rest = list(theirs)
    for block in ours:
        other = next((o for o in rest if _is_same(block, o)), None)
        if other is not None:
            found[block] = other
            rest.remove(other)
    for heading_ in {block.heading: None for block in ours}:
        unnamed = [
            [b for b in blocks if not b.name and b.heading == heading_]
            for blocks in ([b for b in ours if b not in found], rest)
        ]
        if len(unnamed[0]) == len(unnamed[1]):
            found.update(zip(*unnamed, strict=True))
    return found


def _is_same(one: Block, other: Block) -> bool:
    return one.name == other.name if one.name else one.text == other.text
