"""The places where two texts differ, and what a person makes of each.

Rule 1: every difference is a hunk, so that all of mine is exactly mine, and all of the
generated text exactly that. Rule 2: what only one side changed has a proposal; what
both changed has none.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from pdd_tasks.core.merge.heading import heading
from pdd_tasks.core.merge.line_style import ended, lines_of
from pdd_tasks.core.merge.lines import Place, places


class Side(StrEnum):
    """What may stand in the place of a hunk."""

    MINE = "mine"
    GENERATED = "generated"
    BOTH = "mine, then generated"
    BOTH_TURNED = "generated, then mine"


@dataclass(frozen=True, slots=True)
class Edited:
    """A text of a person's own in the place of a hunk."""

    text: str


Choice = Side | Edited | None
"""What a person chose for a hunk; None as long as nothing is decided."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hunk:
    """A place where mine and the generated text differ.

    Attributes:
        base: What stood there; None if nobody knows.
        mine: What a person made of it.
        generated: What the generator made of it.
        line: The number of its first line in mine.
        where: The line that it stands under; empty at the top.
    """

    base: str | None
    mine: str
    generated: str
    line: int
    where: str

    @property
    def proposal(self) -> Side | None:
        """The side that changed something, if the other did not; else None."""
        if self.base == self.mine:
            return Side.GENERATED
        return Side.MINE if self.base == self.generated else None


Piece = str | Hunk


def hunks(base: str | None, mine: str, generated: str) -> tuple[Piece, ...]:
    """Return the text that is the same in mine and generated, and the hunks, in order.

    Args:
        base: What both started from; None if nobody knows.
        mine: As a person left it.
        generated: As the generator makes it, in the style of mine.
    """
    m, g = lines_of(mine), lines_of(generated)
    b = m if base is None else lines_of(base)
    pieces: list[Piece] = []
    at = 0
    for place in places(b, m, g):
        pieces += ["".join(m[at : place.mine.start])]
        pieces += _of(place, None if base is None else b, m, g)
        at = place.mine.stop
    pieces += ["".join(m[at:])]
    return tuple(_joined(pieces))


def _joined(pieces: Sequence[Piece]) -> Iterator[Piece]:
    text = ""
    for piece in pieces:
        if isinstance(piece, str):
            text += piece
            continue
        if text:
            yield text
        yield piece
        text = ""
    if text:
        yield text


def _of(place: Place, b: list[str] | None, m: list[str], g: list[str]) -> list[Piece]:
    """Return a place as a hunk, between the lines at its edges that are the same."""
    mine = m[place.mine.start : place.mine.stop]
    theirs = g[place.generated.start : place.generated.stop]
    base = None if b is None else b[place.base.start : place.base.stop]
    if mine == theirs:
        return ["".join(mine)]
    head, tail = 0, 0
    if base not in (mine, theirs):
        head = _shared(mine, theirs)
        tail = _shared(mine[head:][::-1], theirs[head:][::-1])
    hunk = Hunk(
        base=None if base is None else "".join(base),
        mine="".join(mine[head : len(mine) - tail]),
        generated="".join(theirs[head : len(theirs) - tail]),
        line=place.mine.start + head + 1,
        where=heading(m, place.mine.start + head),
    )
    return ["".join(mine[:head]), hunk, "".join(mine[len(mine) - tail :])]


def _shared(one: Sequence[str], other: Sequence[str]) -> int:
    """Return how many lines two lists begin with alike."""
    pairs = enumerate(zip(one, other, strict=False))
    shortest = min(len(one), len(other))
    return next((at for at, (a, b) in pairs if a != b), shortest)


def taken(hunk: Hunk, choice: Side | Edited) -> str:
    """Return what a choice puts in the place of a hunk."""
    if isinstance(choice, Edited):
        return choice.text
    if choice is Side.MINE:
        return hunk.mine
    if choice is Side.GENERATED:
        return hunk.generated
    sides = hunk.mine, hunk.generated
    return _one_after_other(*(sides if choice is Side.BOTH else sides[::-1]))


def _one_after_other(first: str, second: str) -> str:
    return ended(first, "\n") + second if second else first


def resolved(pieces: Sequence[Piece], choices: Sequence[Choice]) -> str | None:
    """Return the text that choices make; None if one of them is not made yet.

    Args:
        pieces: Text and hunks, as from `hunks`.
        choices: One for each hunk, in order.
    """
    texts: list[str] = []
    rest = iter(choices)
    for piece in pieces:
        if isinstance(piece, str):
            texts.append(piece)
            continue
        choice = next(rest)
        if choice is None:
            return None
        texts.append(taken(piece, choice))
    return "".join(texts)
