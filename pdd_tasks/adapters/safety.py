"""Safety copies: bytes a person wrote, kept before they are replaced.

They lie in ``.pdd/safety/<time>-<unit>/<path>``, each with its path below the folder,
so that copying the folder's contents back restores them. Nothing here deletes or
overwrites one.
"""

from collections.abc import Mapping
from itertools import count
from pathlib import Path, PurePosixPath

from pdd_tasks.adapters.clock import SystemClock
from pdd_tasks.adapters.files import (
    ensure_state_folder,
    folder_name,
    make_folders,
    refuse_outside,
    refusing,
    sync_directory,
    write_durably,
)
from pdd_tasks.core.model.artifact import UnitId


class SafetyCopies:
    """The safety copies of one project; fits the port `Safety`."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def copy(
        self, unit: UnitId, files: Mapping[PurePosixPath, bytes], because: str = ""
    ) -> str:
        """Keep copies of some files, durably.

        Returns:
            The folder they are in, relative to the state root.

        Raises:
            ConfigError: If a path leaves the project.
            PddError: If the disk refuses.
        """
        del because
        for path in files:
            refuse_outside(path)
        with refusing(f"keep safety copies for unit {unit}"):
            folder = self._new_folder(unit)
            for path, data in files.items():
                copy = folder / path
                make_folders(copy.parent)
                write_durably(copy, data)
                sync_directory(copy.parent)
        return folder.relative_to(self._root).as_posix()

    def _new_folder(self, unit: UnitId) -> Path:
        above = ensure_state_folder(self._root) / "safety"
        make_folders(above)
        moment = SystemClock().now().replace("-", "").replace(":", "")
        name = f"{moment}-{folder_name(unit)}"
        for number in count(1):
            folder = above / (name if number == 1 else f"{name}.{number}")
            try:
                folder.mkdir()
            except FileExistsError:
                continue
            sync_directory(above)
            return folder
        raise AssertionError("unreachable: counting does not end")
