"""The operations of units as the log has them, and which of them are wanted."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from pdd_tasks.core.model.ending import Status
from pdd_tasks.core.model.step import Step


@dataclass(frozen=True, slots=True, kw_only=True)
class LogEntry:
    """One operation.

    Attributes:
        id: Its number in the database; 0 if it was rebuilt without one.
        at: When it began, ISO 8601 in UTC.
        unit: The unit's id.
        step: The step it was part of.
        operation: What was done.
        because: Why.
        status: How it ended.
        cost: Micro-dollars; None if unknown.
        calls: Replies received; None if unknown.
        seconds: How long it took; None if unknown.
        error: Why it failed; empty if it did not.
        run: Which run of the program it was part of; empty if unknown.
        cpu: Seconds of processors, its children's included; None if unknown.
        memory: The most memory one of its children had, in bytes; None if unknown.
        children: How many programs it ran; None if unknown.
    """

    id: int = 0
    at: str
    unit: str
    step: Step
    operation: str
    because: str
    status: Status
    cost: int | None = None
    calls: int | None = None
    seconds: float | None = None
    error: str = ""
    run: str = ""
    cpu: float | None = None
    memory: int | None = None
    children: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which operations are to be shown.

    Attributes:
        units: Ids of units; None for all.
        steps: Id of a unit → the steps of it; units that are not in it with all.
        step: Only of this step; None for all.
        status: Only those that ended so; None for all.
        since: Only from this time on, ISO 8601 in UTC; empty for all.
        last: At most so many, the newest; None for all.
    """

    units: frozenset[str] | None = None
    steps: Mapping[str, Collection[Step]] = field(default_factory=dict)
    step: Step | None = None
    status: Status | None = None
    since: str = ""
    last: int | None = None

    def of(self, entries: Iterable[LogEntry]) -> tuple[LogEntry, ...]:
        """Return the operations to be shown, the newest last."""
        found = sorted(
            (one for one in entries if self._is_wanted(one)),
            key=lambda one: (one.at, one.id),
        )
        first = 0 if self.last is None else max(0, len(found) - self.last)
        return tuple(found[first:])

    def _is_wanted(self, entry: LogEntry) -> bool:
        return (
            (self.units is None or entry.unit in self.units)
            and entry.step in self.steps.get(entry.unit, (entry.step,))
            and self.step in {None, entry.step}
            and self.status in {None, entry.status}
            and entry.at >= self.since
        )
