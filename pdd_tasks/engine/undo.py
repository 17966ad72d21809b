"""Puts files of a safety copy back; that can itself be undone.

Rule 1: what stands is copied first, so that nothing is lost by going back. Rule 2:
only the files that the copy names are written, all or nothing. Rule 3: nothing is
recorded: what is put back differs from the record, and so counts as a person's edit.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePosixPath

from pdd_tasks.core.model.artifact import Digest, UnitId
from pdd_tasks.core.model.publication import Write
from pdd_tasks.core.model.safety_copy import SafetyCopy
from pdd_tasks.engine.world import World


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A file that is not what a safety copy holds.

    Attributes:
        standing: Its bytes as they stand; None if it is absent.
        kept: Its bytes in the copy.
    """

    path: PurePosixPath
    standing: bytes | None
    kept: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """What going back to a safety copy did.

    Attributes:
        files: The files that were put back; empty if all stood as in the copy.
        kept: Where the copy of what stood is; empty if nothing stood there.
    """

    files: tuple[PurePosixPath, ...]
    kept: str = ""


def differences(world: World, copy: SafetyCopy) -> tuple[Difference, ...]:
    """Return what differs between what stands and a safety copy; writes nothing.

    Raises:
        PddError: If the copy or a file cannot be read.
    """
    rows = (
        Difference(path=path, standing=world.files.read(path), kept=data)
        for path, data in world.safety.read(copy).items()
    )
    return tuple(row for row in rows if row.standing != row.kept)


def restore(world: World, copy: SafetyCopy) -> Restored:
    """Put the files of a safety copy back, under the unit's lock.

    Returns:
        What was done.

    Raises:
        DisplacedError: If a file is saved meanwhile; that save stands.
        PddError: If the copy cannot be read, or the disk refuses.
    """
    unit = unit_of(copy)
    with world.locks.hold(unit, _waiting(world, unit)):
        _recover(world, unit)
        due = differences(world, copy)
        stood = {row.path: row.standing for row in due if row.standing is not None}
        because = f"{copy.id} was put back"
        kept = world.safety.copy(unit, stood, because) if stood else ""
        world.publisher.publish(unit, [_write(row) for row in due])
    return Restored(files=tuple(row.path for row in due), kept=kept)


def unit_of(copy: SafetyCopy) -> UnitId:
    """Return the unit of a safety copy; it may be gone from the project."""
    basename, _, language = copy.unit.rpartition("_")
    return UnitId(basename, language)


def _waiting(world: World, unit: UnitId) -> Callable[[str], None]:
    return lambda holder: world.say(f"{unit}: waits for {holder}")


def _recover(world: World, unit: UnitId) -> None:
    for found in world.publisher.recover(unit):
        done = "completed" if found.completed else "discarded"
        world.say(f"{unit}: {done} the step that an earlier run left open")
        for path in found.parked:
            world.say(f"{unit}: a file was edited meanwhile; ours is at {path}")


def _write(row: Difference) -> Write:
    expected = None if row.standing is None else Digest.of(row.standing).raw
    return Write(path=row.path, data=row.kept, expected=expected)
