"""Safety copies: what is known of one, what it is called, and how long it is kept.

What is not here: where copies lie and how they are made (the adapters `safety`,
`git_safety` and `safety_folder`).
"""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import PurePosixPath
from typing import Final
from urllib.parse import unquote


SCHEMA: Final = 1
LEAST_DAYS: Final = 30
"""Nothing younger is ever pruned, whatever is configured."""

_ID: Final = re.compile(r"(?P<at>\d{8}T\d{6}Z)-(?P<unit>.+?)(?:\.(?P<number>\d+))?")
_PLAIN: Final = re.compile(rb"[A-Za-z0-9_-]")
_LONGEST: Final = 150  # a name of a file has 255 bytes, and git adds ".lock"
_ENDING: Final = 16
_FILE: Final = re.compile(r"([0-9a-f]{64}) (.*)")


@dataclass(frozen=True, slots=True, kw_only=True)
class SafetyCopy:
    """One safety copy.

    Attributes:
        id: Its name among those of a project, ``20261120T112233Z-calculator_python``.
        unit: Id of the unit whose files it holds.
        at: When it was made, ISO 8601 in UTC.
        files: Path → raw SHA-256 of the bytes it holds.
        because: Why they were about to be replaced; empty if nobody said.
        where: What people call the place: a ref of git, or a folder.
    """

    id: str
    unit: str
    at: str
    files: Mapping[PurePosixPath, str] = field(hash=False)
    because: str = ""
    where: str = ""


def copy_id(unit: str, at: str, number: int = 1) -> str:
    """Return the name of a unit's copy: good for a ref, and for a folder.

    Args:
        unit: The unit's id.
        at: When, ISO 8601 in UTC, whole seconds.
        number: Which of those made in the same second, from 1.
    """
    moment = at.replace("-", "").replace(":", "")
    name = f"{moment}-{_quoted(unit)}"
    return name if number == 1 else f"{name}.{number}"


def _quoted(unit: str) -> str:
    """Return a unit's id in signs that refs and folders take; a long one is cut."""
    data = unit.encode(errors="surrogateescape")
    signs = (bytes([byte]) for byte in data)
    text = "".join(
        sign.decode() if _PLAIN.fullmatch(sign) else f"%{sign[0]:02X}" for sign in signs
    )
    if len(text) <= _LONGEST:
        return text
    return f"{text[: _LONGEST - _ENDING]}{hashlib.sha256(data).hexdigest()[:_ENDING]}"


def is_copy_id(name: str) -> bool:
    """Return whether a name is of the form that `copy_id` gives."""
    try:
        named(name)
    except ValueError:
        return False
    return True


def named(name: str) -> tuple[str, str]:
    """Return the unit and the moment, ISO 8601, that a copy's name tells.

    Raises:
        ValueError: If it is none.
    """
    found = _ID.fullmatch(name)
    if found is None:
        msg = f"not the name of a safety copy: {name!r}"
        raise ValueError(msg)
    at = datetime.strptime(found["at"], "%Y%m%dT%H%M%S%z")
    return unquote(found["unit"], errors="surrogateescape"), _iso(at)


def newest_first(copies: Sequence[SafetyCopy]) -> tuple[SafetyCopy, ...]:
    """Return copies in the order people look for them."""
    return tuple(sorted(copies, key=_age, reverse=True))


def _age(copy: SafetyCopy) -> tuple[str, int, str]:
    found = _ID.fullmatch(copy.id)
    number = int(found["number"] or 1) if found else 1
    return copy.at, number, copy.id


def expired(
    copies: Sequence[SafetyCopy], now: str, *, days: int, keep: int
) -> tuple[SafetyCopy, ...]:
    """Return the copies of one unit that need not be kept any longer.

    Args:
        copies: All copies of the unit.
        now: The present moment, ISO 8601 in UTC.
        days: How many days a copy is kept; less than 30 counts as 30.
        keep: How many of the newest are kept at any age; less than 1 counts as 1.
    """
    oldest = _moment(now) - timedelta(days=max(days, LEAST_DAYS))
    spare = newest_first(copies)[max(keep, 1) :]
    return tuple(copy for copy in spare if _moment(copy.at) < oldest)


def is_moment(text: str) -> bool:
    """Return whether a text is a moment in the form that copies have."""
    try:
        return _iso(_moment(text)) == text
    except ValueError:
        return False


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _iso(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def message(copy: SafetyCopy, root: str) -> str:
    """Return the message of the commit that holds a copy: for people, then trailers.

    Args:
        copy: The copy.
        root: The state root, relative to the repository; empty if they are one.
    """
    why = " ".join(copy.because.split()) or "no reason given"
    trailers = {
        "Safety": str(SCHEMA),
        "Unit": json.dumps(copy.unit),
        "Root": json.dumps(root),
        "Because": json.dumps(copy.because),
    }
    rows = [f"PDD-{name}: {value}" for name, value in trailers.items()]
    rows += [f"PDD-File: {raw} {json.dumps(str(p))}" for p, raw in copy.files.items()]
    head = f"Safety copy of {json.dumps(copy.unit)[1:-1]}"
    return f"{head}\n\nKept before: {why}\n\n" + "\n".join(rows) + "\n"


def from_message(
    text: str, root: str, *, name: str, at: str, where: str
) -> SafetyCopy | None:
    """Return the copy that a commit holds; None if it is none of this project's.

    Args:
        text: The commit's message.
        root: The state root, as for `message`.
        name: The copy's id.
        at: When the commit was made, ISO 8601 in UTC.
        where: The ref that names it.
    """
    rows = text.strip().rpartition("\n\n")[2].splitlines()
    pairs = [row.partition(": ")[::2] for row in rows]
    single = dict(pairs)
    files = [value for key, value in pairs if key == "PDD-File"]
    if single.get("PDD-Safety") != str(SCHEMA):
        return None
    try:
        if _text(single["PDD-Root"]) != root:
            return None
        return SafetyCopy(
            id=name,
            unit=_text(single["PDD-Unit"]),
            at=at,
            files=dict(_file(row) for row in files),
            because=_text(single["PDD-Because"]),
            where=where,
        )
    except (KeyError, ValueError):
        return None


def _file(row: str) -> tuple[PurePosixPath, str]:
    found = _FILE.fullmatch(row)
    if found is None:
        raise ValueError(row)
    return PurePosixPath(_text(found[2])), found[1]


def _text(value: str) -> str:
    text: object = json.loads(value)
    if not isinstance(text, str):
        raise ValueError(value)  # noqa: TRY004 - the form is wrong, not a type of ours
    return text
