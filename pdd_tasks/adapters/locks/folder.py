"""Where the files of locks lie, and how they are named."""

import hashlib
import os
from pathlib import Path
from typing import Final

from pdd_tasks.adapters.files import (
    STATE_FOLDER,
    ensure_state_folder,
    folder_name,
    make_folders,
)
from pdd_tasks.core.model.artifact import UnitId
from pdd_tasks.core.model.settings import LockPlace
from pdd_tasks.errors import ConfigError


_DIGITS: Final = 32  # of the digest that names a project in the runtime directory


class LockFolder:
    """The folder of a project's locks.

    Attributes:
        path: The folder; it need not exist.
    """

    def __init__(self, root: Path, place: LockPlace, runtime: Path | None) -> None:
        """Name the folder; nothing is made.

        Args:
            root: The state root.
            place: Which folder is asked for.
            runtime: The user's runtime directory; None if there is none.

        Raises:
            ConfigError: If the runtime directory is asked for, and there is none.
        """
        self._root = Path(os.path.realpath(root))
        self._place = place
        if place is LockPlace.PROJECT:
            self.path = self._root / STATE_FOLDER / "locks"
            return
        if runtime is None:
            # Another directory instead would be one that nobody else looks into.
            raise ConfigError(
                "lock_dir is runtime, but XDG_RUNTIME_DIR is not set",
                hint="set XDG_RUNTIME_DIR as it is in your other runs, or take "
                "lock_dir=project",
            )
        name = hashlib.sha256(os.fsencode(self._root)).hexdigest()[:_DIGITS]
        self.path = runtime / "pdd" / "locks" / name

    def prepare(self, unit: UnitId) -> None:
        """Make the folders that a unit's lock needs."""
        if self._place is LockPlace.PROJECT:
            ensure_state_folder(self._root)
        make_folders(self.mutex(unit).parent)
        make_folders(self.alive)

    @property
    def alive(self) -> Path:
        """The folder of life files."""
        return self.path / "alive"

    def mutex(self, unit: UnitId) -> Path:
        """Return the file whose lock guards a unit's record; it is never removed."""
        return self.path / f"{unit}.lock"

    def record(self, unit: UnitId) -> Path:
        """Return the file of a unit's record."""
        return self.path / f"{unit}.json"

    def life(self, unit: UnitId, token: str) -> Path:
        """Return the life file of one hold."""
        return self.alive / f"{folder_name(unit)}.{token}"

    def slot(self, number: int) -> Path:
        """Return the file whose lock is one of the places for units at work."""
        return self.path / f"slot.{number}"
