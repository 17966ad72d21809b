"""The record of a unit's lock on disk: derived state, replaced in one piece.

It is not synced: after a power cut nobody who is named in it lives.
"""

import json
import os
from io import FileIO
from pathlib import Path
from typing import NamedTuple

from pdd_tasks.adapters.exchange import exchanged
from pdd_tasks.adapters.locks.folder import LockFolder
from pdd_tasks.core.model.artifact import UnitId
from pdd_tasks.core.model.form import FormError, NewerFormError
from pdd_tasks.core.model.lock import LockRecord, lock_mapping, lock_of
from pdd_tasks.errors import StateError


class Found(NamedTuple):
    """What lies on disk.

    Attributes:
        record: None if there is none, or it is broken.
        generation: The last one that is known; 0 if none is.
        problem: Why it is broken; empty if it is not.
    """

    record: LockRecord | None
    generation: int
    problem: str = ""


def read_record(folder: LockFolder, unit: UnitId) -> Found:
    """Return a unit's record as it lies on disk.

    Raises:
        StateError: If it is newer than this program.
    """
    try:
        with FileIO(f"{folder.path}/{unit}.json") as stream:  # as a text: often asked
            data = stream.readall()
        value: object = json.loads(data)
    except (FileNotFoundError, NotADirectoryError):
        return Found(None, 0)
    except ValueError as error:
        return Found(None, 0, f"it is not JSON: {error}")
    if not isinstance(value, dict):
        return Found(None, 0, "it is no object")
    try:
        record = lock_of(value, unit)
    except NewerFormError as error:
        path = folder.record(unit)
        raise StateError(
            f"unit {unit}: its lock's record {path} cannot be used: {error}",
            hint="upgrade pdd-tasks; or, if nothing runs here, delete that file",
        ) from error
    except FormError as error:
        return Found(None, _generation(value), str(error))
    return Found(record, record.generation)


def write_record(folder: LockFolder, unit: UnitId, record: LockRecord) -> None:
    """Replace a unit's record; its mutex is held.

    The one before is kept beside it and written over by the next: to replace a file
    for good makes some file systems (ext4) write to the disk at once, which takes
    a hundred times as long.
    """
    path = folder.record(unit)
    beside = path.with_name(f"{path.name}.tmp")
    _overwrite(beside, record_bytes(record))
    if not exchanged(beside, path):  # there is none yet, or the system has no call
        beside.replace(path)


def _overwrite(path: Path, data: bytes) -> None:
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
    try:
        os.pwrite(descriptor, data, 0)
        os.ftruncate(descriptor, len(data))
    finally:
        os.close(descriptor)


def record_bytes(record: LockRecord) -> bytes:
    """Return a record as it lies on disk."""
    text = json.dumps(lock_mapping(record), indent=2, sort_keys=True)
    return f"{text}\n".encode()


def recorded_units(folder: LockFolder) -> tuple[UnitId, ...]:
    """Return the units that have a record, sorted; writes nothing."""
    names = (
        path.relative_to(folder.path).as_posix().removesuffix(".json")
        for path in folder.path.rglob("*.json")
    )
    parts = (name.rpartition("_") for name in names)
    return tuple(sorted(UnitId(stem, language) for stem, _, language in parts))


def _generation(value: dict[str, object]) -> int:
    """Return the generation that a broken record still tells."""
    found = value.get("generation")
    return found if isinstance(found, int) and not isinstance(found, bool) else 0
