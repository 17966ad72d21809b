"""What is recorded of a unit's lock, and what follows from it.

The kernel's lock on the owner's life file is the proof that it lives; the record
says who it is, and its generation is what every publication is fenced by. Rule 1: no
wall clock and no process number decides anything. Rule 2: silence is measured on the
monotonic clock of one boot, and across two boots it is never measured.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Final

from pdd_tasks.core.model.artifact import UnitId
from pdd_tasks.core.model.form import Node, check_schema, read
from pdd_tasks.core.model.settings import LockPlace, Settings


SCHEMA: Final = 1
SILENCE_S: Final = 300.0
"""Seconds that every holder may be silent, whatever its settings."""

_MARGIN: Final = 2  # how often the longest operation fits into the silence allowed
_TEXTS: Final = (
    "unit",
    "token",
    "start",
    "boot_id",
    "host",
    "exe_hash",
    "since",
    "command",
)
_NUMBERS: Final = ("generation", "pid", "parent", "heartbeat", "idle")


@dataclass(frozen=True, slots=True, kw_only=True)
class LockTerms:
    """What the settings of a unit ask of its lock.

    Attributes:
        idle_s: Seconds it may be silent, at least; `SILENCE_S` is the floor.
        wait_s: Seconds to wait for another holder; None waits for as long as it takes.
        at_once: How many units of the project may be held at a time; None is no limit.
        place: Where the files of locks lie.
    """

    idle_s: float = 0.0
    wait_s: float | None = None
    at_once: int | None = None
    place: LockPlace = LockPlace.PROJECT

    @classmethod
    def of(cls, settings: Settings) -> "LockTerms":
        """Return the terms that settings ask for.

        Nothing beats while a model answers or a program runs, so the longest of
        them, with a margin, is a silence that means nothing.
        """
        longest = max(
            settings.model.timeout_s, settings.run_timeout_s, settings.test_timeout_s
        )
        return cls(
            idle_s=_MARGIN * longest,
            wait_s=settings.wait_s,
            at_once=settings.max_concurrent_syncs,
            place=settings.lock_dir,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class LockRecord:
    """Who held a unit's lock last; whether it still does, its life file says.

    Attributes:
        unit: The unit's id.
        generation: One more than that of the holder before.
        token: Random name of this very hold, and part of its life file's name.
        pid: The process.
        parent: The process that started it.
        start: When it was started, as the system tells it.
        boot_id: The boot its heartbeat is measured in; empty if it is not known.
        host: The machine's name.
        exe_hash: Digest of the executable; shown, never deciding: all Python programs
            of an environment share one.
        heartbeat: When it last made progress, in milliseconds of the monotonic clock.
        idle: Milliseconds of silence it asks for.
        since: When the lock was taken.
        command: What was typed.
    """

    unit: str
    generation: int
    token: str
    pid: int
    parent: int
    start: str
    boot_id: str
    host: str
    exe_hash: str
    heartbeat: int
    idle: int
    since: str
    command: str

    @property
    def words(self) -> str:
        """The holder, for people."""
        return f"process {self.pid} ({self.command}), since {self.since}"


class Life(StrEnum):
    """What the life file of a hold says."""

    ABSENT = "absent"  # it was released, or never was
    ENDED = "ended"  # it is there and nobody has it locked: its owner was killed
    ALIVE = "alive"  # its owner lives


class Standing(StrEnum):
    """What a unit's lock is, to somebody who wants it."""

    FREE = "free"  # nobody holds it
    DEAD = "dead"  # its holder ended without releasing it: free, too
    HELD = "held"  # wait
    SILENT = "silent"  # its holder lives and has been silent for too long


def standing(
    record: LockRecord, life: Life, boot_id: str, now: int, floor: int
) -> Standing:
    """Return what a recorded lock is to others.

    Args:
        record: Who held it last.
        life: What that hold's life file says.
        boot_id: The boot of whoever looks.
        now: Milliseconds of the monotonic clock.
        floor: Milliseconds that every holder may be silent.
    """
    if life is Life.ABSENT:
        return Standing.FREE
    if life is Life.ENDED:
        return Standing.DEAD
    silence = silent_ms(record, boot_id, now)
    too_long = silence is not None and silence > max(record.idle, floor)
    return Standing.SILENT if too_long else Standing.HELD


def silent_ms(record: LockRecord, boot_id: str, now: int) -> int | None:
    """Return how long a holder has been silent, in milliseconds.

    None if that cannot be told: its heartbeat is one of another boot.
    """
    if not boot_id or record.boot_id != boot_id:
        return None
    return now - record.heartbeat


def lock_mapping(record: LockRecord) -> Mapping[str, object]:
    """Return a record as it lies on disk."""
    return {"schema": SCHEMA, **asdict(record)}


def lock_of(mapping: Mapping[str, object], unit: UnitId) -> LockRecord:
    """Return the record that lies on disk for a unit.

    Raises:
        NewerFormError: If it is newer than this program.
        FormError: If it is broken, or another unit's.
    """
    check_schema(mapping, SCHEMA)
    return read(mapping, lambda node: _record(node, unit))


def _record(node: Node, unit: UnitId) -> LockRecord:
    fields = node.fields("schema", *_TEXTS, *_NUMBERS)
    texts = {name: fields[name].text() for name in _TEXTS}
    numbers = {name: fields[name].whole() for name in _NUMBERS}
    if texts["unit"] != str(unit):
        fields["unit"].refuse(f"expected {unit}")
    return LockRecord(
        unit=texts["unit"],
        generation=numbers["generation"],
        token=texts["token"],
        pid=numbers["pid"],
        parent=numbers["parent"],
        start=texts["start"],
        boot_id=texts["boot_id"],
        host=texts["host"],
        exe_hash=texts["exe_hash"],
        heartbeat=numbers["heartbeat"],
        idle=numbers["idle"],
        since=texts["since"],
        command=texts["command"],
    )
