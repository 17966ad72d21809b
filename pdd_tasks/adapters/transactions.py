"""Publishing several files all or nothing: a redo journal inside the project.

New contents are staged under ``.pdd/txn/<unit>.<token>/`` and synced; then the
manifest gets its final name, which commits; then every target is exchanged with
its staged file (`settlement`); then the manifest is removed and the folder swept.
A folder with a manifest is rolled forward by the next command, one without is
discarded. Rule 1: only the holder of a unit's lock calls `publish` and `recover`
for it, and they touch no other unit's transactions. Rule 2: whatever can be refused
(disk full, a read-only folder) is tried before the commit. Rule 3: everything from
the commit on happens inside the lock's fence, so that a holder that was evicted
while it slept commits nothing; staging, which takes long, happens outside of it.
"""

import errno
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, nullcontext, suppress
from dataclasses import replace
from pathlib import Path
from typing import Final, NoReturn

from pdd_tasks.adapters.exchange import exchange
from pdd_tasks.adapters.files import (
    STATE_FOLDER,
    ProjectFiles,
    ensure_state_folder,
    folder_name,
    make_folders,
    raw_digest,
    sync_directory,
    write_durably,
)
from pdd_tasks.adapters.manifest import Entry, manifest_bytes, parse_manifest
from pdd_tasks.adapters.parked import Parked, discard
from pdd_tasks.adapters.refusal import refusing
from pdd_tasks.adapters.settlement import Settlement
from pdd_tasks.adapters.staging import stage
from pdd_tasks.core.model.artifact import UnitId
from pdd_tasks.core.model.publication import Recovery, Write
from pdd_tasks.errors import DisplacedError, Saved


Fence = Callable[[UnitId], AbstractContextManager[None]]

_MANIFEST: Final = "manifest.json"
_SWEEPS: Final = 99  # more than an evicted holder has files to stage


def _unfenced(unit: UnitId) -> AbstractContextManager[None]:
    del unit  # whoever publishes without locks is alone
    return nullcontext()


