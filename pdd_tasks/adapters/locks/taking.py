"""Taking a unit's lock: one attempt, under its mutex."""

import os
import secrets
from collections.abc import Callable
from dataclasses import asdict, replace
from typing import Final

from pdd_tasks.adapters.clock import SystemClock
from pdd_tasks.adapters.locks.folder import LockFolder
from pdd_tasks.adapters.locks.hold import (
    Hold,
    begun,
    held_here,
    is_ours,
    release,
)
from pdd_tasks.adapters.locks.life import begin, sweep
from pdd_tasks.adapters.locks.look import Look, Timing, look
from pdd_tasks.adapters.locks.mutex import mutex
from pdd_tasks.adapters.locks.owner import boot_id, owner, process_status
from pdd_tasks.adapters.locks.record import write_record
from pdd_tasks.adapters.locks.slots import take_slot
from pdd_tasks.core.model.artifact import UnitId
from pdd_tasks.core.model.lock import LockRecord, LockTerms, Standing


_COMMAND: Final = 200  # characters of a command that are recorded
_ATTEMPT_S: Final = 0.02  # then the wait goes on, and can be told and limited
_DOCTOR: Final = "`doit doctor` shows every lock and what to do"


class Taking:
    """Somebody who wants a unit's lock.

    Attributes:
        obstacle: Why the last attempt failed.
        elsewhere: Folders into which runs with other settings look; a run that is
            there is waited for, and never evicted from here.
        redact: Returns a command without secrets, for the record.
    """

    def __init__(
        self,
        folder: LockFolder,
        unit: UnitId,
        terms: LockTerms,
        timing: Timing,
        say: Callable[[str], None],
    ) -> None:
        self._folder, self._unit, self._terms = folder, unit, terms
        self._timing, self._say = timing, say
        self.obstacle = ""
        self._holder: LockRecord | None = None
        self.elsewhere: tuple[LockFolder, ...] = ()
        self.redact: Callable[[str], str] = str

    def attempt(self) -> Hold | None:
        """Return the lock if it can be had now; else `obstacle` says why not.

        Raises:
            StateError: If its record is newer than this program.
            OSError: If the disk refuses.
        """
        if not self._can_be_had():  # a look is cheap, and hinders nobody
            return None
        try:
            with mutex(self._folder.mutex(self._unit), _ATTEMPT_S):
                found = self._can_be_had()
                taken = begun(lambda: self._taken(found)) if found else None
        except TimeoutError:
            self._blocked("another run that is taking or publishing it now")
            return None
        if taken and self._is_held_elsewhere():  # each of two that meet gives way
            release(taken)
            return None
        return taken

    def _can_be_had(self) -> Look | None:
        if self._is_held_elsewhere():
            return None
        found = look(self._folder, self._unit, self._timing)
        if found.standing is Standing.HELD:
            self._blocked_by(found)
            return None
        return found

    def _is_held_elsewhere(self) -> bool:
        for folder in self.elsewhere:
            found = look(folder, self._unit, self._timing)
            if found.is_held:
                self._blocked_by(found)
                return True
        return False

    def _blocked_by(self, found: Look) -> None:
        record = found.record
        if record is not None and is_ours(record.token):
            self._blocked("another task of this run")
            return
        is_far = record is not None and record.boot_id != boot_id()
        where = f", on {record.host}" if record and is_far else ""
        self._blocked(f"{found.holder}{where}")
        self._holder = record

    def _blocked(self, obstacle: str) -> None:
        self.obstacle, self._holder = obstacle, None

    def hint(self) -> str:
        """Return what a person can do about the obstacle."""
        holder = self._holder
        if holder is None or holder.boot_id != boot_id() or not process_status(holder):
            return _DOCTOR  # its number may be that of somebody else here
        return f"let it end, or end it: `kill {holder.pid}`; {_DOCTOR}"

    def _taken(self, found: Look) -> Hold | None:
        """Return the lock, with a place among those at work; None without a place."""
        places: list[int] = []
        limit = self._terms.at_once
        if limit is not None and not held_here(self._folder.path):
            place = take_slot(self._folder, limit)
            if place is None:
                what = f"a place: {limit} at a time (max_concurrent_syncs)"
                self._blocked(what)
                return None
            places.append(place)
        try:
            hold = self._recorded(found, places)
        except BaseException:
            for descriptor in places:
                os.close(descriptor)
            raise
        self._told(found)
        return hold

    def _recorded(self, found: Look, places: list[int]) -> Hold:
        sweep(self._folder, self._unit)
        record = self._record(found.generation + 1)
        path = self._folder.life(self._unit, record.token)
        life = begin(path)
        try:
            write_record(self._folder, self._unit, record)
        except BaseException:
            path.unlink(missing_ok=True)
            os.close(life)
            raise
        return Hold(
            unit=self._unit,
            folder=self._folder.path,
            record=record,
            life=path,
            descriptors=[life, *places],
        )

    def _record(self, generation: int) -> LockRecord:
        mine = owner()
        command = self.redact(mine.command)[:_COMMAND]  # half a secret is one, too
        return LockRecord(
            unit=str(self._unit),
            generation=generation,
            token=secrets.token_hex(8),
            heartbeat=self._timing.now_ms(),
            idle=round(self._terms.idle_s * 1000),
            since=SystemClock().now(),
            **asdict(replace(mine, command=command)),
        )

    def _told(self, found: Look) -> None:
        if found.problem:
            because = f"its record was broken, and its holder gone: {found.problem}"
            self._say(f"{self._unit}: the lock is taken over; {because}")
        if found.standing is Standing.SILENT:
            silence = f"{found.silent_s or 0:.0f} s without progress"
            self._say(f"{self._unit}: {found.holder}, is evicted after {silence}")
