"""Secrets out of anything written: known values, and what is shaped like a key.

Rule 1: what is written is redacted; what is sent, what a key covers and what a person
wrote is not. Rule 2: redact first and shorten then, for half a key is a key. Rule 3:
linear in the length of the text, whatever stands in it. Rule 4: what was redacted
once stays as it is.
"""

import hashlib
import hmac
import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, NamedTuple, Self

from pdd_tasks.core.prompt.secret import SHORTEST, is_distinct, secrets_of


__all__ = ["Redactor", "Span", "could_be", "is_redacted", "marks_in", "secrets_of"]

_MARK: Final = re.compile(r"\[redacted:[\w.-]{1,200}(?:#[0-9a-f]{4})?\]")
_UNNAMED: Final = re.compile(r"[^\w.-]")
_CUTS: Final = ("...", "…", "\n")
_HALF: Final = 12  # so much of a key is taken for the key, if it is half of it, too


class Known(NamedTuple):
    """One known secret.

    Attributes:
        name: What a mark says was there.
        value: The value, without blanks around it.
        distinct: Whether no honest program contains it by chance.
    """

    name: str
    value: str
    distinct: bool


class _Clue(NamedTuple):
    """A form of a secret that begins, or ends, with some characters."""

    form: str
    known: Known
    ends: bool


_Hit = tuple[int, _Clue]


class Span(NamedTuple):
    """A place in a text that is replaced.

    Attributes:
        value: What the mark's digits are made of.
        known: Whether it is a known secret; its name goes before that of a shape.
    """

    start: int
    end: int
    name: str
    value: str
    known: bool = True


@dataclass(frozen=True, slots=True)
class Redactor:
    """Replaces secrets by their names, ``[redacted:OPENAI_API_KEY#1f3a]``.

    Attributes:
        forms: Every text to replace, encodings included → the secret.
        clues: First and last characters of the forms → the forms.
        key: Returns what the digits of a mark are keyed by; None leaves them out.
    """

    forms: Mapping[str, Known] = field(repr=False)
    clues: Mapping[str, tuple[_Clue, ...]] = field(repr=False)
    key: Callable[[], bytes] | None = field(repr=False, default=None)

    @classmethod
    def of(
        cls,
        secrets: Mapping[str, str] | Iterable[tuple[str, str]],
        key: Callable[[], bytes] | None = None,
    ) -> Self:
        """Return the redactor for some secrets, by name; a name may come twice."""
        from pdd_tasks.core.prompt.secret_form import forms

        pairs = secrets.items() if isinstance(secrets, Mapping) else secrets
        known: dict[str, Known] = {}
        for name, value in sorted(pairs, reverse=True):
            bare = value.strip()
            if len(bare) >= SHORTEST:
                secret = Known(_UNNAMED.sub("_", name), bare, is_distinct(bare))
                known |= dict.fromkeys(forms(value), secret)
        return cls(known, _clues(known), key)

    def text(self, text: str) -> str:
        """Return a text without known secrets and without what looks like one."""
        return self._replaced(text, self.spans(text))

    def reply(self, text: str) -> str:
        """Return a model's reply without known secrets.

        A reply is a program: what only looks like a key may be a test's literal,
        and a password ``postgres``, a path or an address may be its business, so
        these stay.
        """
        full = _full(text, self._hits(text), only_distinct=True)
        return self._replaced(text, _united(text, full))

    def names(self, text: str) -> frozenset[str]:
        """Return the names of the known secrets that a text holds in full."""
        return frozenset(span.name for span in _full(text, self._hits(text)))

    def spans(self, text: str) -> list[Span]:
        """Return the places to replace, in order, none in another."""
        from pdd_tasks.core.prompt.provider_key import shapes_in

        hits = self._hits(text)
        found = [*_full(text, hits), *_half(text, hits)]
        found += [
            Span(one.start, one.end, one.name, text[one.start : one.end], known=False)
            for one in shapes_in(text)
        ]
        return _united(text, found)

    def _replaced(self, text: str, spans: Iterable[Span]) -> str:
        parts, at = [], 0
        for span in spans:
            parts += [text[at : span.start], self.mark(span)]
            at = span.end
        return "".join((*parts, text[at:]))

    def mark(self, span: Span) -> str:
        """Return what stands where a secret stood."""
        if self.key is None:
            return f"[redacted:{span.name}]"
        value = span.value.encode(errors="surrogatepass")
        digits = hmac.new(self.key(), value, hashlib.sha256).hexdigest()[:4]
        return f"[redacted:{span.name}#{digits}]"

    def _hits(self, text: str) -> list[_Hit]:
        """Return where a form of a known secret may begin or end."""
        clues, size = self.clues, SHORTEST
        if not clues:
            return []
        last = len(text) - size + 1
        places = [at for at in range(last) if text[at : at + size] in clues]
        return [(at, clue) for at in places for clue in clues[text[at : at + size]]]


