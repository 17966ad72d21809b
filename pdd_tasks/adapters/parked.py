"""Bytes that could not take their place, because a person's stand there.

They lie in ``.pdd/parked/<transaction>/<path>``. Nothing removes them but a person,
and `discard` when they were merged.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path, PurePosixPath
from typing import Final

from pdd_tasks.adapters.exchange import place
from pdd_tasks.adapters.files import (
    STATE_FOLDER,
    folder_name,
    make_folders,
    raw_digest,
    sync_directory,
)
from pdd_tasks.adapters.manifest import Entry
from pdd_tasks.core.model.artifact import UnitId
from pdd_tasks.errors import Saved


_FOLDER: Final = PurePosixPath(STATE_FOLDER, "parked")


@dataclass(frozen=True, slots=True, kw_only=True)
class Parked:
    """What is parked for one transaction.

    Attributes:
        root: The state root.
        transaction: The transaction's name.
    """

    root: Path
    transaction: str

    def put(self, file: Path, path: PurePosixPath) -> None:
        """Move a file, meant for a path, to a parking place of its own.

        Raises:
            OSError: If the disk refuses.
        """
        for spot in self._spots(path):
            target = self.root / spot
            make_folders(target.parent)
            with suppress(FileExistsError):
                place(file, target)
                sync_directory(target.parent)
                return

    def saves(self, entries: Iterable[Entry]) -> tuple[Saved, ...]:
        """Return what is parked, in the order of the entries."""
        return tuple(
            Saved(path=entry.path, old=entry.old, ours=entry.new, parked=spot)
            for entry in entries
            for spot in self._taken(entry.path)
        )

    def _taken(self, path: PurePosixPath) -> Iterator[PurePosixPath]:
        for spot in self._spots(path):
            if not (self.root / spot).is_file():
                return
            yield spot

    def _spots(self, path: PurePosixPath) -> Iterator[PurePosixPath]:
        for number in count():
            more = f".{number}" if number else ""
            yield _FOLDER / f"{self.transaction}{more}" / path


def discard(root: Path, unit: UnitId, saved: Sequence[Saved]) -> None:
    """Remove parked files of a unit whose bytes are those a step wanted to write.

    Raises:
        OSError: If the disk refuses.
    """
    for one in saved:
        spot = one.parked
        if spot is None or not _is_of(unit, spot):
            continue
        with suppress(FileNotFoundError):
            if raw_digest((root / spot).read_bytes()) == one.ours:
                (root / spot).unlink()
                _remove_empty(root / spot.parent, root / _FOLDER)


def _is_of(unit: UnitId, spot: PurePosixPath) -> bool:
    if not spot.is_relative_to(_FOLDER):
        return False
    transaction = spot.relative_to(_FOLDER).parts[0]
    return transaction.startswith(f"{folder_name(unit)}.")


def _remove_empty(folder: Path, top: Path) -> None:
    with suppress(OSError):  # one that is not empty stays, and so do those above
        while folder.is_relative_to(top):
            folder.rmdir()
            folder = folder.parent
