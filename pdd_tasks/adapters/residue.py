"""What a run that was killed left behind: unfinished files, copies of the project.

Rule 1: only what is ours by its name and its owner is removed. Rule 2: whoever makes
such a thing holds a lock of the kernel on it as long as it lives; what is locked is
in use. Rule 3: what is young is left alone, since it is not locked in its first moment.
"""

import fcntl
import os
import re
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final


_UNFINISHED: Final = re.compile(r"\..+\.[0-9a-f]{8}\.tmp")
_YOUNG_S: Final = 600


def sweep_unfinished(folder: Path) -> int:
    """Return how many files that nobody finishes were removed below a folder."""
    removed = 0
    for path in _unfinished(folder):
        with suppress(OSError), _forsaken(path) as is_forsaken:
            if is_forsaken:
                path.unlink()
                removed += 1
    return removed


def is_forsaken(path: Path) -> bool:
    """Return whether nobody holds a file of ours that is no longer young."""
    try:
        with _forsaken(path) as found:
            return found
    except OSError:
        return False


def claim(descriptor: int) -> None:
    """Hold an open file until it is closed, or this process ends; best effort."""
    with suppress(OSError):  # a file system without locks
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _unfinished(folder: Path) -> Iterator[Path]:
    for place, _, names in os.walk(folder):
        for name in names:
            if _UNFINISHED.fullmatch(name):
                yield Path(place, name)


@contextmanager
def _forsaken(path: Path) -> Iterator[bool]:
    """Give whether a file is forsaken; while the block runs nobody else finds it so.

    Yields:
        True if it is.
    """
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    try:
        found = os.fstat(descriptor)
        is_ours = stat.S_ISREG(found.st_mode) and found.st_uid == os.geteuid()
        is_old = time.time() - found.st_mtime > _YOUNG_S
        yield is_ours and is_old and _is_free(descriptor)
    finally:
        os.close(descriptor)


def _is_free(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
