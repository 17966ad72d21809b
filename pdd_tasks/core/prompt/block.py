"""The marked block of a prompt, in which auto-deps writes its includes.

Rule 1: outside the block no byte is touched. Rule 2: the block is ours: what stands
in it is written anew, and what a person put there is refused, never dropped.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache
from pathlib import PurePosixPath
from typing import Final

from pdd_tasks.core.prompt.directive import (
    Directive,
    Kind,
    cut_short,
    directives,
    error,
    line_of,
)


BEGIN: Final = "auto-deps begin"
END: Final = "auto-deps end"
_LINE: Final = re.compile(r"<include>([^<>\n]+)</include>")
_MEND: Final = (
    "take out everything from the line auto-deps begin to the line auto-deps end;"
    " it is written again"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """A prompt taken apart around its block.

    Attributes:
        before: The text in front of the block, its separating line included; all
            of the text if there is no block.
        includes: The files that the block includes, in its order.
        after: The text behind the block.
        present: True if there is a block.
    """

    before: str
    includes: tuple[PurePosixPath, ...]
    after: str
    present: bool

    @property
    def outside(self) -> str:
        """The text without the block and its separating line."""
        return _unseparated(self.before) + self.after if self.present else self.before


def split(prompt: PurePosixPath, text: str) -> Split:
    """Return a prompt taken apart around its block.

    Args:
        prompt: The prompt's path, for messages.
        text: Its text, with the line ends that it has on disk.

    Raises:
        ConfigError: If the markers are not a pair on lines of their own, or anything
            but includes stands between them.
    """
    found = directives(str(prompt), text)
    markers = [one for one in found if _is_marker(one)]
    if not markers:
        return Split(before=text, includes=(), after="", present=False)
    begin, end = _pair(prompt, text, markers)
    parts = Split(
        before=text[: text.rfind("\n", 0, begin.start) + 1],
        includes=_includes(prompt, text, begin.end, end.start),
        after=text[_next_line(text, end.end) :],
        present=True,
    )
    if not parts.after:
        cut_short(str(prompt), text, parts.outside)
    return parts


def with_block(
    prompt: PurePosixPath, text: str, includes: Collection[PurePosixPath]
) -> str:
    """Return a prompt with its block made of these includes, sorted.

    Without includes there is no block. Otherwise it stands where it stood, or after
    an empty line at the end.

    Args:
        prompt: The prompt's path, for messages.
        text: Its text, with the line ends that it has on disk.
        includes: The files to include.

    Raises:
        ConfigError: As for `split`.
    """
    return rewritten(split(prompt, text), text, includes)


def rewritten(parts: Split, text: str, includes: Collection[PurePosixPath]) -> str:
    """Return the same for a text that is taken apart already."""
    if not includes:
        return parts.outside
    newline = "\r\n" if "\r\n" in text else "\n"
    block = block_of(includes, newline)
    if parts.present:
        return parts.before + block + parts.after
    ended = "" if not text or text.endswith("\n") else newline
    return text + ended + (newline if text else "") + block


def block_of(includes: Collection[PurePosixPath], newline: str = "\n") -> str:
    """Return the block that includes some files."""
    lines = (
        f"<pdd>{BEGIN}</pdd>",
        *(f"<include>{path}</include>" for path in sorted(set(includes))),
        f"<pdd>{END}</pdd>",
    )
    return "".join(line + newline for line in lines)


def _is_marker(found: Directive) -> bool:
    return found.kind is Kind.COMMENT and found.body in {BEGIN, END}


def _pair(
    prompt: PurePosixPath, text: str, markers: list[Directive]
) -> tuple[Directive, Directive]:
    bodies = [one.body for one in markers]
    problem, at = "", markers[-1]
    if bodies[0] == END:
        problem, at = f"{END} without {BEGIN}", markers[0]
    elif len(bodies) == 1:
        problem = f"{BEGIN} without {END}"
    elif bodies[1] == BEGIN:
        problem, at = f"a second {BEGIN}", markers[1]
    elif len(bodies) > 2:  # noqa: PLR2004 - a begin and an end
        problem, at = f"a second {bodies[2]}", markers[2]
    shared = [one for one in markers if not _alone(text, one)]
    if not problem and shared:
        problem, at = f"<pdd>{shared[0].body}</pdd> shares a line", shared[0]
    if problem:
        raise error(str(prompt), at.line, problem, _MEND)
    return markers[0], markers[1]


def _alone(text: str, marker: Directive) -> bool:
    before = text[text.rfind("\n", 0, marker.start) + 1 : marker.start]
    after = text[marker.end : _next_line(text, marker.end)]
    return not before.strip() and not after.strip()


def _next_line(text: str, index: int) -> int:
    found = text.find("\n", index)
    return len(text) if found < 0 else found + 1


def _includes(
    prompt: PurePosixPath, text: str, start: int, end: int
) -> tuple[PurePosixPath, ...]:
    first = line_of(text, start)
    found = []
    for number, line in enumerate(text[start:end].split("\n")):
        match = _LINE.fullmatch(line.strip())
        if match:
            found.append(_path(match[1].strip()))
        elif line.strip():
            raise error(
                str(prompt),
                first + number,
                f"the auto-deps block holds {line.strip()!r}, expected includes only",
                "move the line out of the block, which auto-deps writes anew",
            )
    return tuple(found)


@lru_cache(maxsize=1024)  # the same examples are included by many units
def _path(text: str) -> PurePosixPath:
    return PurePosixPath(text)


def _unseparated(before: str) -> str:
    if before.endswith("\r\n\r\n") or before == "\r\n":
        return before[:-2]
    if before.endswith("\n\n") or before == "\n":
        return before[:-1]
    return before
