"""The lines between two pieces: which belong to which, and which stand alone.

A comment right above a piece is its own; one with a blank line below it stands alone.
"""

from collections.abc import Iterator, Sequence

from pdd_tasks.core.merge.outline import Kind, Piece


class Lines:
    """The lines of one text, each with its end."""

    def __init__(self, text: str) -> None:
        """Cut a text.

        Args:
            text: Its last line has an end.
        """
        whole = text[:-1].split("\n") if text else []
        self.all: Sequence[str] = [f"{line}\n" for line in whole]

    def text(self, start: int, end: int) -> str:
        """Return some lines, counted from zero."""
        return "".join(self.all[start:end])

    def lead_start(self, start: int, first: int) -> int:
        """Return where the lead of a piece begins: blank lines, then a comment.

        Args:
            start: The first line that can be in it.
            first: The first line of the piece itself.
        """
        at = first
        while at > start and self.all[at - 1].strip():
            at -= 1
        while at > start and not self.all[at - 1].strip():
            at -= 1
        return at

    def alone(self, start: int, first: int) -> Iterator[Piece]:
        """Yield the comments above a piece that stand alone.

        Args:
            start: The first line behind the piece before.
            first: The first line of the piece.
        """
        stop = self.lead_start(start, first)
        at = start
        while at < stop:
            note = at
            while not self.all[note].strip():
                note += 1
            end = note
            while end < stop and self.all[end].strip():
                end += 1
            text = self.text(note, end)
            said = " ".join(text.split())
            lead = self.text(at, note)
            yield Piece(kind=Kind.COMMENT, lead=lead, text=text, said=said)
            at = end
