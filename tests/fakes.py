"""The engine's ports in memory: one mapping of paths to bytes is the disk."""

import hashlib
import json
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import PurePosixPath
from typing import Final

from pdd_tasks.core.model.artifact import UnitId
from pdd_tasks.core.model.ending import Ending, Status
from pdd_tasks.core.model.fingerprint_form import fingerprint_mapping, fingerprint_of
from pdd_tasks.core.model.publication import Recovery, Write
from pdd_tasks.core.model.report_form import report_mapping, report_of
from pdd_tasks.core.model.safety_copy import SafetyCopy, copy_id, newest_first
from pdd_tasks.core.model.step import Operation, Step
from pdd_tasks.core.model.trace import Fingerprint, RunReport
from pdd_tasks.core.model.unit_state import Event, UnitState, moved
from pdd_tasks.core.prompt.request import Reply, Request
from pdd_tasks.errors import (
    ConfigError,
    DisplacedError,
    LockLostError,
    ModelError,
    Saved,
    StateError,
)


Disk = dict[PurePosixPath, bytes]
NOW: Final = "2026-03-01T09:30:00Z"


class MemoryFiles:
    """Reads the disk."""

    def __init__(self, disk: Disk) -> None:
        self._disk = disk

    def matching(self, globs: Sequence[str]) -> tuple[PurePosixPath, ...]:
        """Return the files that match any of some globs, sorted."""
        return tuple(
            sorted(p for p in self._disk if any(p.match(glob) for glob in globs))
        )

    def read(self, path: PurePosixPath) -> bytes | None:
        """Return a file's bytes; None if there is no such file."""
        return self._disk.get(path)


class MemoryTraces:
    """Fingerprints and reports on the disk, in the form that real ones have."""

    def __init__(self, disk: Disk) -> None:
        self._disk = disk

    def fingerprint(self, unit: UnitId) -> Fingerprint | None:
        """Return a unit's fingerprint; None if there is none."""
        mapping = self._mapping(trace_path(unit))
        return None if mapping is None else fingerprint_of(mapping)

    def report(self, unit: UnitId) -> RunReport | None:
        """Return a unit's run report; None if there is none."""
        mapping = self._mapping(report_path(unit))
        return None if mapping is None else report_of(mapping)

    def names(self) -> tuple[str, ...]:
        """Return the names of all units that have a fingerprint."""
        folder = PurePosixPath(".pdd/meta")
        found = (p for p in self._disk if p.is_relative_to(folder))
        names = (p.relative_to(folder).with_suffix("").as_posix() for p in found)
        return tuple(sorted(name for name in names if not name.endswith("_run")))

    def discard(self, unit: UnitId) -> None:
        """Remove what is on record of a unit."""
        self._disk.pop(trace_path(unit), None)
        self._disk.pop(report_path(unit), None)

    def fingerprint_write(self, unit: UnitId, trace: Fingerprint) -> Write:
        """Return the write that records a fingerprint."""
        return self._write(trace_path(unit), fingerprint_mapping(trace))

    def report_write(self, unit: UnitId, report: RunReport) -> Write:
        """Return the write that records a run report."""
        return self._write(report_path(unit), report_mapping(report))

    def _mapping(self, path: PurePosixPath) -> Mapping[str, object] | None:
        if path not in self._disk:
            return None
        try:
            found: dict[str, object] = json.loads(self._disk[path])
        except ValueError as error:
            raise StateError(f"{path} is broken") from error
        return found

    def _write(self, path: PurePosixPath, mapping: Mapping[str, object]) -> Write:
        data = json.dumps(mapping, sort_keys=True, indent=1).encode()
        return Write(path=path, data=data, expected=_raw(self._disk.get(path)))


