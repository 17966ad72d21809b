"""Where two sequences of lines differ, the way that git says it.

Rule 1: the result is a function of the lines alone. Rule 2: work is bounded on any
input: a search that grows too dear is split at lines that occur once in each text,
and where there are none, at the furthest place that it reached.

Source: Myers, An O(ND) Difference Algorithm and Its Variations (1986), in linear
space; the splitting is that of Cohen's patience diff; changes slide down as far as
equal lines let them, which is where `git diff` leaves them.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final


_DEAR: Final = 256
"""Edits from either end after which a search is split; git's own bound."""

_NOWHERE: Final = -1


@dataclass(frozen=True, slots=True)
class Change:
    """Lines of the old text, and what stands in their place in the new one.

    Ranges are half open; one of them may be empty.
    """

    old_start: int
    old_end: int
    new_start: int
    new_end: int


def changes(old: Sequence[str], new: Sequence[str]) -> tuple[Change, ...]:
    """Return where two texts differ, in order; unchanged lines lie between any two.

    Args:
        old: Lines, compared as they are.
        new: Lines likewise.
    """
    partner = _partners(old, new)
    _slide(old, partner, len(new))
    back = _turned(partner, len(new))
    _slide(new, back, len(old))
    return tuple(_listed(_turned(back, len(old)), len(new)))


def partners(old: Sequence[str], new: Sequence[str]) -> Mapping[int, int]:
    """Return where lines of an old text are in a new one, position → position."""
    found: dict[int, int] = {}
    at, last = 0, len(old)
    for change in (*changes(old, new), Change(last, last, len(new), len(new))):
        by = change.new_start - change.old_start
        found.update((n, n + by) for n in range(at, change.old_start))
        at = change.old_end
    return found


def _listed(partner: Sequence[int], size: int) -> Iterator[Change]:
    old_start = new_start = 0
    for at, other in enumerate([*partner, size]):
        if other == _NOWHERE:
            continue
        if old_start < at or new_start < other:
            yield Change(old_start, at, new_start, other)
        old_start, new_start = at + 1, other + 1


def _turned(partner: Sequence[int], size: int) -> list[int]:
    back = [_NOWHERE] * size
    for at, other in enumerate(partner):
        if other != _NOWHERE:
            back[other] = at
    return back


def _partners(old: Sequence[str], new: Sequence[str]) -> list[int]:
    """Return for each old line the new line that it is, or `_NOWHERE`."""
    partner = [_NOWHERE] * len(old)
    low, (old_high, new_high) = 0, (len(old), len(new))
    while low < min(old_high, new_high) and old[low] == new[low]:
        partner[low] = low
        low += 1
    while low < min(old_high, new_high) and old[old_high - 1] == new[new_high - 1]:
        old_high, new_high = old_high - 1, new_high - 1
        partner[old_high] = new_high
    shared = set(old) & set(
        new
    )  # of whole texts: fewer would change which way is taken
    ours = [at for at in range(low, old_high) if old[at] in shared]
    theirs = [at for at in range(low, new_high) if new[at] in shared]
    for a, b in _pairs([old[at] for at in ours], [new[at] for at in theirs]):
        partner[ours[a]] = theirs[b]
    return partner


