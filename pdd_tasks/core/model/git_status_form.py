"""The form in which git says its status: ``--porcelain=2 -z --branch``.

Rule 1: nothing is guessed; a record of an unknown form is an error. Only headers
that are not known are passed over, as git's manual asks its readers to.

Source: git-status(1), "Porcelain Format Version 2".
"""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from pdd_tasks.core.model.git_status import (
    Branch,
    Changed,
    Code,
    Entry,
    GitStatus,
    Ignored,
    Renamed,
    Sides,
    Submodule,
    Unmerged,
    Untracked,
)


class GitStatusError(ValueError):
    """Something that git said and this program does not know.

    Attributes:
        record: Its number, from 1.
    """

    def __init__(self, record: int, text: str) -> None:
        super().__init__(f"record {record} of git status is not known: {text!a}")
        self.record = record


_MODE: Final = r"([0-7]{6})"
_OBJECT: Final = r"([0-9a-f]{40}|[0-9a-f]{64})"
_SUBMODULE: Final = r"(N\.\.\.|S[C.][M.][U.])"
_HEAD_PARTS: Final = f"{_SUBMODULE} {_MODE} {_MODE} {_MODE} {_OBJECT} {_OBJECT}"
_CHANGED: Final = re.compile(rf"1 ([.MTAD]{{2}}) {_HEAD_PARTS} (.+)", re.DOTALL)
_RENAMED: Final = re.compile(
    rf"2 ([.MTADRC]{{2}}) {_HEAD_PARTS} ([RC])(0|[1-9][0-9]?|100) (.+)", re.DOTALL
)
_UNMERGED: Final = re.compile(
    rf"u (DD|AU|UD|UA|DU|AA|UU) {_SUBMODULE} {_MODE} {_MODE} {_MODE} {_MODE}"
    rf" {_OBJECT} {_OBJECT} {_OBJECT} (.+)",
    re.DOTALL,
)
_OTHER: Final = re.compile(r"([?!]) (.+)", re.DOTALL)
_HEADER: Final = re.compile(r"# ([a-z]+(?:\.[a-z]+)*) (.+)", re.DOTALL)
_DISTANCE: Final = re.compile(r"\+([0-9]+) -([0-9]+)|\+\? -\?")


def parse_status(output: bytes) -> GitStatus:
    """Return what git said.

    Args:
        output: What ``git status --porcelain=2 -z --branch`` printed.

    Raises:
        GitStatusError: If a record is none that git's manual describes.
    """
    text = output.decode("utf-8", "surrogateescape")
    if text and not text.endswith("\0"):
        raise GitStatusError(text.count("\0") + 1, text.rpartition("\0")[2])
    records = enumerate(text.split("\0")[:-1], start=1)
    headers: dict[str, str] = {}
    entries: list[Entry] = []
    for number, record in records:
        header = _HEADER.fullmatch(record)
        if header is not None:
            headers[header[1]] = header[2]
        else:
            entries.append(_entry(number, record, records))
    return GitStatus(branch=_branch(headers), entries=tuple(entries))


def _entry(number: int, record: str, more: Iterator[tuple[int, str]]) -> Entry:
    if found := _CHANGED.fullmatch(record):
        return _changed(found, found[8])
    if found := _RENAMED.fullmatch(record):
        return _renamed(number, found, more)
    if found := _UNMERGED.fullmatch(record):
        return Unmerged(
            path=found[10],
            sides=Sides(found[1]),
            submodule=_submodule(found[2]),
            modes=(found[3], found[4], found[5], found[6]),
            objects=(found[7], found[8], found[9]),
        )
    if found := _OTHER.fullmatch(record):
        kind = Untracked if found[1] == "?" else Ignored
        return kind(path=found[2])
    raise GitStatusError(number, record)


def _changed(found: re.Match[str], path: str) -> Changed:
    return Changed(
        path=path,
        index=Code(found[1][0]),
        worktree=Code(found[1][1]),
        submodule=_submodule(found[2]),
        modes=(found[3], found[4], found[5]),
        objects=(found[6], found[7]),
    )


def _renamed(
    number: int, found: re.Match[str], more: Iterator[tuple[int, str]]
) -> Renamed:
    """Return a rename; the path it came from is a record of its own.

    Raises:
        GitStatusError: If that record is missing or empty.
    """
    _, source = next(more, (number, ""))
    if not source:
        raise GitStatusError(number, found[0])
    return Renamed(
        change=_changed(found, found[10]),
        source=source,
        copied=found[8] == "C",
        score=int(found[9]),
    )


def _submodule(text: str) -> Submodule | None:
    if text == "N...":
        return None
    return Submodule(
        commit=text[1] == "C", modified=text[2] == "M", untracked=text[3] == "U"
    )


def _branch(headers: Mapping[str, str]) -> Branch:
    """Return what the headers say.

    Raises:
        GitStatusError: If one of them does not have its form.
    """
    commit, name = headers.get("branch.oid", ""), headers.get("branch.head", "")
    if commit not in {"", "(initial)"} and re.fullmatch(_OBJECT, commit) is None:
        raise GitStatusError(1, f"# branch.oid {commit}")
    distance = headers.get("branch.ab", "+? -?")
    found = _DISTANCE.fullmatch(distance)
    if found is None:
        raise GitStatusError(1, f"# branch.ab {distance}")
    return Branch(
        commit="" if commit == "(initial)" else commit,
        name="" if name == "(detached)" else name,
        upstream=headers.get("branch.upstream", ""),
        ahead=int(found[1]) if found[1] else None,
        behind=int(found[2]) if found[2] else None,
    )
