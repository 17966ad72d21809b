"""Staging: new bytes on the disk, in a folder of their own, before anything is decided.

Each file has two names there: its slot, which is exchanged with the target, and a
spare, which keeps the new bytes for a recovery that finds half an exchange. What can
be refused about a target is refused here.
"""

import errno
import os
import stat
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path, PurePosixPath
from typing import Final

from pdd_tasks.adapters.files import (
    ProjectFiles,
    make_folders,
    raw_digest,
    write_durably,
)
from pdd_tasks.adapters.folding import folded, folds
from pdd_tasks.adapters.manifest import Entry
from pdd_tasks.core.model.artifact import UnitId
from pdd_tasks.core.model.publication import Write
from pdd_tasks.errors import ConfigError


_SPARE: Final = ".new"


def stage(
    files: ProjectFiles, folder: Path, unit: UnitId, due: Sequence[Write]
) -> tuple[Entry, ...]:
    """Write new contents into a transaction's folder, which exists.

    Returns:
        What the transaction's manifest says of them, in order.

    Raises:
        ConfigError: If two of them go to one file.
        OSError: If the disk refuses.
    """
    entries = tuple(
        _staged(files, folder / str(number), write) for number, write in enumerate(due)
    )
    _refuse_doubles(files.root, unit, entries)
    return entries


def spare_of(slot: Path) -> Path:
    """Return the second name of a slot's new bytes."""
    return slot.with_name(f"{slot.name}{_SPARE}")


def renew(slot: Path) -> None:
    """Let a slot hold the new bytes again, whatever it held.

    Raises:
        OSError: If the disk refuses.
    """
    again = slot.with_name(f"{slot.name}.again")
    again.unlink(missing_ok=True)
    _name_again(spare_of(slot), again)
    again.replace(slot)


def _staged(files: ProjectFiles, slot: Path, write: Write) -> Entry:
    target = files.locate(write.path)
    make_folders(target.parent)
    _refuse_closed(target.parent)
    write_durably(slot, write.data)
    _name_again(slot, spare_of(slot))
    mode = stat.S_IMODE(slot.stat().st_mode)
    with suppress(FileNotFoundError):
        mode = stat.S_IMODE(target.stat().st_mode)
    return Entry(
        path=PurePosixPath(target.relative_to(files.root)),
        slot=slot.name,
        old=write.expected,
        new=raw_digest(write.data),
        mode=mode,
    )


def _name_again(file: Path, name: Path) -> None:
    """Give a file a second name; where there is no such thing, a copy.

    Raises:
        FileNotFoundError: If the file, or its folder, is gone.
    """
    try:
        name.hardlink_to(file)
    except FileNotFoundError:
        raise
    except OSError:
        write_durably(name, file.read_bytes())


def _refuse_closed(folder: Path) -> None:
    if not os.access(folder, os.W_OK | os.X_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(folder))


def _refuse_doubles(root: Path, unit: UnitId, entries: Sequence[Entry]) -> None:
    """Refuse two paths that are one file, by their spelling or by the file system.

    Raises:
        ConfigError: If there are two.
    """
    seen: dict[str, PurePosixPath] = {}
    for path in (entry.path for entry in entries):
        other = seen.setdefault(folded(path), path)
        if other is path:
            continue
        if other == path or folds(root / other, root / path):
            both = str(path) if other == path else f"{other}, which is {path} here"
            raise ConfigError(
                f"unit {unit}: two of its artifacts are the one file {both}",
                hint="give each artifact a file of its own",
            )
