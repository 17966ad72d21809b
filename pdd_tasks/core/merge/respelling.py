"""A statement that one side changed, spelled and laid out as the other side did.

Formatters change quotes, brackets, commas and the space between words; the words
themselves stay, one for one. So a change of words is put into the statement as it is
spelled now; where the signs beside it are others than before, they come with it.
"""

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Self

from pdd_tasks.core.merge.difference import Change, changes
from pdd_tasks.core.merge.words import tokens


_SIGNS: Final = frozenset("()[]{},;\\")


def respelled(base: str, model: str, text: str) -> str | None:
    """Return a changed statement in another spelling of what it was.

    Args:
        base: The statement before it was changed.
        model: The same statement, spelled and laid out anew.
        text: The statement, changed.

    Returns:
        None if the words of the base are not those of the model; whether the result
        still says what the text does is for the caller to see.
    """
    old, new, now = (_Spelling.of(one) for one in (base, model, text))
    if old.keys != new.keys:
        return None
    found: list[str] = []
    at, space = 0, new.spaces[0]
    for place in _places(old, new, changes(old.tokens, now.tokens)):
        found += new.cut(range(at, place.start), space)
        space = new.spaces[place.start] if place.start > at else space
        if now.spaces[place.new_start] != old.spaces[place.old_start]:
            space = now.spaces[place.new_start]
        put_in = range(place.new_start, place.new_end)
        found += now.cut(put_in, space)
        at, after = place.end, now.spaces[place.new_end]
        is_kept = bool(put_in) and after == old.spaces[place.old_end]
        space = new.spaces[at] if is_kept else after if put_in else space
    found += new.cut(range(at, len(new.tokens)), space)
    return "".join(found) + now.spaces[-1]


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a change is: in the base, in the changed text, and in the model."""

    old_start: int
    old_end: int
    new_start: int
    new_end: int
    start: int
    end: int

    def then(self, other: Self) -> Self:
        """Return this place and a later one, with what is between them."""
        return type(self)(
            self.old_start,
            other.old_end,
            self.new_start,
            other.new_end,
            self.start,
            other.end,
        )


@dataclass(frozen=True, slots=True)
class _Spelling:
    """The tokens of a statement, the space before each, and which are words.

    There is one more space than there are tokens.
    """

    tokens: tuple[str, ...]
    spaces: tuple[str, ...]
    words: tuple[int, ...]

    @classmethod
    def of(cls, text: str) -> Self:
        """Return how a text is spelled."""
        found, spaces = tokens(text)
        words = [at for at, token in enumerate(found) if token not in _SIGNS]
        return cls(found, spaces, tuple(words))

    @property
    def keys(self) -> list[str]:
        """The words, whatever their quotes."""
        return [self.tokens[at].replace("'", '"') for at in self.words]

    def gap(self, number: int) -> range:
        """Return where the signs before a word are; with their count, behind all."""
        start = self.words[number - 1] + 1 if number else 0
        is_last = number == len(self.words)
        return range(start, len(self.tokens) if is_last else self.words[number])

    def signs(self, number: int) -> tuple[str, ...]:
        """Return the signs before a word."""
        gap = self.gap(number)
        return self.tokens[gap.start : gap.stop]

    def cut(self, part: range, space: str) -> Iterator[str]:
        """Yield tokens with the space before them, another one before the first."""
        for at in part:
            yield (space if at == part.start else self.spaces[at]) + self.tokens[at]


def _places(
    old: _Spelling, new: _Spelling, found: tuple[Change, ...]
) -> Iterator[_Place]:
    """Yield where changes are; those that touch in the model are one."""
    last: _Place | None = None
    for change in found:
        place = _place(old, new, change)
        if last is not None and place.old_start <= last.old_end:
            last = last.then(place)
            continue
        if last is not None:
            yield last
        last = place
    if last is not None:
        yield last


def _place(old: _Spelling, new: _Spelling, change: Change) -> _Place:
    """Return where a change is; with the signs beside it, where they differ."""
    first = bisect_left(old.words, change.old_start)
    after = bisect_left(old.words, change.old_end)
    before, behind = old.gap(first), old.gap(after)
    low, high = before.start, behind.stop
    start, end = new.gap(first).start, new.gap(after).stop
    if old.signs(first) == new.signs(first):
        low, start = change.old_start, start + change.old_start - low
    if old.signs(after) == new.signs(after):
        high, end = change.old_end, end - (high - change.old_end)
    return _Place(
        low,
        high,
        change.new_start - (change.old_start - low),
        change.new_end + (high - change.old_end),
        start,
        end,
    )
