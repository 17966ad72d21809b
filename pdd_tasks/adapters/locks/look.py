"""A look at a unit's lock: who holds it, and whether it may be taken. Writes nothing.

Without the unit's mutex a look is a hint; with it, it is what counts.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from pdd_tasks.adapters.locks.folder import LockFolder
from pdd_tasks.adapters.locks.life import is_alive, life
from pdd_tasks.adapters.locks.owner import boot_id
from pdd_tasks.adapters.locks.record import read_record
from pdd_tasks.core.model.artifact import UnitId
from pdd_tasks.core.model.lock import (
    SILENCE_S,
    LockRecord,
    Standing,
    silent_ms,
    standing,
)


NAMELESS: Final = "a run that left no name"


def monotonic_ms() -> int:
    """Return milliseconds of CLOCK_MONOTONIC, which stands while a machine sleeps."""
    return time.monotonic_ns() // 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """The times of locks; tests shorten them.

    Attributes:
        floor_s: Seconds that every holder may be silent.
        beat_s: Seconds between two heartbeats on disk, at least.
        mutex_s: Seconds after which people are told that a mutex is waited for.
        now_ms: Milliseconds of a clock that all processes share.
    """

    floor_s: float = SILENCE_S
    beat_s: float = 30.0
    mutex_s: float = 5.0
    now_ms: Callable[[], int] = monotonic_ms


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What a look found.

    Attributes:
        unit: The unit.
        standing: What its lock is to others.
        record: Who holds or held it; None if nothing tells.
        generation: The last generation that is known; 0 if none is.
        silent_s: How long its holder has made no progress; None if that is not known.
        problem: Why its record is broken; empty if it is not.
    """

    unit: UnitId
    standing: Standing
    record: LockRecord | None = None
    generation: int = 0
    silent_s: float | None = None
    problem: str = ""

    @property
    def is_held(self) -> bool:
        """True if somebody who lives holds it, silent or not."""
        return self.standing in {Standing.HELD, Standing.SILENT}

    @property
    def holder(self) -> str:
        """Whoever holds it, for people."""
        return self.record.words if self.record else NAMELESS


def look(folder: LockFolder, unit: UnitId, timing: Timing) -> Look:
    """Return what a look at a unit's lock finds.

    Raises:
        StateError: If its record is newer than this program.
        OSError: If the disk refuses.
    """
    found = read_record(folder, unit)
    record = found.record
    if record is None:
        alive = is_alive(folder, unit)  # its record was deleted or broken meanwhile
        return Look(
            unit=unit,
            standing=Standing.HELD if alive else Standing.FREE,
            generation=found.generation,
            problem=found.problem,
        )
    boot, now = boot_id(), timing.now_ms()
    proof = life(folder.life(unit, record.token))
    silent = silent_ms(record, boot, now)
    return Look(
        unit=unit,
        standing=standing(record, proof, boot, now, round(timing.floor_s * 1000)),
        record=record,
        generation=found.generation,
        silent_s=None if silent is None else silent / 1000,
    )