def _pairs(a: Sequence[str], b: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Yield the positions of lines that are the same, in no particular order."""
    boxes = [(0, len(a), 0, len(b))]
    while boxes:
        a_low, a_high, b_low, b_high = boxes.pop()
        while a_low < a_high and b_low < b_high and a[a_low] == b[b_low]:
            yield a_low, b_low
            a_low, b_low = a_low + 1, b_low + 1
        while a_low < a_high and b_low < b_high and a[a_high - 1] == b[b_high - 1]:
            a_high, b_high = a_high - 1, b_high - 1
            yield a_high, b_high
        if a_low == a_high or b_low == b_high:
            continue
        cuts = _cuts(a[a_low:a_high], b[b_low:b_high])
        rows = [(a_low + x, b_low + y) for x, y in cuts]
        for (x, y), (x_end, y_end) in pairwise(
            [(a_low, b_low), *rows, (a_high, b_high)]
        ):
            boxes.append((x, x_end, y, y_end))


def _cuts(a: Sequence[str], b: Sequence[str]) -> list[tuple[int, int]]:
    """Return where to cut two texts so that equal parts stay together."""
    a_back, b_back = a[::-1], b[::-1]
    ahead, back = {0: 0}, {0: 0}
    delta = len(a) - len(b)
    for cost in range(1, _DEAR + 1):
        for d in _advance(ahead, _diagonals(cost, len(a), len(b))[::-1], a, b):
            if delta % 2 and ahead[d] + back.get(delta - d, _NOWHERE) >= len(a):
                return [(ahead[d], ahead[d] - d)]
        for d in _advance(back, _diagonals(cost, len(a), len(b)), a_back, b_back):
            if not delta % 2 and back[d] + ahead.get(delta - d, _NOWHERE) >= len(a):
                x = len(a) - back[d]
                return [(x, x - (delta - d))]
    return _anchors(a, b) or [_furthest(ahead)]


def _diagonals(cost: int, a_size: int, b_size: int) -> range:
    """Return the diagonals that a number of edits can reach, those outside left out."""
    low = -cost if cost <= b_size else -b_size + ((cost ^ b_size) & 1)
    high = cost if cost <= a_size else a_size - ((cost ^ a_size) & 1)
    return range(low, high + 1, 2)


def _advance(
    reach: dict[int, int], diagonals: range, a: Sequence[str], b: Sequence[str]
) -> Iterator[int]:
    """Reach as far as one more edit allows.

    Args:
        reach: Diagonal, position in `a` minus position in `b`, → position in `a`.
        diagonals: Those to try, in this order: the first that meets the search from
            the other end decides which of several shortest ways is taken.
        a: Lines.
        b: Lines.

    Yields:
        Each diagonal that led somewhere.
    """
    a_size, b_size = len(a), len(b)
    for d in diagonals:
        deleted, added = reach.get(d - 1, -2) + 1, reach.get(d + 1, _NOWHERE)
        x = max(added, deleted)
        if x < 0 or x > a_size or x - d > b_size:
            reach[d] = -2
            continue
        while x < a_size and x - d < b_size and a[x] == b[x - d]:
            x += 1
        reach[d] = x
        yield d


def _furthest(reach: dict[int, int]) -> tuple[int, int]:
    _, d = max((2 * x - d, d) for d, x in reach.items() if x >= 0)
    return reach[d], reach[d] - d


def _anchors(a: Sequence[str], b: Sequence[str]) -> list[tuple[int, int]]:
    """Return the longest row of lines that occur once in each text, as positions."""
    counts = Counter(a), Counter(b)
    place = {line: at for at, line in enumerate(b) if counts[1][line] == 1}
    tops: list[int] = []
    rows: list[tuple[int, int, int]] = []  # place in a, in b, row before
    ends: list[int] = []
    for at, line in enumerate(a):
        if counts[0][line] != 1 or line not in place:
            continue
        pile = bisect_left(tops, place[line])
        rows.append((at, place[line], ends[pile - 1] if pile else _NOWHERE))
        tops[pile : pile + 1] = [place[line]]
        ends[pile : pile + 1] = [len(rows) - 1]
    found: list[tuple[int, int]] = []
    row = ends[-1] if ends else _NOWHERE
    while row != _NOWHERE:
        x, y, row = rows[row]
        found.append((x, y))
    return found[::-1]


def _slide(lines: Sequence[str], partner: list[int], size: int) -> None:
    """Move groups of changed lines down as far as equal lines let them.

    A group that passes a place where the other text has changed lines, too, stays at
    the last such place, so that the two make one change.
    """
    at = 0
    while at < len(lines):
        at = at + 1 if partner[at] != _NOWHERE else _settled(lines, partner, size, at)


def _settled(lines: Sequence[str], partner: list[int], size: int, start: int) -> int:
    """Settle the group that starts somewhere.

    Returns:
        Where to go on.
    """
    end, length = _group_end(partner, start), 0
    highest, meeting = end, _NOWHERE
    while end - start != length:
        length = end - start
        while start and lines[start - 1] == lines[end - 1]:
            start, end = start - 1, end - 1
            partner[end], partner[start] = partner[start], _NOWHERE
            while start and partner[start - 1] == _NOWHERE:
                start -= 1
        highest, meeting = end, end if _meets(partner, size, start, end) else _NOWHERE
        while end < len(lines) and lines[start] == lines[end]:
            partner[start], partner[end] = partner[end], _NOWHERE
            start, end = start + 1, _group_end(partner, end + 1)
            meeting = end if _meets(partner, size, start, end) else meeting
    if meeting != _NOWHERE and highest < end:
        while meeting < end:
            start, end = start - 1, end - 1
            partner[end], partner[start] = partner[start], _NOWHERE
    return end + 1


def _group_end(partner: Sequence[int], at: int) -> int:
    while at < len(partner) and partner[at] == _NOWHERE:
        at += 1
    return at


def _meets(partner: Sequence[int], size: int, start: int, end: int) -> bool:
    """Return whether the other text has changed lines at the place of a group."""
    before = partner[start - 1] if start else -1
    after = partner[end] if end < len(partner) else size
    return after - before > 1