def is_redacted(text: str) -> bool:
    """Return whether a text carries the mark of a redaction."""
    return "[redacted:" in text


def marks_in(text: str) -> frozenset[str]:
    """Return the marks of redaction that a text carries."""
    return frozenset(_MARK.findall(text)) if is_redacted(text) else frozenset()


def could_be(redacted: str, text: str) -> bool:
    """Return whether a text is what a redacted one may have been.

    What stands between the marks must stand in the text, in the same order.
    """
    first, *rest = _MARK.split(redacted)
    if not rest:
        return first == text
    if not text.startswith(first):
        return False
    at = len(first)
    for part in rest[:-1]:
        found = text.find(part, at)
        if found < 0:
            return False
        at = found + len(part)
    return len(text) - len(rest[-1]) >= at and text.endswith(rest[-1])


def _clues(known: Mapping[str, Known]) -> dict[str, tuple[_Clue, ...]]:
    found: dict[str, list[_Clue]] = {}
    for form, secret in sorted(
        known.items(), key=lambda item: (-len(item[0]), item[0])
    ):
        found.setdefault(form[:SHORTEST], []).append(_Clue(form, secret, ends=False))
        if secret.distinct and len(form) > _HALF:
            found.setdefault(form[-SHORTEST:], []).append(
                _Clue(form, secret, ends=True)
            )
    return {clue: tuple(ones) for clue, ones in found.items()}


def _full(
    text: str, hits: Iterable[_Hit], *, only_distinct: bool = False
) -> Iterator[Span]:
    """Yield where known secrets stand in full."""
    passed: dict[str, int] = {}  # form → where its last place ended
    for at, clue in hits:
        form, known = clue.form, clue.known
        if clue.ends or at < passed.get(form, 0):
            continue
        if only_distinct and not _tells(form, known):
            continue
        if text.startswith(form, at):
            passed[form] = at + len(form)
            yield Span(at, passed[form], known.name, known.value)


def _tells(form: str, known: Known) -> bool:
    """Return whether a form is there because of the secret: a word's digits do."""
    return known.distinct or (form != known.value and is_distinct(form))


def _half(text: str, hits: Iterable[_Hit]) -> Iterator[Span]:
    """Yield where at least one half of a known secret stands, cut off by somebody."""
    passed: dict[_Clue, int] = {}  # clue → where its last place ended
    for at, clue in hits:
        form, known = clue.form, clue.known
        if not known.distinct or at < passed.get(clue, 0):
            continue
        end = at + SHORTEST
        size = _ending(form, text, end) if clue.ends else _beginning(form, text, at)
        start = end - size if clue.ends else at
        if size >= _least(text, start, size, clue) and size < len(form):
            passed[clue] = start + size
            yield Span(start, start + size, known.name, known.value)


def _least(text: str, start: int, size: int, clue: _Clue) -> int:
    """Return how much of a form must stand at a place to be taken for the secret."""
    if clue.ends:
        cut = start == 0 or text.endswith(_CUTS, 0, start)
    else:
        cut = start + size == len(text) or text.startswith(_CUTS, start + size)
    return SHORTEST if cut else max(_HALF, (len(clue.form) + 1) // 2)


def _beginning(form: str, text: str, at: int) -> int:
    """Return how many of a form's first characters stand at a place, by halving."""
    low, high = SHORTEST, len(form)
    while low < high:
        middle = (low + high + 1) // 2
        agrees = text.startswith(form[:middle], at)
        low, high = (middle, high) if agrees else (low, middle - 1)
    return low


def _ending(form: str, text: str, end: int) -> int:
    """Return how many of a form's last characters stand before a place."""
    low, high = SHORTEST, len(form)
    while low < high:
        middle = (low + high + 1) // 2
        agrees = text.endswith(form[-middle:], 0, end)
        low, high = (middle, high) if agrees else (low, middle - 1)
    return low


def _united(text: str, spans: Iterable[Span]) -> list[Span]:
    """Return spans in order; those that overlap become one, named by the first.

    What is a mark already is left alone, whatever its words are.
    """
    marks = [m.span() for m in _MARK.finditer(text)] if is_redacted(text) else []
    ends = [end for _, end in marks]
    united: list[Span] = []
    for span in sorted(spans, key=lambda s: (s.start, -s.end)):
        near = bisect_right(ends, span.start)  # the first mark that ends after it
        if near < len(marks) and marks[near][0] < span.end:
            continue
        if united and span.start < united[-1].end:
            last = united[-1]
            named = last if last.known or not span.known else span
            united[-1] = named._replace(start=last.start, end=max(last.end, span.end))
        else:
            united.append(span)
    return united
