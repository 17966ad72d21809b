"""Two edits inside one statement, joined word by word.

Rule 1: between two edits lies at least one word that nobody changed. Rule 2: what
both inserted at one place is joined only if it is named entries, `name=value` or
`"key": value`, of different names: their order has no meaning. Rule 3: a statement
that a side wrote anew is not an edit.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final

from pdd_tasks.core.merge.lines import places
from pdd_tasks.core.merge.words import is_alike, tokens


_OPEN: Final = frozenset("([{")
_CLOSED: Final = frozenset(")]}")
_NAME: Final = re.compile(r"[^\W\d]\w*")
_KEY: Final = re.compile(r"""\w+|[rbuf]{0,2}["'].*""", re.IGNORECASE | re.DOTALL)


class Entries(Enum):
    """Which entries have an order without meaning, so that new ones may be joined."""

    NONE = auto()
    NAMED = auto()
    ALL = auto()


def merged_tokens(
    base: str, mine: str, generated: str, entries: Entries = Entries.NAMED
) -> str | None:
    """Return a statement with the edits of both sides; None if they touch.

    Args:
        base: The statement.
        mine: As one side left it.
        generated: As the other one made it.
        entries: Which entries both may insert at one place: none of the parameters
            of a function, all of the names of an import.
    """
    if not (is_alike(base, mine) and is_alike(base, generated)):
        return None
    b, m, g = (_Words(*tokens(text)) for text in (base, mine, generated))
    merged = _Words((), ())
    at = (0, 0, 0)
    for place in places(b.words, m.words, g.words):
        taken = _taken(b.cut(place.base), m.cut(place.mine), g.cut(place.generated))
        if taken is None and place.base.start == place.base.stop:
            taken = _united(b, m.cut(place.mine), g.cut(place.generated), entries)
        if taken is None:
            return None
        kept = _kept(b, m, g, at, place.base.start - at[0])
        merged = merged.then(kept).then(taken)
        at = place.base.stop, place.mine.stop, place.generated.stop
    kept = _kept(b, m, g, at, len(b.words) - at[0])
    last = _of_three(b.spaces[-1], m.spaces[-1], g.spaces[-1])
    return merged.then(kept).text + last


@dataclass(frozen=True, slots=True)
class _Words:
    """Words, and the space before each of them; there may be one more space."""

    words: tuple[str, ...]
    spaces: tuple[str, ...]

    def cut(self, part: range) -> "_Words":
        """Return some of the words with the spaces before them."""
        return _Words(
            self.words[part.start : part.stop], self.spaces[part.start : part.stop]
        )

    def then(self, other: "_Words") -> "_Words":
        """Return these words with others behind them."""
        return _Words(self.words + other.words, self.spaces + other.spaces)

    @property
    def text(self) -> str:
        """The text they are; a space behind the last word is not in it."""
        pairs = zip(self.spaces, self.words, strict=False)
        return "".join(space + word for space, word in pairs)


def _kept(
    b: _Words, m: _Words, g: _Words, at: tuple[int, int, int], size: int
) -> _Words:
    """Return words that nobody changed; a side that changed a space is heard.

    Args:
        b: The base.
        m: One side.
        g: The other one.
        at: Where the words begin in each.
        size: How many they are.
    """
    parts = zip((b, m, g), at, strict=True)
    cuts = [part.cut(range(start, start + size)) for part, start in parts]
    spaces = zip(*(cut.spaces for cut in cuts), strict=True)
    return _Words(cuts[0].words, tuple(_of_three(*three) for three in spaces))


def _of_three(base: str, mine: str, generated: str) -> str:
    return generated if mine == base else mine


def _taken(b: _Words, m: _Words, g: _Words) -> _Words | None:
    if g.words in {m.words, b.words}:
        return m
    return g if m.words == b.words else None


def _united(base: _Words, m: _Words, g: _Words, entries: Entries) -> _Words | None:
    """Return entries that both inserted at one place, mine first."""
    ours, theirs = _keys(m.words, entries), _keys(g.words, entries)
    is_front = m.words[-1] == "," == g.words[-1]
    is_back = m.words[0] == "," == g.words[0]
    if not (ours and theirs) or is_front is is_back:
        return None
    known = set(zip(base.words, base.words[1:], strict=False))
    has_twin = set(ours) & set(theirs) or (set(ours) | set(theirs)) & known
    return None if has_twin else m.then(g)


def _keys(words: Sequence[str], entries: Entries) -> list[tuple[str, ...]]:
    """Return what tells entries apart; nothing if one of them has an order."""
    found = list(_entries(words))
    if entries is Entries.ALL:
        return [tuple(entry) for entry in found]
    if entries is Entries.NONE or not all(_is_named(entry) for entry in found):
        return []
    return [(entry[0], entry[1]) for entry in found]


def _is_named(entry: Sequence[str]) -> bool:
    if len(entry) < 3:  # noqa: PLR2004  # name, sign, value
        return False
    if entry[1] == "=":
        return bool(_NAME.fullmatch(entry[0])) and entry[2] != "="
    return entry[1] == ":" and bool(_KEY.fullmatch(entry[0])) and entry[2] != "="


def _entries(words: Sequence[str]) -> Iterator[list[str]]:
    """Yield what stands between commas, brackets kept together."""
    entry: list[str] = []
    depth = 0
    for word in words:
        depth += (word in _OPEN) - (word in _CLOSED)
        if word == "," and depth == 0:
            if entry:
                yield entry
            entry = []
        else:
            entry.append(word)
    if entry:
        yield entry