class MemoryPublisher:
    """Publishes to the disk, all or nothing.

    Attributes:
        published: What was published, in order: each time the paths.
        states: The disk after each publication.
        meanwhile: Edits a person makes right before the next publication.
        exchanged: Edits a person makes in the moment a file is next published.
        left_open: What an earlier run left open, to be recovered once.
    """

    def __init__(self, disk: Disk) -> None:
        self._disk = disk
        self.published: list[tuple[PurePosixPath, ...]] = []
        self.states: list[Disk] = []
        self.meanwhile: Disk = {}
        self.exchanged: Disk = {}
        self.left_open: tuple[Recovery, ...] = ()

    def pending(self, unit: UnitId) -> bool:
        """Return whether an earlier run left something open."""
        del unit
        return bool(self.left_open)

    def recover(self, unit: UnitId) -> tuple[Recovery, ...]:
        """Return what was left open, once."""
        del unit
        found, self.left_open = self.left_open, ()
        return found

    def publish(self, unit: UnitId, writes: Sequence[Write]) -> None:
        """Write all files, or none if one is not as expected."""
        self._disk.update(self.meanwhile)
        self.meanwhile = {}
        saved = tuple(
            Saved(path=w.path, old=w.expected, ours=str(_raw(w.data)))
            for w in writes
            if _raw(self._disk.get(w.path)) != w.expected
        )
        if saved:
            edited = f"unit {unit}: {saved[0].path} was edited meanwhile"
            raise DisplacedError(edited, saved=saved)
        self._disk.update({write.path: write.data for write in writes})
        self.published.append(tuple(write.path for write in writes))
        self.states.append(dict(self._disk))
        self._displace(unit, writes)

    def _displace(self, unit: UnitId, writes: Sequence[Write]) -> None:
        """Let a person's saves stand, and park what was written over them."""
        saved = []
        for write in (write for write in writes if write.path in self.exchanged):
            parked = PurePosixPath(".pdd/parked") / write.path
            save = self.exchanged.pop(write.path)
            self._disk |= {parked: write.data, write.path: save}
            ours = str(_raw(write.data))
            saved.append(
                Saved(path=write.path, old=write.expected, ours=ours, parked=parked)
            )
        if saved:
            message = f"unit {unit}: {saved[0].path} was saved while it was published"
            raise DisplacedError(message, saved=tuple(saved))

    def discard_parked(self, unit: UnitId, saved: Sequence[Saved]) -> None:
        """Remove parked copies that were merged."""
        del unit
        for one in saved:
            if one.parked is not None:
                self._disk.pop(one.parked, None)


class MemoryBaselines:
    """Bytes by content."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}

    def keep(self, data: bytes) -> None:
        """Keep some bytes under their raw digest."""
        self.kept[hashlib.sha256(data).hexdigest()] = data

    def find(self, raw: str, path: PurePosixPath) -> bytes | None:
        """Return bytes by raw digest; None if nobody has them."""
        del path
        return self.kept.get(raw)


class MemorySafety:
    """Copies of a person's bytes.

    Attributes:
        copies: Path → the bytes that were copied last.
        reasons: Why copies were made, in order.
    """

    def __init__(self) -> None:
        self.copies: Disk = {}
        self.reasons: list[str] = []
        self._kept: list[tuple[SafetyCopy, Disk]] = []

    def copy(
        self, unit: UnitId, files: Mapping[PurePosixPath, bytes], because: str = ""
    ) -> str:
        """Keep a copy of some files and return its name."""
        self.copies.update(files)
        self.reasons.append(because)
        copy = SafetyCopy(
            id=copy_id(str(unit), NOW, len(self._kept) + 1),
            unit=str(unit),
            at=NOW,
            files={path: hashlib.sha256(d).hexdigest() for path, d in files.items()},
            because=because,
            where=f".pdd/safety/{unit}",
        )
        self._kept.append((copy, dict(files)))
        return copy.where

    def listed(self, unit: UnitId | None = None) -> tuple[SafetyCopy, ...]:
        """Return the copies, the newest first."""
        found = (copy for copy, _ in self._kept)
        return newest_first([c for c in found if unit is None or c.unit == str(unit)])

    def read(self, copy: SafetyCopy) -> Mapping[PurePosixPath, bytes]:
        """Return the bytes of a copy's files."""
        return next(files for one, files in self._kept if one == copy)


class MemoryJournal:
    """A journal in memory.

    Attributes:
        log: What was told, in order: operation, and how it ended.
        states: Unit → how far it has come.

    Args:
        first: Returns how far a unit had come before anything was told.
    """

    def __init__(self, first: Callable[[UnitId], UnitState]) -> None:
        self._first = first
        self.log: list[tuple[Operation, Ending | None]] = []
        self.states: dict[UnitId, UnitState] = {}

    def began(
        self, unit: UnitId, step: Step, operation: Operation, because: str
    ) -> int:
        """Keep that an operation began."""
        del step, because
        self.states.setdefault(unit, self._first(unit))
        self.log.append((operation, None))
        return len(self.log)

    def ended(self, unit: UnitId, entry: int, ending: Ending) -> None:
        """Keep how an operation ended."""
        self.log[entry - 1] = (self.log[entry - 1][0], ending)
        if ending.status is not Status.DONE:
            self._move(unit, Event.FAILED, None)

    def reached(self, unit: UnitId, step: Step, *, at_rest: bool) -> None:
        """Keep where a unit is."""
        self._move(unit, Event.SUCCEEDED, step)
        if at_rest:
            self._move(unit, Event.AT_REST, None)

    def state(self, unit: UnitId) -> UnitState:
        """Return how far a unit has come."""
        return self.states.get(unit) or self._first(unit)

    def _move(self, unit: UnitId, event: Event, step: Step | None) -> None:
        self.states[unit] = moved(self.state(unit), event, step)


