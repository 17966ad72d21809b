"""The operations of units and their states, kept in ``state.db``; fits `Journal`.

Rule 1: whoever begins an operation holds its unit's lock, so an older one that never
ended has no owner any more: it was interrupted. Rule 2: every text is redacted on its
way in.
"""

import sqlite3
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from pdd_tasks.adapters import usage
from pdd_tasks.adapters.state_db import StateDatabase, read
from pdd_tasks.core.model.artifact import UnitId
from pdd_tasks.core.model.ending import Ending, Status
from pdd_tasks.core.model.operation_log import LogEntry
from pdd_tasks.core.model.step import Operation, Step
from pdd_tasks.core.model.trace import Fingerprint
from pdd_tasks.core.model.unit_state import (
    Event,
    IllegalTransitionError,
    UnitState,
    moved,
    state_of,
)
from pdd_tasks.errors import StateError


Past = Callable[[], Iterable[tuple[UnitId, Fingerprint]]]
_COLUMNS: Final = (
    "id, at, unit, step, operation, because, status, cost, calls, seconds, error, run,"
    " cpu, memory, children"
)
_NEW: Final = (
    "INSERT INTO operation (at, unit, step, operation, because, status, cost, run)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
)
_NO_ENTRY: Final = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a journal needs of the program around it.

    Attributes:
        past: Returns the units of the project with their fingerprints.
        trace: Returns the fingerprint of one unit; None if it has none.
        days: Returns how many days a unit's operations are kept; None keeps them.
        now: Returns the time, ISO 8601 in UTC.
        announce: Tells people one line, each line once.
        redact: Returns a text without secrets.
        run: Names this run of the program.
    """

    past: Past
    trace: Callable[[UnitId], Fingerprint | None]
    days: Callable[[UnitId], float | None]
    now: Callable[[], str]
    announce: Callable[[str], None]
    redact: Callable[[str], str] = str
    run: str = ""


class StateJournal:
    """The journal of one project.

    Attributes:
        database: Where it is kept, and what else all runs share.
    """

    def __init__(self, root: Path, told: Told) -> None:
        self._root, self._told = root, told
        self.database = StateDatabase(root, self._filled, told.announce)

    def began(
        self, unit: UnitId, step: Step, operation: Operation, because: str
    ) -> int:
        """Record that an operation begins, and drop what is too old.

        Returns:
            Its number, for `ended`.
        """
        reason = self._told.redact(because)

        usage.begin()

        def work(connection: sqlite3.Connection) -> int:
            self._prune(connection, unit)
            if _interrupt(connection, unit):
                self._move(connection, unit, Event.INTERRUPTED, None)
            row = (self._told.now(), str(unit), step, operation, reason)
            done = connection.execute(
                _NEW, (*row, Status.RUNNING, None, self._told.run)
            )
            return done.lastrowid or _NO_ENTRY

        return self.database.write(work, _NO_ENTRY)

    def ended(self, unit: UnitId, entry: int, ending: Ending) -> None:
        """Record how an operation ended, unless it counts as interrupted already.

        It does once another run has taken its unit over.
        """
        error = self._told.redact(ending.error)
        taken = usage.end()
        row = (taken.cpu_s, taken.memory, taken.children) if taken else (None,) * 3

        def work(connection: sqlite3.Connection) -> None:
            done = connection.execute(
                "UPDATE operation SET status = ?, cost = ?, calls = ?, seconds = ?,"
                " error = ?, cpu = ?, memory = ?, children = ?"
                " WHERE id = ? AND status = ?",
                (
                    ending.status,
                    ending.cost,
                    ending.calls,
                    round(ending.seconds, 3),
                    error,
                    *row,
                    entry,
                    Status.RUNNING,
                ),
            )
            if done.rowcount and ending.status is not Status.DONE:
                ended = ending.status is Status.INTERRUPTED
                event = Event.INTERRUPTED if ended else Event.FAILED
                self._move(connection, unit, event, None)

        self.database.write(work, None)

    def reached(self, unit: UnitId, step: Step, *, at_rest: bool) -> None:
        """Record that a step has nothing left to do, or all of them."""

        def work(connection: sqlite3.Connection) -> None:
            self._move(connection, unit, Event.SUCCEEDED, step)
            if at_rest:
                self._move(connection, unit, Event.AT_REST, None)

        self.database.write(work, None)

    def state(self, unit: UnitId) -> UnitState:
        """Return how far a unit has come; writes nothing."""
        with suppress(StateError):
            found = read_log(self._root)
            if found is not None and str(unit) in found[1]:
                return found[1][str(unit)]
        return state_of(self._told.trace(unit))

    def _move(
        self,
        connection: sqlite3.Connection,
        unit: UnitId,
        event: Event,
        step: Step | None,
    ) -> None:
        """Change a unit's state: the only place that does."""
        before = _state(connection, unit) or state_of(self._told.trace(unit))
        try:
            after = moved(before, event, step)
        except IllegalTransitionError as error:
            self._told.announce(f"warning: a bug in the operation log: {unit}: {error}")
            after = state_of(self._told.trace(unit))
        _put_state(connection, unit, after, self._told.now())

    def _prune(self, connection: sqlite3.Connection, unit: UnitId) -> None:
        days = self._told.days(unit)
        if days is not None:
            oldest = _before(self._told.now(), days)
            connection.execute(
                "DELETE FROM operation WHERE unit = ? AND at < ? AND status != ?",
                (str(unit), oldest, Status.RUNNING),
            )

    def _filled(self, connection: sqlite3.Connection) -> int:
        """Put into a new database what fingerprints tell.

        Returns:
            How many operations these are.
        """
        count = 0
        for unit, trace in self._told.past():
            _put_state(connection, unit, state_of(trace), self._told.now())
            for one in rebuilt(unit, trace):
                texts = (one.at, one.unit, one.step, one.operation, one.because)
                row = (*texts, one.status, one.cost, "")
                connection.execute(_NEW, tuple(map(self._plain, row)))
                count += 1
        return count

    def _plain(self, value: object) -> object:
        return self._told.redact(value) if type(value) is str else value


