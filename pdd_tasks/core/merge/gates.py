"""The gates: a merge that breaks one of them is no merge, and becomes a conflict.

They know lines, words and their order, and ask the language for the rest. A line
counts without its indentation; one that holds no word counts for nothing.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from pdd_tasks.core.merge.rise import longest_rise
from pdd_tasks.core.merge.structure import Structure


_WORD: Final = re.compile(r"\w+")
_PAIRS: Final = 5_000_000
"""Pairs of lines that are looked at before an order counts as too tangled."""


def objection(
    base: str, mine: str, generated: str, merged: str, structure: Structure | None
) -> str | None:
    """Return why a merge may not stand, a clause; None if all gates hold.

    Args:
        base: The text that both sides started from.
        mine: A person's side.
        generated: The generator's side, as it was merged: in the order of the base
            if it was put there.
        merged: What came of them.
        structure: The language's own gates; None for a language without any.
    """
    sides = _Four(base, mine, generated, merged)
    found = _amiss(sides) or _disorder(sides)
    if found is None and structure is not None:
        found = structure.objection(base, mine, generated, merged)
    return found


def damage(
    base: str, mine: str, generated: str, merged: str, structure: Structure | None
) -> str | None:
    """Return why a clean merge by lines may not stand, a clause; None if it may.

    Its lines stand in order, but the edits of two places may need each other: a line
    that each side moved elsewhere is there twice, or what one side took away is used
    by the other. Texts that are broken already are not asked for more than their
    lines.

    Args:
        base: The text that both sides started from.
        mine: A person's side.
        generated: The generator's side.
        merged: What came of them.
        structure: The language's own gates; None for a language without any.
    """
    found = _amiss(_Four(base, mine, generated, merged))
    if found is not None or structure is None:
        return found
    if any(structure.objection(t, t, t, t) for t in (base, mine, generated)):
        return None
    return structure.objection(base, mine, generated, merged)


@dataclass(frozen=True, slots=True)
class _Four:
    """Something of each of the four texts."""

    base: str
    mine: str
    generated: str
    merged: str

    def lines(self) -> tuple[list[str], ...]:
        """Return the lines of each that hold a word, without indentation."""
        texts = (self.base, self.mine, self.generated, self.merged)
        return tuple(
            [line.strip() for line in text.splitlines() if _WORD.search(line)]
            for text in texts
        )


@dataclass(frozen=True, slots=True)
class _Range:
    """How often something may stand in a merge, by how often it stands in each text."""

    least: int
    most: int

    @staticmethod
    def of(base: int, mine: int, generated: int) -> "_Range":
        """Return the range: an edit that both sides made may count once or twice."""
        ours, theirs = mine - base, generated - base
        shared = max(min(ours, theirs), 0) + min(max(ours, theirs), 0)
        all_of_both = base + ours + theirs
        once = all_of_both - shared
        return _Range(min(all_of_both, once), max(all_of_both, once))


def _amiss(sides: _Four) -> str | None:
    """Return what was lost or came back; a line may live on in one that is new."""
    base, mine, generated, merged = map(Counter, sides.lines())
    fresh = merged - (base | mine | generated)
    is_joined = bool(fresh)
    for line in base | mine | generated:
        allowed = _Range.of(base[line], mine[line], generated[line])
        if merged[line] > allowed.most:
            return f"a line that was taken away is back, or is there twice: {line}"
        if merged[line] < allowed.least and not (is_joined and _lives_on(line, fresh)):
            return f"a line would be lost: {line}"
    return _lost_word(sides) if is_joined else None


def _lives_on(line: str, fresh: Iterable[str]) -> bool:
    """Return whether at least half of a line's words are in one new line."""
    words = Counter(_WORD.findall(line))
    return any(
        2 * (words & Counter(_WORD.findall(new))).total() >= words.total()
        for new in fresh
    )


def _lost_word(sides: _Four) -> str | None:
    base, mine, generated, merged = (
        Counter(_WORD.findall(text))
        for text in (sides.base, sides.mine, sides.generated, sides.merged)
    )
    for word in base | mine | generated | merged:
        allowed = _Range.of(base[word], mine[word], generated[word])
        if merged[word] < allowed.least:
            return f"a word would be lost: {word}"
        if merged[word] > allowed.most:
            return f"a word that was taken away is back, or is there twice: {word}"
    return None


def _disorder(sides: _Four) -> str | None:
    """Return what was moved back, or stands elsewhere than its side put it."""
    base, mine, generated, merged = map(_places, sides.lines())
    common = [w for w in base if w in mine and w in generated and w in merged]
    broken = _moved_back(
        [(base[w], mine[w], generated[w], merged[w]) for w in common]
    ) or _shuffled(mine, generated, merged)
    return "lines would not stand in the order that a side gave them" * broken or None


def _places(lines: Sequence[str]) -> dict[str, int]:
    """Return the place of each line that stands there once, in order."""
    counts = Counter(lines)
    return {line: at for at, line in enumerate(lines) if counts[line] == 1}


def _shuffled(*texts: dict[str, int]) -> bool:
    """Return whether lines that one side added changed their order."""
    mine, generated, merged = texts
    return any(
        later < sooner
        for side, other in ((mine, generated), (generated, mine))
        for sooner, later in pairwise(
            [merged[line] for line in side if line in merged and line not in other]
        )
    )


def _moved_back(places: Sequence[tuple[int, int, int, int]]) -> bool:
    """Return whether two lines changed their order against the side that set it.

    Args:
        places: Of each line its place in base, mine, generated and merged, in the
            order of the base.
    """
    stayed = set(range(len(places)))
    for side in (1, 2):
        stayed &= set(longest_rise([place[side] for place in places]))
    moved = [at for at in range(len(places)) if at not in stayed]
    if len(moved) * len(places) > _PAIRS:
        return True
    kept = [places[at][3] for at in sorted(stayed)]
    return any(b < a for a, b in pairwise(kept)) or any(
        _is_turned(places[min(a, b)], places[max(a, b)])
        for a, b in _combined(moved, len(places))
    )


def _combined(moved: Sequence[int], size: int) -> Iterator[tuple[int, int]]:
    for at in moved:
        for other in range(size):
            if other != at:
                yield at, other


def _is_turned(
    first: tuple[int, int, int, int], second: tuple[int, int, int, int]
) -> bool:
    """Return whether a pair stands in another order than its sides want."""
    mine, generated, merged = (first[k] < second[k] for k in (1, 2, 3))
    wanted = mine and generated  # a side that turned the pair has turned it
    return merged is not wanted
