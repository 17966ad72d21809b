"""The log of operations of one project, on the terms of its settings."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from pdd_tasks.adapters.journal import StateJournal, Told
from pdd_tasks.core.model.artifact import UnitId
from pdd_tasks.core.model.settings import Settings
from pdd_tasks.core.model.trace import Fingerprint
from pdd_tasks.core.model.unit import DevUnit
from pdd_tasks.engine.ports import Clock, Traces
from pdd_tasks.errors import StateError


class Words(NamedTuple):
    """How a journal speaks, how it hides, and what it calls this run."""

    announce: Callable[[str], None]
    redact: Callable[[str], str]
    run: str


def journal(
    root: Path, units: tuple[DevUnit, ...], traces: Traces, clock: Clock, words: Words
) -> StateJournal:
    """Return the log of a project's operations; nothing is opened.

    Args:
        root: Its state root.
        units: Its units.
        traces: Their fingerprints.
        clock: The time.
        words: How it speaks.
    """
    days = {unit.id: unit.settings.log_ttl_days for unit in units}

    def trace(unit: UnitId) -> Fingerprint | None:
        with suppress(StateError):
            return traces.fingerprint(unit)
        return None

    told = Told(
        past=lambda: past(traces, units),
        trace=trace,
        days=lambda unit: days.get(unit, Settings().log_ttl_days),
        now=clock.now,
        announce=words.announce,
        redact=words.redact,
        run=words.run,
    )
    return StateJournal(root, told)


def past(
    traces: Traces, units: Iterable[DevUnit]
) -> Iterator[tuple[UnitId, Fingerprint]]:
    """Yield units with their fingerprints; one that cannot be read has none."""
    for unit in units:
        with suppress(StateError):
            trace = traces.fingerprint(unit.id)
            if trace is not None:
                yield unit.id, trace
