"""Asks once what many want to know at the same time, in threads and in processes.

Rule 1: the kernel frees the place of whoever ends, however it ends. Rule 2: this only
saves money: where the file system keeps no locks, everybody asks. Rule 3: the file is
named as an unfinished one, so that what a killed run leaves of it is swept.
"""

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final


_FIRST_S: Final = 0.005
_LONGEST_S: Final = 0.2


class SingleFlight:
    """Lets one at a time ask for a key; the others wait, and may then look again."""

    def __init__(self, pause: Callable[[float], None]) -> None:
        """Name how to wait.

        Args:
            pause: Waits for some seconds, and tells others that this one goes on.
        """
        self._pause = pause

    @contextmanager
    def __call__(self, folder: Path, key: str) -> Iterator[None]:
        """Be the only one that asks for a key, while the block runs.

        Args:
            folder: An existing folder that all who ask share.
            key: 64 hexadecimal digits.

        Yields:
            Nothing.
        """
        path = folder / f".{key}.{key[:8]}.tmp"
        descriptor = self._held(path)
        try:
            yield
        finally:
            if descriptor is not None:
                with suppress(OSError):
                    path.unlink()  # before it is free: the next one makes its own
                os.close(descriptor)

    def _held(self, path: Path) -> int | None:
        """Return the descriptor of the file, locked; None where nothing is locked."""
        wait_s = _FIRST_S
        while True:
            try:
                descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
            except OSError:
                return None
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                if _is_at(descriptor, path):
                    return descriptor
                os.close(descriptor)  # its holder removed it in that moment
                continue
            except BlockingIOError:
                os.close(descriptor)
            except OSError:
                os.close(descriptor)
                return None
            self._pause(wait_s)
            wait_s = min(wait_s * 2, _LONGEST_S)


def _is_at(descriptor: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(descriptor), path.lstat())
    except FileNotFoundError:
        return False
