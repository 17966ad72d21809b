"""What of a sequence kept its order: the rest was moved."""

from bisect import bisect_left
from collections.abc import Sequence


def longest_rise(values: Sequence[int]) -> tuple[int, ...]:
    """Return the positions of a longest rising row of values, in order.

    Args:
        values: No two of them are equal.
    """
    tops: list[int] = []  # lowest end of a row of each length so far
    ends: list[int] = []  # the position of that end
    before: list[int] = []
    for at, value in enumerate(values):
        length = bisect_left(tops, value)
        before.append(ends[length - 1] if length else -1)
        tops[length : length + 1] = [value]
        ends[length : length + 1] = [at]
    found: list[int] = []
    at = ends[-1] if ends else -1
    while at >= 0:
        found.append(at)
        at = before[at]
    return tuple(found[::-1])
