"""A text as a tree of pieces: what an adapter that knows a language reads from it.

A piece is some whole lines: an import, a definition, a statement, a comment that
stands alone. Some have blocks with pieces in them. Whatever is not in a piece is
in the head or tail of its block, so that nothing is lost when a text is put
together again.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final


PROSE: Final = '"""'
"""The key of a text that describes the block it is in; a block has one."""


class Kind(StrEnum):
    """What a piece is, as far as merging needs to know."""

    DEFINITION = "definition"
    IMPORT = "import"
    VALUE = "value"
    FIELD = "field"
    STATEMENT = "statement"
    BRANCH = "branch"
    COMMENT = "comment"


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """A piece that is nothing but a list of names between an opening and a closing.

    Attributes:
        opening: What stands before the names when all are on one line.
        closing: What stands behind them then.
        items: The names; their order has no meaning.
        wrapped: Opening, indentation and closing when each name has its own line
            with a comma; the closing is a line of its own. Empty strings if the
            language has no such form.
    """

    opening: str
    closing: str
    items: tuple[str, ...]
    wrapped: tuple[str, str, str] = ("", "", "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """Some whole lines of a text.

    Attributes:
        kind: What it is.
        key: What it is called among its siblings; empty if it has no name.
        lead: Blank lines above it, and the comment right above it.
        text: Its own lines, those in its blocks included.
        said: What it says, whatever its layout; what is equal here says the same.
        blocks: Its blocks in order; their texts joined are its text. None if it is
            a whole.
        listing: Its names, if it is a list of them.
    """

    kind: Kind
    key: str = ""
    lead: str = ""
    text: str
    said: str
    blocks: "tuple[Block, ...]" = ()
    listing: Listing | None = None

    @property
    def whole(self) -> str:
        """All of its lines, the lead included."""
        return self.lead + self.text


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A run of pieces.

    Attributes:
        head: The lines that open it.
        members: The pieces in it.
        tail: Blank lines and comments below the last piece.
        is_free: True if it holds definitions, whose order has no meaning; False if
            it holds steps to be done one after another.
    """

    head: str = ""
    members: tuple[Piece, ...]
    tail: str = ""
    is_free: bool

    @property
    def text(self) -> str:
        """All of its lines."""
        return self.head + joined(self.members) + self.tail


def shape(piece: Piece) -> list[bool]:
    """Return what kinds of blocks a piece has, in order."""
    return [block.is_free for block in piece.blocks]


def of_blocks(piece: Piece, blocks: Sequence[Block]) -> Piece:
    """Return a piece with other blocks."""
    text = "".join(block.text for block in blocks)
    return replace(piece, blocks=tuple(blocks), text=text)


def joined(pieces: Sequence[Piece]) -> str:
    """Return the text of some pieces one after another."""
    return "".join(piece.whole for piece in pieces)
