"""The directives in a prompt's text: found with their places, not performed.

Rule 1: what stands in a fenced block or in inline code is literal. Rule 2: whatever
begins first wins: a fence inside a comment opens nothing, nor a comment in a fence.
Rule 3: a directive that is not understood is an error with its line, never text.
What is not here: reading what an include names (`pdd_tasks.core.prompt.include`).

Source: fences and code spans as in CommonMark 0.31 (sections 4.5 and 6.1), with
fences at any indentation, since prompts nest them in lists.
"""

import re
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import suppress
from enum import StrEnum
from typing import Final, NamedTuple

from pdd_tasks.errors import ConfigError


class Kind(StrEnum):
    """What a directive is."""

    INCLUDE = "include"
    COMMENT = "pdd"
    DEPENDENCY = "pdd-dependency"
    CODE = "code"  # inline code; no directive, but names are read from it
    FENCE = "fence"


class Directive(NamedTuple):
    """One directive or literal stretch of a text.

    Attributes:
        start: Index of its first character.
        end: Index after its last character.
        line: Its line, from 1.
        body: What stands in it, stripped; of an include, the path as written.
        select: The part that an include takes; empty for all of it.
        optional: True if the file of an include may be absent.
    """

    kind: Kind
    start: int
    end: int
    line: int
    body: str
    select: str = ""
    optional: bool = False


# A prompt is asked for its directives several times in a row, with its block and
# without it; what was found last is kept, and nothing else depends on it.
_RECENT: Final[OrderedDict[tuple[str, str], tuple[Directive, ...]]] = OrderedDict()
_KEPT: Final = 8
_INDENT: Final = re.compile(r"[ \t]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+|>[ \t]*)*")
_OPENING: Final = re.compile(
    r"[`~<](?:"  # one of three signs: prose is skipped at full speed
    r"(?<=`)(?P<code>[^`\n]+)`(?!`)"  # the usual inline code, whole
    r"|(?<=`)`*"
    r"|(?<=~)~~+"
    r"|(?<=<)(?P<plain>pdd|pdd-dependency|include)>"  # the usual tag, whole
    r"(?P<body>[ \t]*[^<>\s][^<>\n]*)</(?P=plain)>"
    r"|(?<=<)(?P<tag>pdd|pdd-dependency|include|include-many|shell|web)(?=[\s/>])"
    r")"
)
_KINDS: Final = {
    kind.value: kind for kind in (Kind.COMMENT, Kind.DEPENDENCY, Kind.INCLUDE)
}
_FENCE: Final = 3  # ticks, at least
_PROSE_CUT: Final = re.compile(r"\n[ \t\r]*\n")
_BACKTICKS: Final = "write the tag in backticks if it is meant as text"


def directives(name: str, text: str) -> tuple[Directive, ...]:
    """Return everything in a text that is no plain prose, in its order.

    Args:
        name: What messages call the text, its path.
        text: The text.

    Raises:
        ConfigError: If a directive is not closed or not understood.
    """
    known = _RECENT.get((name, text))
    if known is None:
        known = tuple(_scan(name, text))
        _remember(name, text, known)
    return known


def cut_short(name: str, text: str, start: str) -> None:
    """Spare a search of the start of a text that was searched.

    Args:
        name: What messages call the text.
        text: The text.
        start: The same up to a directive at the beginning of a line; blank lines at its
            end may be missing.
    """
    found = directives(name, text)
    _remember(name, start, tuple(one for one in found if one.end <= len(start)))


def _remember(name: str, text: str, found: tuple[Directive, ...]) -> None:
    _RECENT[name, text] = found
    with suppress(KeyError):  # another thread took the last one out
        while len(_RECENT) > _KEPT:
            _RECENT.popitem(last=False)


def error(name: str, line: int, problem: str, hint: str = _BACKTICKS) -> ConfigError:
    """Return the error that a line of a file cannot be used."""
    return ConfigError(f"{name}:{line}: {problem}", hint=hint)


def without(text: str, cuts: list[tuple[int, int, str]]) -> str:
    """Return a text with stretches replaced.

    A stretch replaced by nothing takes its line with it if nothing else is there.

    Args:
        text: The text.
        cuts: Start, end and replacement of each stretch, in order.
    """
    parts: list[str] = []
    position = 0
    for start, end, new in cuts:
        if not new:
            start, end = _whole_line(text, start, end)  # noqa: PLW2901 - widened
        parts += [text[position : max(start, position)], new]
        position = max(end, position)
    return "".join([*parts, text[position:]])


