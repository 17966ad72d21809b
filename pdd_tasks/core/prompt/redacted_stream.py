"""Redaction of a text that comes in pieces: a secret may lie across two of them.

What can still become part of a secret is held back, which is less than the longest
form of one; everything else is given out at once.
"""

from typing import Final

from pdd_tasks.core.prompt.redact import Redactor


_HOLD: Final = 512  # longer than what tells the shape of a key
_CAP: Final = 65_536  # a longer key is given out in parts, each of them redacted
_LOOK_BACK: Final = 16  # characters before a key that tell whether a word begins


class RedactedStream:
    """Redacts a text that comes in pieces, wherever it is cut.

    Attributes:
        redactor: What is used.
    """

    def __init__(self, redactor: Redactor) -> None:
        self.redactor = redactor
        self._held = ""
        self._context = 0  # characters of `_held` that were given out already
        self._hold = max(redactor.longest, _HOLD) - 1

    def feed(self, text: str) -> str:
        """Return what can be told so far, the new piece included."""
        self._held += text
        if len(self._held) < 2 * self._hold:  # else tiny pieces take their time
            return ""
        return self._told(len(self._held) - self._hold)

    def close(self) -> str:
        """Return the rest."""
        return self._told(len(self._held), ended=True)

    def _told(self, cut: int, *, ended: bool = False) -> str:
        """Return what stands before a place, or before a secret that crosses it."""
        text, parts, at = self._held, [], self._context
        for span in self.redactor.spans(text):
            if span.start >= cut:
                break
            if span.end == len(text) and not ended and len(text) - span.start < _CAP:
                cut = span.start  # it may go on
                break
            if span.end > at:
                parts += [text[at : max(at, span.start)], self.redactor.mark(span)]
                at = span.end
        end = max(at, cut)
        parts.append(text[at:end])
        keep = max(0, end - _LOOK_BACK)
        self._held, self._context = text[keep:], end - keep
        return "".join(parts)
