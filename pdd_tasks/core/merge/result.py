"""What comes of merging three texts: one text, or a conflict with its regions.

Three words name the sides everywhere: *base*, the text as the generator last left
it; *mine*, the text as a person left it; *generated*, the text as the generator
makes it now.
"""

from dataclasses import dataclass
from enum import StrEnum


class Method(StrEnum):
    """How a merge was found; the weakest means that was enough."""

    EQUAL = "both are the same"
    MINE = "only yours changed"
    GENERATED = "only the generated one changed"
    LINES = "by lines"
    DEFINITIONS = "by definitions"
    STATEMENTS = "by statements"
    TOKENS = "by tokens"
    DRIVER = "by an external driver"


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """One place where both sides changed the same thing.

    Each side is a text of whole lines with their ends, possibly empty.

    Attributes:
        base: What stood there; empty if nothing did, or if nobody knows.
        mine: What a person made of it.
        generated: What the generator made of it.
        where: The definition or block it is in, for people; empty if unknown.
    """

    base: str
    mine: str
    generated: str
    where: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """One text that holds what both sides did."""

    text: str
    method: Method


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflicted:
    """A conflict, as data.

    Attributes:
        pieces: The whole text in order: regions, and the agreed text between them,
            which holds what one side alone changed, as git has it in such a file.
        because: Why nobody but a person can decide, a clause.
    """

    pieces: tuple[str | Region, ...]
    because: str

    @property
    def regions(self) -> tuple[Region, ...]:
        """The places to decide, in order."""
        return tuple(piece for piece in self.pieces if isinstance(piece, Region))


MergeResult = Merged | Conflicted