def line_of(text: str, index: int) -> int:
    """Return the line of an index in a text, from 1."""
    return text.count("\n", 0, index) + 1


def _scan(name: str, text: str) -> Iterator[Directive]:
    position = counted = 0
    line = 1
    while (found := _OPENING.search(text, position)) is not None:
        start, (begin, position) = position, found.span()
        line += text.count("\n", counted, begin)
        counted = begin
        code, plain, body = found.group("code", "plain", "body")
        if code is not None:
            yield Directive(Kind.CODE, begin, position, line, code.strip())
            continue
        if plain is not None:
            yield Directive(_KINDS[plain], begin, position, line, body.strip())
            continue
        for one in _found(name, text, found, start):
            yield one
            position = max(position, one.end)


def _found(
    name: str, text: str, found: re.Match[str], start: int
) -> tuple[Directive, ...]:
    if not found["tag"]:
        fence = _fence(text, found, start)
        return (fence,) if fence else _code(text, found)
    return _tagged(name, text, found)


def _fence(text: str, found: re.Match[str], start: int) -> Directive | None:
    """Return the block that a fence opens; None if these signs open none.

    Args:
        text: The text.
        found: The signs.
        start: Where the last directive ended: no fence opens behind one in its line.
    """
    mark = found[0]
    if len(mark) < _FENCE:
        return None
    first = text.rfind("\n", 0, found.start()) + 1
    if first < start:
        return None
    if mark[0] == "`" and "`" in text[found.end() :].partition("\n")[0]:
        return None
    if not _INDENT.fullmatch(text, first, found.start()):
        return None
    closing = re.compile(rf"^[ \t>]*{mark[0]}{{{len(mark)},}}[ \t\r]*$", re.MULTILINE)
    closed = closing.search(text, found.end())
    end = len(text) if closed is None else closed.end()
    return _directive(Kind.FENCE, text, (first, end), "")


def _code(text: str, found: re.Match[str]) -> tuple[Directive, ...]:
    ticks, start = found[0], found.end()
    if ticks[0] != "`":
        return ()
    closed = _closing(text, ticks, start)
    if closed < 0:
        return ()  # as in CommonMark, unmatched backticks are text
    body = text[start:closed]
    if "\n" in body and _PROSE_CUT.search(body):
        return ()
    span = (found.start(), closed + len(ticks))
    return (_directive(Kind.CODE, text, span, body),)


def _closing(text: str, ticks: str, start: int) -> int:
    """Return where as many ticks and no more close inline code; -1 if nowhere."""
    while (found := text.find(ticks, start)) >= 0:
        end = found + len(ticks)
        if text[end : end + 1] != "`":
            return found
        start = end + len(text[end:]) - len(text[end:].lstrip("`"))
    return -1


def _tagged(name: str, text: str, found: re.Match[str]) -> tuple[Directive, ...]:
    # imported here: a usual tag is found whole
    from pdd_tasks.core.prompt.tag import TagError, read

    start, word = found.start(), found["tag"]
    line = line_of(text, start)
    try:
        tag = read(text, word, found.end(), _BACKTICKS)
    except TagError as wrong:
        raise error(name, line, wrong.problem, wrong.hint) from None
    if tag is None:
        return ()
    kind = Kind.INCLUDE if word == "include-many" else Kind(word)
    return tuple(
        Directive(kind, start, tag.end, line, body, tag.select, tag.optional)
        for body in tag.bodies
    )


def _directive(kind: Kind, text: str, span: tuple[int, int], body: str) -> Directive:
    start, end = span
    line = line_of(text, start)
    return Directive(kind=kind, start=start, end=end, line=line, body=body.strip())


def _whole_line(text: str, start: int, end: int) -> tuple[int, int]:
    first = text.rfind("\n", 0, start) + 1
    last = text.find("\n", end)
    last = len(text) if last < 0 else last + 1
    alone = not text[first:start].strip() and not text[end:last].strip()
    return (first, last) if alone else (start, end)
