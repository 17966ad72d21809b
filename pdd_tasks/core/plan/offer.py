"""What a prompt may include besides what it names: the index, and how it is weighed.

Rule 1: the index is made of what is committed and authored, prompts and documents,
never of what was generated: the same project gives the same index at any time of a
run. Rule 2: what is clear is taken by rules; only among several good ones may anybody
be asked. Rule 3: nothing is offered that needs the prompt's own unit.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Final

from pdd_tasks.core.prompt.ranking import ranked, words


MOST: Final = 8
"""How many are shown to whoever chooses."""

_TELLING: Final = 2
_SHARE: Final = 0.25
_SUMMARY: Final = 300
_SPACE: Final = re.compile(r"\s+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """One entry of the index.

    Attributes:
        path: The file that an include would take: a unit's example, or a document.
        name: The unit's id, or the document's path.
        title: The words of its name.
        text: What it is about: the unit's prompt outside its block, or the document.
    """

    path: PurePosixPath
    name: str
    title: str
    text: str

    @property
    def summary(self) -> str:
        """What it is about in one line, cut where it gets long."""
        line = _SPACE.sub(" ", self.text).strip()
        return line if len(line) <= _SUMMARY else f"{line[:_SUMMARY].rstrip()} …"


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """What of an index fits a prompt.

    Attributes:
        good: Those that may well be needed, best first.
        clear: Those of them whose whole name the prompt says.
    """

    good: tuple[Offer, ...]
    clear: tuple[Offer, ...]


def weighed(prompt: str, offers: Sequence[Offer]) -> Weighed:
    """Return what of an index fits a prompt.

    Good is what shares at least two telling words with it and scores at least a
    quarter of the best; clear is a good one all words of whose name the prompt says.

    Args:
        prompt: The prompt outside its block.
        offers: The index.
    """
    by_name = {one.name: one for one in offers}
    texts = {one.name: f"{one.title}\n{one.text}" for one in offers}
    found = ranked(prompt, texts)
    least = found[0].score * _SHARE if found else 0.0
    good = tuple(
        by_name[one.name]
        for one in found
        if one.score >= least and len(one.telling) >= _TELLING
    )[:MOST]
    said = frozenset(words(prompt))
    clear = (one for one in good if (own := set(words(one.title))) and own <= said)
    return Weighed(good=good, clear=tuple(clear))


def way(start: str, goal: str, needs: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """Return how one unit needs another, from the first to the last; empty if not.

    Args:
        start: The unit that may need the other.
        goal: The other.
        needs: Unit → units it needs.
    """
    ways: list[tuple[str, ...]] = [(start,)]
    seen = {start}
    for one in ways:
        if one[-1] == goal:
            return one
        for following in sorted(needs.get(one[-1], ())):
            if following not in seen:
                seen.add(following)
                ways.append((*one, following))
    return ()
