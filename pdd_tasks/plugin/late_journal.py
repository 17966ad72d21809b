"""The log of operations, loaded when one begins or is asked for."""

from __future__ import annotations

from contextlib import suppress
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, TypeVar

from pdd_tasks.core.model.settings import Settings
from pdd_tasks.engine.ports import Clock, Journal, Traces
from pdd_tasks.errors import StateError


if TYPE_CHECKING:  # these are in signatures alone, and take long to load
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from pdd_tasks.core.model.artifact import UnitId
    from pdd_tasks.core.model.ending import Ending
    from pdd_tasks.core.model.step import Operation, Step
    from pdd_tasks.core.model.trace import Fingerprint
    from pdd_tasks.core.model.unit import DevUnit
    from pdd_tasks.core.model.unit_state import UnitState


T = TypeVar("T")


class Database(Protocol):
    """What all runs of a project share."""

    def must(self, work: Callable[[Any], T]) -> T:
        """Return what some work with a connection returns, or raise."""
        ...


class Words(NamedTuple):
    """How a journal speaks, how it hides, and what it calls this run."""

    announce: Callable[[str], None]
    redact: Callable[[str], str]
    run: str


class _Recording(Journal, Protocol):
    """A journal, and the database it is kept in."""

    @property
    def database(self) -> Database:
        """Where it is kept, with what else all runs share."""
        ...


class LateJournal:
    """The log of operations, loaded when one begins or is asked for."""

    def __init__(
        self,
        root: Path,
        units: tuple[DevUnit, ...],
        traces: Traces,
        clock: Clock,
        words: Words,
    ) -> None:
        self._root, self._units, self._traces = root, units, traces
        self._clock, self._words = clock, words

    def began(
        self, unit: UnitId, step: Step, operation: Operation, because: str
    ) -> int:
        """Record that an operation begins; its unit's lock is held.

        Returns:
            Its number, for `ended`.
        """
        return self._journal.began(unit, step, operation, because)

    def ended(self, unit: UnitId, entry: int, ending: Ending) -> None:
        """Record how an operation ended."""
        self._journal.ended(unit, entry, ending)

    def reached(self, unit: UnitId, step: Step, *, at_rest: bool) -> None:
        """Record that a step has nothing left to do, or with `at_rest` all of them."""
        self._journal.reached(unit, step, at_rest=at_rest)

    def state(self, unit: UnitId) -> UnitState:
        """Return how far a unit has come; writes nothing."""
        return self._journal.state(unit)

    @property
    def database(self) -> Database:
        """Where it is kept, with what else all runs share."""
        return self._journal.database

    @cached_property
    def _journal(self) -> _Recording:
        from pdd_tasks.adapters.journal import StateJournal, Told

        days = {unit.id: unit.settings.log_ttl_days for unit in self._units}
        told = Told(
            past=lambda: past(self._traces, self._units),
            trace=self._trace,
            days=lambda unit: days.get(unit, Settings().log_ttl_days),
            now=self._clock.now,
            announce=self._words.announce,
            redact=self._words.redact,
            run=self._words.run,
        )
        return StateJournal(self._root, told)

    def _trace(self, unit: UnitId) -> Fingerprint | None:
        with suppress(StateError):
            return self._traces.fingerprint(unit)
        return None


def past(
    traces: Traces, units: Iterable[DevUnit]
) -> Iterator[tuple[UnitId, Fingerprint]]:
    """Yield units with their fingerprints; one that cannot be read has none."""
    for unit in units:
        with suppress(StateError):
            trace = traces.fingerprint(unit.id)
            if trace is not None:
                yield unit.id, trace