def rebuilt(unit: UnitId, trace: Fingerprint) -> tuple[LogEntry, ...]:
    """Return the operations that a fingerprint remembers, oldest first."""
    return tuple(
        LogEntry(
            at=one.at,
            unit=str(unit),
            step=one.step,
            operation=one.operation,
            because=one.because,
            status=Status.DONE,
            cost=one.cost,
        )
        for one in trace.history
    )


def read_log(
    root: Path,
) -> tuple[tuple[LogEntry, ...], Mapping[str, UnitState]] | None:
    """Return all operations and the state of each unit; None if there is no log.

    Raises:
        StateError: If it is broken, newer than this program, or cannot be read.
    """
    return read(root, _all)


def _all(
    connection: sqlite3.Connection,
) -> tuple[tuple[LogEntry, ...], Mapping[str, UnitState]]:
    rows = connection.execute(f"SELECT {_COLUMNS} FROM operation").fetchall()  # noqa: S608 - our own words
    states = connection.execute("SELECT unit, state FROM unit_state").fetchall()
    known = {
        unit: UnitState(state) for unit, state in states if state in set(UnitState)
    }
    return tuple(map(_entry, rows)), known


def _entry(row: tuple[object, ...]) -> LogEntry:
    names = _COLUMNS.split(", ")
    values = dict(zip(names, row, strict=True))
    step, status = Step(str(values["step"])), Status(str(values["status"]))
    return LogEntry(**{**values, "step": step, "status": status})  # type: ignore[arg-type]


def _state(connection: sqlite3.Connection, unit: UnitId) -> UnitState | None:
    row = connection.execute(
        "SELECT state FROM unit_state WHERE unit = ?", (str(unit),)
    ).fetchone()
    known = row is not None and row[0] in set(UnitState)
    return UnitState(row[0]) if known else None


def _put_state(
    connection: sqlite3.Connection, unit: UnitId, state: UnitState, now: str
) -> None:
    connection.execute(
        "INSERT INTO unit_state (unit, state, at) VALUES (?, ?, ?)"
        " ON CONFLICT (unit) DO UPDATE SET state = excluded.state, at = excluded.at",
        (str(unit), state, now),
    )


def _interrupt(connection: sqlite3.Connection, unit: UnitId) -> bool:
    """Return whether operations of a unit never ended; they are interrupted now."""
    done = connection.execute(
        "UPDATE operation SET status = ? WHERE unit = ? AND status = ?",
        (Status.INTERRUPTED, str(unit), Status.RUNNING),
    )
    return done.rowcount > 0


def _before(now: str, days: float) -> str:
    """Return the time some days before another; the first of all if there is none."""
    try:
        then = datetime.fromisoformat(now) - timedelta(days=days)
    except OverflowError:
        return ""
    return then.isoformat().replace("+00:00", "Z")