class Transactions:
    """Publishes files and recovers what a kill left open; fits `Publisher`."""

    def __init__(
        self,
        root: Path,
        *,
        swap: Callable[[Path, Path], None] = exchange,
        fence: Fence = _unfenced,
    ) -> None:
        """Work in one project.

        Args:
            root: Its state root.
            swap: Exchanges two files.
            fence: Gives a context in which a unit's lock cannot change hands;
                entering it raises `LockLostError` if the lock is ours no more.
        """
        self._files = ProjectFiles(root)
        self._state = self._files.root / STATE_FOLDER
        self._swap = swap
        self._fence = fence

    def pending(self, unit: UnitId) -> bool:
        """Return whether an earlier run left a unit's transaction open; looks only."""
        return next(self._open(unit), None) is not None

    def recover(self, unit: UnitId) -> tuple[Recovery, ...]:
        """Roll a unit's open transactions forward or discard them.

        Returns:
            What was done about each, empty if none was open.

        Raises:
            StateError: If a manifest is broken or newer; nothing was touched.
            LockLostError: If the lock is another run's now; nothing was touched.
            PddError: If the disk refuses; the next command tries again.
        """
        if not self.pending(unit):
            return ()
        doing = f"finish what was being published for unit {unit}"
        with refusing(doing), self._fence(unit):
            found = [(folder, self._entries(folder)) for folder in self._open(unit)]
            return tuple(self._recovered(folder, entries) for folder, entries in found)

    def publish(self, unit: UnitId, writes: Sequence[Write]) -> None:
        """Write all files or none, in order; files that stand so are left alone.

        Raises:
            ConfigError: If a path leaves the project or is not a plain file, or two
                paths are one file.
            DisplacedError: If a file is not as expected: before the commit nothing
                was written; after it a person's bytes stand and ours are parked.
            LockLostError: If the lock is another run's now; nothing was written.
            PddError: If the disk refuses; nothing was half-written.
        """
        due = self._due(unit, writes)
        if not due:
            return
        with refusing(f"publish unit {unit}"), ExitStack() as undo:
            folder, entries = self._staged(unit, due, undo)
            with self._fence(unit):
                self._due(unit, writes)
                self._commit(folder)
                undo.pop_all()
                settled = self._settle_or_roll_back(folder, entries)
                self._tidy(folder)
        if settled:
            # As the step named the files, links not followed.
            names = {e.path: w.path for e, w in zip(entries, due, strict=True)}
            saved = [replace(one, path=names[one.path]) for one in settled]
            _refuse_parked(unit, tuple(saved))

    def discard_parked(self, unit: UnitId, saved: Sequence[Saved]) -> None:
        """Remove parked copies of generated bytes, once they were merged.

        Only bytes that a step wrote are removed; a person's are left where they are.

        Raises:
            PddError: If the disk refuses.
        """
        with refusing(f"remove what was parked for unit {unit}"):
            discard(self._files.root, unit, saved)

    def _due(self, unit: UnitId, writes: Sequence[Write]) -> tuple[Write, ...]:
        """Return the writes that change something.

        Raises:
            DisplacedError: If a file is neither as expected nor as wanted.
        """
        found = [(write, self._files.read(write.path)) for write in writes]
        due = [(write, data) for write, data in found if data != write.data]
        saved = tuple(
            Saved(path=write.path, old=write.expected, ours=raw_digest(write.data))
            for write, data in due
            if (None if data is None else raw_digest(data)) != write.expected
        )
        if saved:
            _refuse_displaced(unit, saved)
        return tuple(write for write, _ in due)

    def _staged(
        self, unit: UnitId, due: Sequence[Write], undo: ExitStack
    ) -> tuple[Path, tuple[Entry, ...]]:
        transactions = ensure_state_folder(self._files.root) / "txn"
        folder = transactions / f"{folder_name(unit)}.{os.urandom(4).hex()}"
        undo.callback(self._tidy, folder)
        try:
            make_folders(folder)
            entries = stage(self._files, folder, unit, due)
            write_durably(_uncommitted(folder), manifest_bytes(str(unit), entries))
            sync_directory(folder)
        except (FileNotFoundError, NotADirectoryError):
            # The folder is gone: swept by whoever evicted us, and the fence says so.
            with self._fence(unit):
                raise
        return folder, entries

    def _commit(self, folder: Path) -> None:
        """Give the manifest its name, which decides that everything is written.

        Raises:
            OSError: If the disk refuses; the transaction is gone.
        """
        try:
            _uncommitted(folder).rename(folder / _MANIFEST)
            sync_directory(folder)
        except OSError:
            self._tidy(folder)  # inside the fence, where nobody rolls it forward
            raise

    def _settle_or_roll_back(
        self, folder: Path, entries: Sequence[Entry]
    ) -> tuple[Saved, ...]:
        settlement = self._settlement(folder)
        try:
            return settlement.settle(entries)
        except OSError:
            # If this is refused too, the manifest stays: the next command goes on.
            settlement.roll_back(entries)
            self._sweep(folder)
            raise

    def _recovered(self, folder: Path, entries: Sequence[Entry] | None) -> Recovery:
        saved: tuple[Saved, ...] = ()
        if entries is not None:
            saved = self._settlement(folder).settle(entries, again=True)
        self._sweep(folder)
        return Recovery(
            transaction=folder.name, completed=entries is not None, saved=saved
        )

    def _settlement(self, folder: Path) -> Settlement:
        return Settlement(
            files=self._files,
            folder=folder,
            parked=Parked(root=self._files.root, transaction=folder.name),
            swap=self._swap,
        )

    def _open(self, unit: UnitId) -> Iterator[Path]:
        try:
            folders = sorted((self._state / "txn").iterdir())
        except (FileNotFoundError, NotADirectoryError):
            return
        for folder in folders:
            if folder.name.rpartition(".")[0] == folder_name(unit):
                yield folder

    def _entries(self, folder: Path) -> tuple[Entry, ...] | None:
        manifest = folder / _MANIFEST
        if not manifest.exists():
            return None
        name = str(manifest.relative_to(self._files.root))
        return parse_manifest(manifest.read_bytes(), name)

    def _tidy(self, folder: Path) -> None:
        with suppress(OSError):  # what is left is swept by the next command
            self._sweep(folder)

    @staticmethod
    def _sweep(folder: Path) -> None:
        """Remove a transaction's folder, its manifest first and durably."""
        with suppress(FileNotFoundError):
            (folder / _MANIFEST).unlink()
            sync_directory(folder)
        with suppress(FileNotFoundError):  # two may sweep: an evicted holder as well
            _remove(folder)
        sync_directory(folder.parent)


def _uncommitted(folder: Path) -> Path:
    return folder / f"{_MANIFEST}.tmp"


def _remove(folder: Path) -> None:
    """Remove a folder of files, also while an evicted holder still stages there.

    Raises:
        OSError: If the disk refuses.
    """
    for sweep in range(_SWEEPS):
        for file in folder.iterdir():
            file.unlink(missing_ok=True)
        try:
            folder.rmdir()
        except OSError as error:
            if error.errno != errno.ENOTEMPTY or sweep == _SWEEPS - 1:
                raise
        else:
            return


def _refuse_displaced(unit: UnitId, saved: tuple[Saved, ...]) -> NoReturn:
    changed = ", ".join(str(one.path) for one in saved)
    raise DisplacedError(
        f"unit {unit}: {changed} changed while the step ran; nothing was written",
        hint="run the command again",
        saved=saved,
    )


def _refuse_parked(unit: UnitId, saved: tuple[Saved, ...]) -> NoReturn:
    kept = ", ".join(str(one.parked) for one in saved)
    raise DisplacedError(
        f"unit {unit}: a file was saved while it was being published; that save "
        f"stands, and what was to be written there is kept as {kept}",
        hint="compare the two, then run the command again",
        saved=saved,
    )
