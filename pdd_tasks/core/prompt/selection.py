"""What ``select=`` takes of an included file.

``lines:``, ``section:`` and ``pattern:`` are taken here; ``def:`` and ``class:``
need a language's syntax and are asked of a `Slicer`.
"""

import re
from pathlib import PurePosixPath
from typing import Final, Protocol


class Slicer(Protocol):
    """Takes a definition out of a program's text."""

    def __call__(
        self, path: PurePosixPath, text: str, kind: str, name: str
    ) -> str | None:
        """Return the text of a definition; None if the language is not read.

        Args:
            path: The file; its ending tells the language.
            text: Its text.
            kind: ``def`` or ``class``.
            name: The definition's name, dotted inside a class.

        Raises:
            LookupError: If there is no such definition, with the reason.
        """
        ...


KINDS: Final = ("lines", "section", "pattern", "def", "class")
_SPLIT: Final = re.compile(rf",\s*(?=(?:{'|'.join(KINDS)}):)")
_LINES: Final = re.compile(r"(\d+)(?:(-)(\d*))?")
_HEADING: Final = re.compile(r" {0,3}(#{1,6})[ \t]+(.*?)[ \t]*#*[ \t]*")
_FENCE: Final = re.compile(r"[ \t]*(`{3,}|~{3,})")


def no_slicer(path: PurePosixPath, text: str, kind: str, name: str) -> str | None:
    """Return None: no language's definitions can be taken."""
    del path, text, kind, name
    return None


def selected(path: PurePosixPath, text: str, select: str, slicer: Slicer) -> str:
    """Return the parts of a file that ``select=`` names, in its order.

    Args:
        path: The file.
        text: Its text.
        select: One or more of ``kind:value``, comma-separated.
        slicer: Takes definitions out of programs.

    Raises:
        LookupError: If a part is not there or not understood, with the reason.
    """
    parts = [
        _part(path, text, one.strip(), slicer).strip("\n")
        for one in _SPLIT.split(select)
    ]
    return "\n\n".join(parts) + "\n"


def _part(path: PurePosixPath, text: str, select: str, slicer: Slicer) -> str:
    kind, _, value = select.partition(":")
    kind, value = kind.strip(), value.strip()
    if kind not in KINDS or not value:
        known = ", ".join(f"{one}:" for one in KINDS)
        raise LookupError(f"select={select!r} is not understood, expected {known} …")
    if kind == "lines":
        return _lines(text, value)
    if kind == "section":
        return _section(text, value)
    if kind == "pattern":
        return _pattern(text, value)
    found = slicer(path, text, kind, value)
    if found is None:
        raise LookupError(f"definitions cannot be taken from {path.name} files yet")
    return found


def _lines(text: str, value: str) -> str:
    found = _LINES.fullmatch(value)
    if found is None:
        raise LookupError(f"lines:{value} is no range of lines, expected lines:10-20")
    lines = text.split("\n")[:-1] if text.endswith("\n") else text.split("\n")
    first = int(found[1])
    last = first if found[2] is None else int(found[3] or len(lines))
    if not 1 <= first <= last <= len(lines):
        raise LookupError(f"lines:{value} is not inside the file's {len(lines)} lines")
    return "\n".join(lines[first - 1 : last])


def _section(text: str, title: str) -> str:
    taken: list[str] = []
    level, fence = 0, ""
    for line in text.split("\n"):
        heading = None if fence else _HEADING.fullmatch(line)
        if heading and level and len(heading[1]) <= level:
            break
        if heading and not level and heading[2].casefold() == title.casefold():
            level = len(heading[1])
        if level:
            taken.append(line)
        fence = _fence_after(line, fence)
    if not level:
        raise LookupError(f"there is no section {title!r}")
    return "\n".join(taken)


def _fence_after(line: str, fence: str) -> str:
    found = _FENCE.match(line)
    if found is None:
        return fence
    if not fence:
        return found[1]
    closes = found[1].startswith(fence) and not line[found.end() :].strip()
    return "" if closes else fence


def _pattern(text: str, value: str) -> str:
    try:
        pattern = re.compile(value)
    except re.error as error:
        raise LookupError(
            f"pattern:{value} is no regular expression: {error}"
        ) from error
    found = [line for line in text.split("\n") if pattern.search(line)]
    if not found:
        raise LookupError(f"no line matches pattern:{value}")
    return "\n".join(found)
