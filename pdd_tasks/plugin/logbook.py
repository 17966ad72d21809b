"""The log of operations as people and programs see it: chosen, told, and as JSON.

An operation that began and never ended is at work if its unit is held, else its
process died: it is shown as interrupted, and recorded so by the next operation.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import PurePosixPath
from typing import Final

from pdd_tasks.adapters.journal import read_log, rebuilt
from pdd_tasks.core.model.artifact import UnitId
from pdd_tasks.core.model.ending import Status
from pdd_tasks.core.model.ledger import dollars
from pdd_tasks.core.model.operation_log import LogEntry, Wanted
from pdd_tasks.core.model.unit_state import UnitState, state_of
from pdd_tasks.errors import ConfigError, StateError
from pdd_tasks.plugin.journal import past
from pdd_tasks.plugin.project import Project


SCHEMA: Final = 1
_HEADINGS: Final = ("began (UTC)", "unit", "step", "operation", "status", "cost", "s")
_SPAN: Final = re.compile(r"(\d{1,6})\s*([smhdw])")
_SECONDS: Final = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800}


@dataclass(frozen=True, slots=True, kw_only=True)
class Logbook:
    """What the log says of some units.

    Attributes:
        entries: The operations, the newest last.
        states: Id of a unit → how far it has come.
        notices: Lines for people: what could not be read.
    """

    entries: tuple[LogEntry, ...]
    states: Mapping[str, UnitState]
    notices: tuple[str, ...] = ()

    def chosen(self, wanted: Wanted) -> "Logbook":
        """Return what is wanted of it."""
        units = wanted.units
        states = {u: s for u, s in self.states.items() if units is None or u in units}
        return replace(self, entries=wanted.of(self.entries), states=states)

    def interrupted(self, unit: str) -> LogEntry | None:
        """Return a unit's last operation if it was interrupted."""
        last = next((one for one in reversed(self.entries) if one.unit == unit), None)
        cut = last is not None and last.status is Status.INTERRUPTED
        return last if cut else None


def logbook(project: Project) -> Logbook:
    """Return all that is known of a project's units; writes nothing."""
    entries: list[LogEntry] = []
    states: dict[str, UnitState] = {}
    notices: list[str] = []
    for root in sorted({unit.root for unit in project.units}):
        found = _of_root(project, root, notices)
        entries += found.entries
        states |= found.states
    return Logbook(entries=Wanted().of(entries), states=states, notices=tuple(notices))


def _of_root(project: Project, root: PurePosixPath, notices: list[str]) -> Logbook:
    units = [unit for unit in project.units if unit.root == root]
    world = project.world(units[0])
    traces = dict(past(world.traces, units))
    states = {str(unit.id): state_of(traces.get(unit.id)) for unit in units}
    try:
        found = read_log(project.top / root)
    except StateError as error:
        notices.append(f"{error.message}; what fingerprints remember is shown")
        found = None
    if found is None:
        kept = [one for unit, trace in traces.items() for one in rebuilt(unit, trace)]
        return Logbook(entries=tuple(kept), states=states)
    entries = []
    states |= {unit: state for unit, state in found[1].items() if unit in states}
    for one in found[0]:
        dead = one.status is Status.RUNNING and not world.locks.busy(_id(one.unit))
        entries.append(replace(one, status=Status.INTERRUPTED) if dead else one)
        if dead and one.unit in states:
            states[one.unit] = UnitState.INTERRUPTED
    return Logbook(entries=tuple(entries), states=states)


def _id(unit: str) -> UnitId:
    basename, _, language = unit.rpartition("_")
    return UnitId(basename, language)


def since(text: str, now: str) -> str:
    """Return a time as the log has it, from what a person typed.

    Args:
        text: ``90m``, ``2h``, ``3d``, ``1w`` before now, or an ISO date or time; one
            without a zone is in UTC.
        now: The time now, ISO 8601 in UTC.

    Raises:
        ConfigError: If it is none of these.
    """
    try:
        if span := _SPAN.fullmatch(text.strip()):
            seconds = int(span[1]) * _SECONDS[span[2]]
            then = datetime.fromisoformat(now) - timedelta(seconds=seconds)
        else:
            then = datetime.fromisoformat(text.strip())
    except (ValueError, OverflowError):
        raise ConfigError(
            f"--since is {text!r}, expected a time or how long ago that is",
            hint="write --since=2h, --since=3d or --since=2026-01-31",
        ) from None
    then = then.replace(tzinfo=UTC) if then.tzinfo is None else then.astimezone(UTC)
    return then.strftime("%Y-%m-%dT%H:%M:%SZ")


def lines(book: Logbook) -> list[str]:
    """Return a table, the newest operation last, and how far each unit has come."""
    rows = [_HEADINGS, *(_row(one) for one in book.entries)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    said = ["why", *(_why(one) for one in book.entries)]
    shown = [
        "  ".join((*_aligned(row, widths), why)).rstrip()
        for row, why in zip(rows, said, strict=True)
    ]
    if not book.entries:
        shown = ["no operations"]
    return [*shown, *(f"{unit}: {state}" for unit, state in book.states.items())]


def _aligned(row: Sequence[str], widths: Sequence[int]) -> Iterator[str]:
    for place, (cell, width) in enumerate(zip(row, widths, strict=True)):
        yield cell.rjust(width) if place >= len(_HEADINGS) - 2 else cell.ljust(width)


def _row(entry: LogEntry) -> tuple[str, ...]:
    cost = "" if entry.cost is None and entry.calls is None else dollars(entry.cost)
    seconds = "" if entry.seconds is None else f"{entry.seconds:.1f}"
    at = entry.at.replace("T", " ").removesuffix("Z")
    words = (entry.unit, str(entry.step), entry.operation, str(entry.status))
    return (at, *words, cost, seconds)


def _why(entry: LogEntry) -> str:
    parts = (entry.because, entry.error)
    return ": ".join(" ".join(part.split()) for part in parts if part)


def mapping(book: Logbook) -> Mapping[str, object]:
    """Return the same as plain values for JSON."""
    return {
        "schema": SCHEMA,
        "units": [
            {"unit": unit, "state": str(state)} for unit, state in book.states.items()
        ],
        "operations": [_entry(one) for one in book.entries],
    }


def _entry(entry: LogEntry) -> Mapping[str, object]:
    return {
        "at": entry.at,
        "unit": entry.unit,
        "step": str(entry.step),
        "operation": entry.operation,
        "because": entry.because,
        "status": str(entry.status),
        "cost": entry.cost,
        "calls": entry.calls,
        "seconds": entry.seconds,
        "error": entry.error,
        "run": entry.run,
        "cpu": None if entry.cpu is None else round(entry.cpu, 3),
        "memory": entry.memory,
        "children": entry.children,
    }
