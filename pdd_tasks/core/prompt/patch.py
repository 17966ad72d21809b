"""Replies that are patches: applied to the text that the model was shown.

Rule 1: nothing is guessed. What is to be replaced must stand in the text exactly
once, line for line; a unified diff may say by its numbers which of several places it
means. Rule 2: a patch fits as a whole or not at all.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from pdd_tasks.core.prompt.reply import fences
from pdd_tasks.errors import ReplyError


_SEARCH: Final = "<<<<<<< SEARCH"
_SPLIT: Final = "======="
_REPLACE: Final = ">>>>>>> REPLACE"
_DIFF_TAGS: Final = frozenset({"diff", "patch", "udiff"})
_HUNK: Final = re.compile(r"^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Edit:
    """Lines to be replaced.

    Attributes:
        old: The lines as they stand.
        new: What stands there afterwards.
        name: What the edit is called in a refusal.
        near: Where it says that it is, from 0; None if it does not say.
    """

    old: tuple[str, ...]
    new: tuple[str, ...]
    name: str
    near: int | None = None


def patched(reply: str, base: str, tags: Collection[str]) -> str | None:
    """Return the text that a reply makes of another by a patch.

    Args:
        reply: The reply.
        base: The text that the model was shown.
        tags: Fence tags of the language: a whole file in such a fence is no patch.

    Returns:
        The new text; None if the reply is no patch.

    Raises:
        ReplyError: If it is a patch, but broken, or does not fit the text.
    """
    lines = reply.replace("\r\n", "\n").split("\n")
    if any(line.rstrip() == _SEARCH for line in lines):
        return _applied(list(_searches(lines)), base)
    if _SEARCH.split()[0] in reply and _REPLACE in reply:
        msg = "the reply's search and replace blocks are broken"
        raise ReplyError(msg)
    diff = _diff(reply, tags)
    return None if diff is None else _applied(list(_hunks(diff)), base)


def _searches(lines: Iterable[str]) -> Iterator[_Edit]:
    """Yield the edits of search and replace blocks; all else is talk.

    Raises:
        ReplyError: If a block is broken.
    """
    number, sides, at = 0, (list[str](), list[str]()), -1
    for line in lines:
        mark = line.rstrip()
        if mark == _SEARCH and at < 0:
            number, sides, at = number + 1, ([], []), 0
        elif mark == _SPLIT and at == 0:
            at = 1
        elif mark == _REPLACE and at == 1:
            name = f"search block {number}"
            yield _Edit(old=tuple(sides[0]), new=tuple(sides[1]), name=name)
            at = -1
        elif mark in {_SEARCH, _REPLACE} or (mark == _SPLIT and at == 1):
            msg = f"search block {number}: `{mark}` stands where it cannot"
            raise ReplyError(msg)
        elif at >= 0:
            sides[at].append(line)
    if at >= 0:
        msg = f"the reply was cut off: search block {number} never ends"
        raise ReplyError(msg)


def _diff(reply: str, tags: Collection[str]) -> str | None:
    """Return the unified diff that a reply holds; None if it holds none.

    Raises:
        ReplyError: If it holds several, or a fence is never closed.
    """
    blocks = fences(reply)
    found = [b.text for b in blocks if b.tag in _DIFF_TAGS or _is_diff(b.text)]
    whole = [b for b in blocks if b.tag in tags and not _is_diff(b.text)]
    if not found or whole:
        return None
    if len(found) > 1:
        msg = f"the reply holds {len(found)} diffs where one was asked for"
        raise ReplyError(msg)
    return found[0]


def _is_diff(text: str) -> bool:
    start = [line[:4] for line in text.split("\n", 2)]
    return start[:2] == ["--- ", "+++ "] or _HUNK.match(text) is not None


def _hunks(diff: str) -> Iterator[_Edit]:
    """Yield the edits of a unified diff.

    Raises:
        ReplyError: If it is broken, or of several files.
    """
    lines = diff.removesuffix("\n").split("\n")
    starts = [n for n, line in enumerate(lines) if _HUNK.match(line)]
    if not starts or not _is_head(lines[: starts[0]]):
        msg = "the reply's diff has no hunks, or something else before them"
        raise ReplyError(msg)
    for number, start in enumerate(starts, 1):
        end = starts[number] if number < len(starts) else len(lines)
        yield _hunk(lines[start], lines[start + 1 : end], f"hunk {number} of the diff")


def _is_head(lines: Sequence[str]) -> bool:
    known = ("diff ", "index ", "--- ", "+++ ")
    return all(line.startswith(known) or not line.strip() for line in lines)


def _hunk(header: str, body: Sequence[str], name: str) -> _Edit:
    """Return one hunk of a unified diff.

    Raises:
        ReplyError: If its lines are not as many as it says, or are of no kind.
    """
    # a model leaves out the blank of an empty context line
    kinds = [(line[:1] or " ", line[1:]) for line in body]
    lines = [(kind, line) for kind, line in kinds if kind != "\\"]
    old = tuple(line for kind, line in lines if kind in " -")
    new = tuple(line for kind, line in lines if kind in " +")
    start, old_size, _, new_size = _numbers(header)
    if (len(old), len(new)) != (old_size, new_size) or any(
        kind not in " +-" for kind, _ in lines
    ):
        msg = f"{name} does not hold the lines that it says"
        raise ReplyError(msg)
    return _Edit(old=old, new=new, name=name, near=start - 1 if old else start)


def _numbers(header: str) -> tuple[int, int, int, int]:
    found = _HUNK.match(header)
    parts = found.groups() if found else ()
    start, old, new_start, new = (1 if p is None else int(p) for p in parts)
    return start, old, new_start, new


def _applied(edits: Sequence[_Edit], base: str) -> str:
    """Return a text with edits made; each is placed in the text as it was.

    Raises:
        ReplyError: If one does not fit, or two overlap.
    """
    has_end = base.endswith("\n") or not base
    lines = base.removesuffix("\n").split("\n") if base else []
    placed = sorted((_place(edit, lines), n) for n, edit in enumerate(edits))
    end = 0
    for place, n in placed:
        if place < end:
            msg = f"{edits[n].name} overlaps another"
            raise ReplyError(msg)
        end = place + len(edits[n].old)
    for place, n in reversed(placed):
        lines[place : place + len(edits[n].old)] = edits[n].new
    return "\n".join(lines) + ("\n" if has_end and lines else "")


def _place(edit: _Edit, lines: Sequence[str]) -> int:
    """Return where an edit belongs.

    Raises:
        ReplyError: If that is nowhere, or not sure.
    """
    size = len(edit.old)
    if not size:
        if edit.near is not None and edit.near <= len(lines):
            return edit.near
        if not lines:
            return 0
        msg = f"{edit.name} searches for nothing"
        raise ReplyError(msg)
    old = list(edit.old)
    found = [n for n in range(len(lines) - size + 1) if lines[n : n + size] == old]
    if edit.near is not None and edit.near in found:
        return edit.near
    if len(found) != 1:
        times = "nowhere" if not found else f"{len(found)} times"
        msg = f"{edit.name}: what it replaces stands {times} in the text: {old[0]!r}"
        raise ReplyError(msg)
    return found[0]
