"""A person's way through the hunks of a conflict: what every face of the wizard shares.

Rule 1: nothing is forgotten: each change can be taken back. Rule 2: nothing is
published from here; a review ends in a text or in nothing.
"""

from dataclasses import dataclass, replace

from pdd_tasks.core.merge.hunk import Choice, Hunk, Piece, Side, hunks, resolved
from pdd_tasks.core.merge.keep import carried
from pdd_tasks.core.merge.line_style import alike


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """Hunks, what was chosen for them, and the one a person looks at.

    Attributes:
        pieces: Text and hunks in order.
        choices: One for each hunk.
        at: Which hunk is looked at, from 0.
        past: The choices and places before each change, the last one last.
    """

    pieces: tuple[Piece, ...]
    choices: tuple[Choice, ...]
    at: int = 0
    past: tuple[tuple[tuple[Choice, ...], int], ...] = ()

    @property
    def hunks(self) -> tuple[Hunk, ...]:
        """The hunks, in order."""
        return tuple(p for p in self.pieces if isinstance(p, Hunk))

    @property
    def open(self) -> tuple[int, ...]:
        """Which hunks are undecided, from 0."""
        return tuple(n for n, choice in enumerate(self.choices) if choice is None)

    @property
    def text(self) -> str | None:
        """What the choices make; None as long as one is missing."""
        return resolved(self.pieces, self.choices)

    def chosen(self, choice: Choice) -> "Review":
        """Return the review after a choice for this hunk, at the next open one.

        The review itself if there is no hunk.
        """
        if not self.choices:
            return self
        choices = (*self.choices[: self.at], choice, *self.choices[self.at + 1 :])
        past = (*self.past, (self.choices, self.at))
        after = replace(self, choices=choices, past=past)
        later = [n for n in after.open if n > self.at] or list(after.open)
        return replace(after, at=later[0] if later else self.at)

    def taken_by_default(self) -> "Review":
        """Return the review after mine was taken here; itself if this was decided.

        A key too many must not turn a choice.
        """
        if self.at not in self.open:
            return self
        return self.chosen(Side.MINE)

    def undone(self) -> "Review":
        """Return the review before the last choice; itself if there was none."""
        if not self.past:
            return self
        choices, at = self.past[-1]
        return replace(self, choices=choices, at=at, past=self.past[:-1])

    def moved(self, by: int) -> "Review":
        """Return the review at another hunk, the first or last at the ends."""
        return replace(self, at=max(0, min(len(self.choices) - 1, self.at + by)))


def review(
    base: str | None,
    mine: str,
    generated: str,
    *,
    mark: str = "",
    everything: bool = False,
) -> Review:
    """Return the review of a conflict.

    Protected blocks of mine are on all sides, wherever they have a place.

    Args:
        base: What both sides started from; None if nobody knows.
        mine: As a person left it.
        generated: As the generator makes it now.
        mark: How the language starts a comment; empty if it has none.
        everything: Whether also what one side alone changed is undecided; it is, too,
            where nothing else would be.
    """
    theirs = alike(generated, mine)
    old, new = carried(alike(base or "", mine), mine, theirs, mark)
    pieces = hunks(None if base is None else old, mine, new)
    found = [p for p in pieces if isinstance(p, Hunk)]
    proposals = tuple(None if everything else hunk.proposal for hunk in found)
    if None not in proposals:
        proposals = (None,) * len(found)
    first = proposals.index(None) if proposals else 0
    return Review(pieces=pieces, choices=proposals, at=first)
