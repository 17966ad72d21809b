"""Locks: who holds what, and whether that is as it should be."""

from collections.abc import Iterable
from typing import Final

from pdd_tasks.adapters.locks.look import Look
from pdd_tasks.adapters.locks.owner import owner, process_status
from pdd_tasks.core.model.artifact import UnitId
from pdd_tasks.core.model.lock import LockRecord, Standing
from pdd_tasks.errors import PddError
from pdd_tasks.plugin.doctor.finding import Finding, Site


_STOPPED: Final = "stopped"
_MINUTE_S: Final = 60


def lock_looks(site: Site) -> tuple[Look | PddError, ...]:
    """Return a look at every lock that was ever taken; an error where none can be."""
    return tuple(_look(site, unit) for unit in site.locks.units())


def lock_findings(site: Site) -> Iterable[Finding]:
    """Return what is wrong with the locks of a site."""
    return tuple(
        finding
        for unit in site.locks.units()
        if (finding := _finding(site, unit, _look(site, unit)))
    )


def _look(site: Site, unit: UnitId) -> Look | PddError:
    try:
        return site.locks.look(unit)
    except PddError as error:
        return error


def _finding(site: Site, unit: UnitId, found: Look | PddError) -> Finding | None:
    if isinstance(found, PddError):
        return _told(unit, found.message, found.hint, "pip install --upgrade pdd-tasks")
    record = found.record
    if record is None:
        return _without_record(site, found)
    match found.standing:
        case Standing.DEAD:
            what = f"{record.words}, ended without letting {unit} go"
            why = "nobody has to wait for it; what it left open, the next sync recovers"
            return _told(unit, what, why, site.sync(unit))
        case Standing.SILENT:
            what = f"{record.words}, made no progress on {unit} for {_age(found)}"
            why = (
                "a sync of the unit evicts it, and after that it can publish nothing;"
                f" {_status(record)}"
            )
            return _told(unit, what, why, _signal(record) or site.sync(unit))
        case Standing.HELD if _stopped(record):
            what = f"{record.words}, holds {unit} and is stopped"
            why = "syncs of the unit wait until it goes on or ends"
            return _told(unit, what, why, f"kill -CONT {record.pid}")
        case _:
            return None


def _without_record(site: Site, found: Look) -> Finding | None:
    unit = found.unit
    broken = found.problem or "it is not there"
    if found.standing is Standing.HELD:
        what = f"{unit} is held, and its lock's record cannot be read: {broken}"
        why = "the holder can publish nothing; syncs of the unit wait until it ends"
        return _told(unit, what, why, site.sync(unit))
    if found.problem:
        what = f"the record of the lock of {unit} is broken: {broken}"
        why = "nobody holds the unit; the next sync writes the record anew"
        return _told(unit, what, why, site.sync(unit))
    return None


def _told(unit: UnitId, what: str, why: str, command: str) -> Finding:
    return Finding(kind="lock", unit=str(unit), what=what, why=why, command=command)


def _stopped(record: LockRecord) -> bool:
    return _here(record) and process_status(record) == _STOPPED


def _here(record: LockRecord) -> bool:
    return record.boot_id == owner().boot_id


def _status(record: LockRecord) -> str:
    """Return what is known of a holder's process on this machine, as a clause."""
    status = process_status(record)
    return f"the process is {status}" if status else "the process is not seen from here"


def _signal(record: LockRecord) -> str:
    """Return the command that wakes or ends a holder; empty if it is not seen here."""
    if _stopped(record):
        return f"kill -CONT {record.pid}"
    return f"kill {record.pid}" if process_status(record) else ""


def _age(found: Look) -> str:
    seconds = found.silent_s or 0
    if seconds < _MINUTE_S:
        return f"{seconds:.0f} s"
    return f"{seconds / _MINUTE_S:.0f} min"


def lock_line(found: Look | PddError) -> str | None:
    """Return one line on a lock; None if it is free, which needs no word."""
    if isinstance(found, PddError):
        return None
    if found.record is None or found.standing is Standing.FREE:
        return None
    record = found.record
    progress = "unknown" if found.silent_s is None else f"{_age(found)} ago"
    return (
        f"{found.unit}: {found.standing}: {record.words}; on {record.host},"
        f" generation {record.generation}, last progress {progress}"
    )


def lock_value(found: Look | PddError) -> dict[str, object]:
    """Return the same as plain values for JSON."""
    if isinstance(found, PddError):
        return {"error": found.message}
    record, free = found.record, found.standing is Standing.FREE
    value: dict[str, object] = {
        "unit": str(found.unit),
        "standing": str(found.standing),
        "generation": found.generation,
        "silent_seconds": None if free else found.silent_s,
        "problem": found.problem,
    }
    if record is not None:
        names = ("pid", "parent", "host", "since", "command", "start", "exe_hash")
        value |= {name: getattr(record, name) for name in names}
    return value
