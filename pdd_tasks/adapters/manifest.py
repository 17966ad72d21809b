"""The manifest of a transaction: what is to stand where, as the journal keeps it.

Its presence under its final name is what commits a transaction. What is not here:
writing it at the right moment (`transactions`) and doing what it says
(`settlement`).
"""

import json
import re
from dataclasses import asdict, dataclass
from pathlib import PurePosixPath
from typing import Final, NoReturn

from pdd_tasks.adapters.files import refuse_outside
from pdd_tasks.errors import ConfigError, StateError


SCHEMA: Final = 1

_DIGEST: Final = re.compile(r"[0-9a-f]{64}")
_SLOT: Final = re.compile(r"[0-9]{1,6}")
_ALL_BITS: Final = 0o7777
_FIELDS: Final = frozenset({"path", "slot", "old", "new", "mode"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One file of a transaction.

    Attributes:
        path: Where it goes, relative to the state root, links followed.
        slot: Name of the file in the transaction's folder that holds its new bytes
            and, once exchanged, the bytes it displaced.
        old: Raw SHA-256 of the bytes it replaces; None if there was no file.
        new: Raw SHA-256 of its new bytes.
        mode: Permission bits it gets, those of the file it replaces.
    """

    path: PurePosixPath
    slot: str
    old: str | None
    new: str
    mode: int


def manifest_bytes(unit: str, entries: tuple[Entry, ...]) -> bytes:
    """Return a manifest as it lies on disk."""
    rows = [asdict(entry) | {"path": str(entry.path)} for entry in entries]
    value = {"schema": SCHEMA, "unit": unit, "entries": rows}
    return (json.dumps(value, indent=2, sort_keys=True) + "\n").encode()


def parse_manifest(data: bytes, name: str) -> tuple[Entry, ...]:
    """Return the entries of a manifest, in the order they are applied.

    Args:
        data: The manifest's bytes.
        name: Where it lies, for messages.

    Raises:
        StateError: If it is broken, or newer than this program.
    """
    try:
        value: object = json.loads(data)
    except ValueError as error:
        _refuse(name, f"it is not JSON: {error}", error)
    if not isinstance(value, dict) or not isinstance(value.get("schema"), int):
        _refuse(name, "it has no schema number")
    if value["schema"] > SCHEMA:
        raise StateError(
            f"{name} has schema {value['schema']}, and this program knows {SCHEMA}",
            hint="upgrade pdd-tasks, then run the command again",
        )
    rows = value.get("entries")
    if not isinstance(rows, list):
        _refuse(name, "it has no list of entries")
    return tuple(_entry(row, name) for row in rows)


def _entry(row: object, name: str) -> Entry:
    if not isinstance(row, dict) or set(row) != _FIELDS:
        _refuse(name, f"an entry is not one of ours: {row!r}")
    path, slot, mode = row["path"], row["slot"], row["mode"]
    fits = (
        isinstance(path, str)
        and _matches(_SLOT, slot)
        and (row["old"] is None or _matches(_DIGEST, row["old"]))
        and _matches(_DIGEST, row["new"])
        and isinstance(mode, int)
        and 0 <= mode <= _ALL_BITS
    )
    if not fits:
        _refuse(name, f"an entry is not one of ours: {row!r}")
    entry = Entry(**row | {"path": PurePosixPath(path)})
    try:
        refuse_outside(entry.path)
    except ConfigError as error:
        _refuse(name, error.message, error)
    return entry


def _matches(form: re.Pattern[str], value: object) -> bool:
    return isinstance(value, str) and form.fullmatch(value) is not None


def _refuse(name: str, why: str, cause: Exception | None = None) -> NoReturn:
    raise StateError(
        f"{name} cannot be used: {why}",
        hint="keep a copy of the folder it is in, delete the folder, then run the "
        "command again",
    ) from cause
