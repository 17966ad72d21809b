"""The key of a project's redaction marks: the same secret has the same mark there.

It lies in ``.pdd/log``, which is in no repository, so that nobody can tell from a log
whether a guess of a secret is right. Losing it loses nothing but that marks of older
logs can be compared with newer ones.
"""

import os
import threading
from contextlib import suppress
from pathlib import Path
from typing import Final

from pdd_tasks.adapters.files import (
    STATE_FOLDER,
    ensure_state_folder,
    make_folders,
    write_durably,
)


_BYTES: Final = 32


class MarkKey:
    """The key of one project, read when the first mark is made."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._path = root / STATE_FOLDER / "log" / "redaction.key"
        self._lock = threading.Lock()
        self._found: bytes | None = None
        self._kept = False

    def shown(self) -> bytes:
        """Return the key for a mark on a terminal; writes nothing."""
        with self._lock:
            return self._key()

    def kept(self) -> bytes:
        """Return the key for a mark in a file; it is on the disk from now on.

        A disk that refuses it is no reason to write nothing: the marks of this run
        then have a key of their own.
        """
        with self._lock:
            key = self._key()
            if not self._kept:
                self._kept = True
                with suppress(OSError):
                    self._keep(key)
            return self._key()

    def _key(self) -> bytes:
        if self._found is None:
            try:
                self._found = bytes.fromhex(self._path.read_text(encoding="ascii"))
                self._kept = bool(self._found)
            except (OSError, ValueError):
                self._found = b""
        self._found = self._found or os.urandom(_BYTES)
        return self._found

    def _keep(self, key: bytes) -> None:
        ensure_state_folder(self._root)
        make_folders(self._path.parent)
        try:
            write_durably(self._path, f"{key.hex()}\n".encode())
        except FileExistsError:  # another process was first
            self._found = None
