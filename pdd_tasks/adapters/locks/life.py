"""Life files: the kernel's lock on one is the proof that its owner lives.

Rule 1: a life file is made and swept under its unit's mutex, so nobody meets one that
is not locked yet. Rule 2: whoever looks takes a shared lock for a moment, which hinders
no other look.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from pdd_tasks.adapters.files import folder_name
from pdd_tasks.adapters.locks.folder import LockFolder
from pdd_tasks.core.model.artifact import UnitId
from pdd_tasks.core.model.lock import Life


def begin(path: Path) -> int:
    """Return the descriptor of a new life file, whose lock proves life."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o666)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BaseException:
        os.close(descriptor)
        path.unlink()
        raise
    return descriptor


def life(path: Path) -> Life:
    """Return what a life file says; writes nothing."""
    try:
        descriptor = os.open(path, os.O_RDONLY)
    except FileNotFoundError:
        return Life.ABSENT
    except PermissionError:  # another user's: nothing proves that it has ended
        return Life.ALIVE
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return Life.ALIVE
    else:
        return Life.ENDED
    finally:
        os.close(descriptor)


def lives(folder: LockFolder, unit: UnitId) -> Iterator[tuple[Path, Life]]:
    """Give every life file of a unit, and what it says.

    Yields:
        The file, and what it says.
    """
    name = folder_name(unit)
    with suppress(FileNotFoundError, NotADirectoryError):
        for path in sorted(folder.alive.iterdir()):
            if path.name.rpartition(".")[0] == name:
                yield path, life(path)


def is_alive(folder: LockFolder, unit: UnitId) -> bool:
    """Return whether any holder of a unit lives, evicted ones included."""
    return any(found is Life.ALIVE for _, found in lives(folder, unit))


def sweep(folder: LockFolder, unit: UnitId) -> None:
    """Remove the life files that killed holders of a unit left; its mutex is held."""
    for path, found in lives(folder, unit):
        if found is Life.ENDED:
            path.unlink(missing_ok=True)
