"""Where lines belong in another text: between their neighbours, below their heading."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pdd_tasks.core.merge.difference import partners
from pdd_tasks.core.merge.heading import above, indent, is_telling
from pdd_tasks.core.merge.line_style import bare


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchor:
    """A place in a text, without the lines that stand in it.

    Attributes:
        lines: The text's other lines.
        at: Where the lines stand among them.
        depth: How deep they are indented.
        heading: The line they stand under, stripped; empty at the top.
    """

    lines: tuple[str, ...]
    at: int
    depth: int
    heading: str

    @property
    def before(self) -> int | None:
        """The nearest line before that is not blank; None at the top."""
        above = range(self.at - 1, -1, -1)
        return next((n for n in above if self.lines[n].strip()), None)

    @property
    def after(self) -> int | None:
        """The nearest line behind that is not blank; None at the end."""
        below = range(self.at, len(self.lines))
        return next((n for n in below if self.lines[n].strip()), None)


def place_of(anchor: Anchor, lines: Sequence[str]) -> int | None:
    """Return where a place is in another text; None if it is gone.

    Both neighbours say it, or one of them below the same heading, or one of them
    that stands once below the heading, wherever that went.
    """
    where = partners([bare(n) for n in anchor.lines], [bare(n) for n in lines])
    before, after = anchor.before, anchor.after
    above = -1 if before is None else where.get(before)
    below = len(lines) if after is None else where.get(after)
    if above is not None and below is not None:
        return _past_blanks(anchor, lines, above + 1)
    for line, place in ((before, above), (after, below)):
        if place is None or not _tells(anchor, line):
            continue
        place_ = place if line == after else place + 1
        if _heading(lines, place_, anchor.depth) == anchor.heading:
            return place_
    return _moved(anchor, lines)


def _past_blanks(anchor: Anchor, lines: Sequence[str], place: int) -> int:
    """Return a place behind as many blank lines as there were."""
    first = 0 if anchor.before is None else anchor.before + 1
    blanks = anchor.at - first
    while blanks and place < len(lines) and not lines[place].strip():
        place, blanks = place + 1, blanks - 1
    return place


def _tells(anchor: Anchor, line: int | None) -> bool:
    return line is None or is_telling(anchor.lines[line])


def _heading(lines: Sequence[str], at: int, depth: int) -> str:
    found = above(lines, at, depth)
    return "" if found is None else lines[found].strip()


def _moved(anchor: Anchor, lines: Sequence[str]) -> int | None:
    area = _area(anchor.heading, lines)
    if area is None:
        return None
    neighbours = [(n, at) for n, at in _neighbours(anchor) if is_telling(n)]
    for line, behind in sorted(neighbours, key=lambda n: indent(n[0]) != anchor.depth):
        found = [n for n in area if lines[n].strip() == line.strip()]
        if len(found) == 1:
            return found[0] + behind
    return None


def _neighbours(anchor: Anchor) -> Iterator[tuple[str, int]]:
    """Yield the neighbouring lines, and how far behind each of them the place is."""
    for line, behind in ((anchor.before, 1), (anchor.after, 0)):
        if line is not None:
            yield anchor.lines[line], behind


def _area(heading: str, lines: Sequence[str]) -> range | None:
    """Return a heading and what is below it; None if it does not stand there once."""
    if not heading:
        return range(len(lines))
    found = [n for n, line in enumerate(lines) if line.strip() == heading]
    if len(found) != 1:
        return None
    start, depth = found[0], indent(lines[found[0]])
    rest = range(start + 1, len(lines))
    ends = (n for n in rest if lines[n].strip() and indent(lines[n]) <= depth)
    return range(start, next(ends, len(lines)))
