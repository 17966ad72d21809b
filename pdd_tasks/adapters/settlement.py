"""Bringing the files of a committed transaction to what its manifest says.

Rule 1: what to do next follows from the bytes in the slot and at the target alone,
so that it can be begun again after a kill at any point. Rule 2: bytes that are
neither the old nor the new ones are a person's: they end at the target, and ours,
or a person's own older save, are parked. Rule 3: nothing is deleted here.

=========  =============  =====================================================
slot       target         what it means, and what is done
=========  =============  =====================================================
new        old            not applied yet: exchange, or move if there was none
new        new            applied by moving, or the same bytes by chance: done
new        anything else  a person edited the target: it stands, ours is parked
old, none  anything else  applied, or parked: done
old, none  old            recovering: a power cut kept half an exchange; the new
                          bytes are taken from the spare. Else as above
other      new            a person's save was displaced: it is put back
other      anything else  ... and saved once more since: the older one is parked
=========  =============  =====================================================
"""

import stat
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pdd_tasks.adapters.exchange import mend, place
from pdd_tasks.adapters.files import (
    ProjectFiles,
    make_folders,
    raw_digest,
    sync_directory,
)
from pdd_tasks.adapters.manifest import Entry
from pdd_tasks.adapters.parked import Parked
from pdd_tasks.adapters.staging import renew, spare_of
from pdd_tasks.errors import ConfigError, Saved


_ODD: Final = "not a plain file"  # stands for a digest, and equals none


@dataclass(frozen=True, slots=True, kw_only=True)
class Settlement:
    """One committed transaction being settled.

    Attributes:
        files: The project.
        folder: The transaction's folder, absolute, where the slots are.
        parked: Takes what cannot stand at its target.
        swap: Exchanges two files.
    """

    files: ProjectFiles
    folder: Path
    parked: Parked
    swap: Callable[[Path, Path], None]

    def settle(
        self, entries: Sequence[Entry], *, again: bool = False
    ) -> tuple[Saved, ...]:
        """Bring every target to its new bytes, in order, and make that durable.

        Args:
            entries: The files.
            again: True if an earlier process may have begun it.

        Returns:
            The files that a person saved instead, now or before a kill.
        """
        # The second pass finds a person's save that went through a file handle
        # opened before the exchange, and so into the displaced file.
        for entry in (*entries, *entries):
            while self._advance(entry) or (again and self._renewed(entry)):
                pass
        self._sync(entries)
        return self.parked.saves(entries)

    def roll_back(self, entries: Sequence[Entry]) -> None:
        """Bring the targets that have their new bytes back to the old ones."""
        for entry in reversed(entries):
            slot, target = self.folder / entry.slot, self.files.root / entry.path
            if self._standing(entry) != entry.new:
                continue
            mend(slot, target)
            staged = self._digest(slot)
            if staged is None and entry.old is None:
                self._take_back(entry, slot, target)
            elif staged is not None and staged == entry.old:
                self._put_back(entry, slot, target)
        self._sync(entries)

    def _advance(self, entry: Entry) -> bool:
        """Return whether there was a thing to do for an entry; one has been done."""
        slot = self.folder / entry.slot
        standing = self._standing(entry)
        if standing != _ODD:
            mend(slot, self.files.root / entry.path)
        staged = self._digest(slot)
        if staged is None or staged == entry.old:
            return False
        if staged == entry.new and standing == entry.new:
            return False
        target = self.files.root / entry.path
        if staged == entry.new and standing == entry.old:
            self._apply(entry, slot, target)
        elif staged != entry.new and standing == entry.new:
            self._put_back(entry, slot, target)
        else:
            self.parked.put(slot, entry.path)
        return True

    def _renewed(self, entry: Entry) -> bool:
        """Return whether a target that a power cut left old is to be applied again."""
        slot = self.folder / entry.slot
        is_half = self._standing(entry) == entry.old
        if not is_half or self._digest(spare_of(slot)) != entry.new:
            return False
        renew(slot)
        return True

    def _apply(self, entry: Entry, slot: Path, target: Path) -> None:
        if stat.S_IMODE(slot.stat().st_mode) != entry.mode:
            slot.chmod(entry.mode)
        make_folders(target.parent)
        # Who takes or frees the name meanwhile is a person; looking again tells.
        if entry.old is None:
            with suppress(FileExistsError):
                place(slot, target)
        else:
            with suppress(FileNotFoundError):
                self.swap(slot, target)

    def _put_back(self, entry: Entry, slot: Path, target: Path) -> None:
        self.swap(slot, target)
        if self._digest(slot) != entry.new:
            # Saved again in between: the newer save is the one that stands.
            self.swap(slot, target)

    def _take_back(self, entry: Entry, slot: Path, target: Path) -> None:
        place(target, slot)
        if self._digest(slot) != entry.new:
            place(slot, target)

    def _standing(self, entry: Entry) -> str | None:
        """Return the digest of what stands at a target; None if nothing does."""
        target = self.files.root / entry.path
        try:
            odd = self.files.locate(entry.path) != target
        except ConfigError:  # a person made it a link that leaves the project
            return _ODD
        # What cannot be read is no person's edit: it is refused, and tried again.
        if odd or (target.exists() and not target.is_file()):
            return _ODD
        return self._digest(target)

    @staticmethod
    def _digest(path: Path) -> str | None:
        try:
            return raw_digest(path.read_bytes())
        except (FileNotFoundError, NotADirectoryError):
            return None

    def _sync(self, entries: Iterable[Entry]) -> None:
        folders = {(self.files.root / entry.path).parent for entry in entries}
        for folder in (*sorted(folders), self.folder):
            if folder.is_dir():  # a person may have removed one
                sync_directory(folder)