class FakeLocks:
    """Locks of which at most one is held at a time.

    Attributes:
        owner: Whom a taker is told to wait for; empty if the lock is free.
        taken: How often a lock was taken.
        beats: How often its holder made progress.
        lost: True if it was taken over from its holder.
    """

    def __init__(self) -> None:
        self.owner = ""
        self.taken = 0
        self.beats = 0
        self.lost = False
        self._held = False

    @contextmanager
    def hold(self, unit: UnitId, waiting: Callable[[str], None]) -> Iterator[None]:
        """Hold a unit's lock."""
        del unit
        if self.owner:
            waiting(self.owner)
        assert not self._held, "a lock is taken twice"
        self._held, self.taken = True, self.taken + 1
        try:
            yield
        finally:
            self._held = False

    def beat(self, unit: UnitId) -> None:
        """Count that the holder makes progress."""
        self.beats += 1
        if self.lost:
            raise LockLostError(f"unit {unit}: its lock was taken over")

    def busy(self, unit: UnitId) -> bool:
        """Return whether a lock is held."""
        del unit
        return self._held

    def holder(self, unit: UnitId) -> str | None:
        """Return who holds a lock."""
        return self.owner if self.busy(unit) else None


class FakeConsent:
    """A person who answers every question alike.

    Attributes:
        agrees: What they answer.
        questions: What they were asked.
    """

    def __init__(self) -> None:
        self.agrees = True
        self.questions: list[str] = []

    def confirm(self, question: str, *, yes: bool) -> None:
        """Note a question that was not answered in advance, and answer it."""
        if yes:
            return
        self.questions.append(question)
        if not self.agrees:
            raise ConfigError("no")


class FakeCheckout:
    """What git knows of the files, as a test says.

    Attributes:
        announced: How often people would have been told what git cannot do.
        asked: How often git was asked anything.
        left: Path → what both sides of a merge did to it.
        away: Path → why it is tracked, but not checked out.
        moved: New path → old path.
    """

    def __init__(self) -> None:
        self.announced = 0
        self.asked = 0
        self.left: dict[PurePosixPath, str] = {}
        self.away: dict[PurePosixPath, str] = {}
        self.moved: dict[PurePosixPath, PurePosixPath] = {}

    def announce(self) -> None:
        """Count."""
        self.announced += 1

    def unmerged(self) -> Mapping[PurePosixPath, str]:
        """Return what a merge left."""
        self.asked += 1
        return self.left

    def elsewhere(
        self, paths: Collection[PurePosixPath]
    ) -> Mapping[PurePosixPath, str]:
        """Return what is not checked out."""
        self.asked += 1
        return {path: why for path, why in self.away.items() if path in paths}

    def skips(self, ending: str) -> bool:
        """Return whether a path that ends so is not checked out."""
        return any(str(path).endswith(ending) for path in self.away)

    def former(self, path: PurePosixPath) -> PurePosixPath | None:
        """Return where a file was."""
        self.asked += 1
        return self.moved.get(path)


class FixedClock:
    """A day that does not pass, and a stopwatch on which each look takes a second."""

    def __init__(self) -> None:
        self._seconds = 0.0

    def now(self) -> str:
        """Return the time of day."""
        return NOW

    def monotonic(self) -> float:
        """Return one second more than last time."""
        self._seconds += 1
        return self._seconds


class ScriptedModel:
    """Answers with the next reply that was written for a kind of request.

    The same request is answered the same again, as from recordings.

    Attributes:
        replies: Kind of request → the replies to come, the next first; an error
            is raised instead of returned.
        requests: Every request that took a reply, in order.
        rejected: The reasons for which replies were rejected.
        recorded: Key of a request → its reply; empty it to ask anew.
        cost: Micro-dollars that a reply costs when it is not recorded.
    """

    def __init__(self, replies: Mapping[str, Sequence[str | Exception]]) -> None:
        self.replies = {kind: list(texts) for kind, texts in replies.items()}
        self.requests: list[Request] = []
        self.rejected: list[str] = []
        self.recorded: dict[str, str] = {}
        self.cost = 1000

    def complete(self, request: Request) -> Reply:
        """Return the reply to a request."""
        known = self.recorded.get(request.key)
        if known is not None:
            return Reply(
                text=known,
                model="test/model",
                cost=0,
                recorded="test",
                key=request.key,
            )
        coming = self.replies.get(request.kind)
        if not coming:
            raise ModelError(f"no reply is written for {request.kind}")
        text = coming.pop(0)
        if isinstance(text, Exception):
            raise text
        self.requests.append(request)
        self.recorded[request.key] = text
        return Reply(text=text, model="test/model", cost=self.cost, key=request.key)

    def reject(self, request: Request, because: str) -> None:
        """Note why a reply could not be used."""
        del request
        self.rejected.append(because)


def trace_path(unit: UnitId) -> PurePosixPath:
    """Return where a unit's fingerprint lies."""
    return PurePosixPath(f".pdd/meta/{unit}.json")


def report_path(unit: UnitId) -> PurePosixPath:
    """Return where a unit's run report lies."""
    return PurePosixPath(f".pdd/meta/{unit}_run.json")


def _raw(data: bytes | None) -> str | None:
    return None if data is None else hashlib.sha256(data).hexdigest()
