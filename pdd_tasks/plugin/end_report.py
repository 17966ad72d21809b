"""What became of the units, told once at the end, and short however many they are.

Rule 1: one line for a unit that failed, one for all units that were not run because
of the same failures. Rule 2: only what failed itself is named as a cause, never what
waited for it.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from typing import Final, NamedTuple

from pdd_tasks.core.model.ledger import dollars
from pdd_tasks.engine.outcome import Spent
from pdd_tasks.plugin.tasks import counted


_MOST_LINES: Final = 50  # of failures
_MOST_CAUSES: Final = 10
_NAMED: Final = 3
_WIDTH: Final = 160


class Failed(NamedTuple):  # no dataclass: also a run that does nothing makes one
    """A unit that failed.

    Attributes:
        unit: Its name.
        step: The step that failed.
        message: Why, one sentence.
        waits: Whether it is no failure, but waits for a person.
    """

    unit: str
    step: str
    message: str
    waits: bool = False

    @property
    def line(self) -> str:
        """It on one line, which begins with the unit's name."""
        because = " ".join(self.message.removeprefix(f"unit {self.unit}: ").split())
        word = "waits for you: " if self.waits else ""
        line = f"{self.unit} {self.step}: {word}{because}"
        return line if len(line) <= _WIDTH else f"{line[: _WIDTH - 1]}…"


class EndReport:
    """Grows while a run goes on.

    Attributes:
        failed: Unit → how it failed, in the order in which they did.
        blocked: Unit → the units whose failure kept it from being run.
    """

    def __init__(self) -> None:
        self.failed: dict[str, Failed] = {}
        self.blocked: dict[str, frozenset[str]] = {}
        self._causes: dict[str, frozenset[str]] = {}

    def fails(self, task: str, failed: Failed) -> None:
        """Note that a task failed."""
        self._causes[task] = frozenset({failed.unit})
        self.failed.setdefault(failed.unit, failed)

    def blocks(
        self, task: str, waits_for: Collection[str], unit: str
    ) -> frozenset[str]:
        """Note that a task of a unit was not run.

        Args:
            task: Its name.
            waits_for: The tasks that it waits for.
            unit: Its unit; empty if it stands for several.

        Returns:
            The units whose fault it is.
        """
        known = [self._causes.get(one, frozenset()) for one in waits_for]
        causes = frozenset[str]().union(*known)
        self._causes[task] = causes
        if unit and unit not in self.failed:
            self.blocked.setdefault(unit, causes)
        return causes

    def lines(
        self, *, finished: Collection[str], unfinished: Mapping[str, bool], again: str
    ) -> list[str]:
        """Return the report; nothing if there is only one unit, or all went well.

        Args:
            finished: The units that are done.
            unfinished: Unit → whether it was begun, of all others that were asked for.
            again: What to type to go on; empty if that was said.
        """
        units = {*finished, *unfinished, *self.failed, *self.blocked}
        if len(units) == 1 or not (self.failed or self.blocked or unfinished):
            return []
        begun = sorted(name for name, is_begun in unfinished.items() if is_begun)
        rest = len(unfinished) - len(begun)
        return [
            *self._failures(),
            *self._blocked(),
            *([f"not finished: {_named(begun, 'unit')}"] if begun else []),
            *([f"not started: {counted(rest, 'unit')}"] if rest else []),
            f"done: {counted(len(finished), 'unit')}",
            *([f"to go on: {again}"] if again else []),
        ]

    def _failures(self) -> list[str]:
        lines = sorted(failed.line for failed in self.failed.values())
        if not lines:
            return []
        more = len(lines) - _MOST_LINES
        shown = [f"  {line}" for line in lines[:_MOST_LINES]]
        last = [f"  and {more} more"] if more > 0 else []
        return [f"failed or waiting: {counted(len(lines), 'unit')}", *shown, *last]

    def _blocked(self) -> list[str]:
        counts = Counter(self.blocked.values())
        rows = sorted(counts.items(), key=lambda row: (-row[1], sorted(row[0])))
        if not rows:
            return []
        shown = [
            f"  {counted(number, 'unit')}, because of {_named(sorted(names), 'unit')}"
            for names, number in rows[:_MOST_CAUSES]
        ]
        rest = rows[_MOST_CAUSES:]
        if rest:
            number = sum(count for _, count in rest)
            shown.append(f"  {counted(number, 'unit')}, because of others")
        return [f"not run: {counted(len(self.blocked), 'unit')}", *shown]


def summed(states: Mapping[str, int], bad: int, ran: int, spent: Spent) -> str:
    """Return the last line of a run.

    Args:
        states: What units are → how many; the first is told even of none.
        bad: How many were not done.
        ran: How many steps did something.
        spent: What all of them cost.
    """
    (state, good), *more = states.items()
    parts = [f"{counted(good, 'unit')} {state}"]
    parts += [f"{number} {also}" for also, number in more if number]
    if bad:
        parts.append(f"{bad} not")
    parts.append(f"{counted(ran, 'step')} run" if ran else "nothing to do")
    if spent.calls:
        live = spent.calls - spent.recorded
        parts.append(f"{counted(live, 'live call')}, {dollars(spent.cost)}")
    if spent.recorded:
        labels = ", ".join(sorted(spent.labels))
        said = counted(spent.recorded, "recorded reply", "recorded replies")
        parts.append(f"{said} ({labels})")
    return f"sync: {'; '.join(parts)}\n"


def _named(names: Sequence[str], noun: str) -> str:
    """Return some names, or the first of them and how many there are."""
    if len(names) <= _NAMED:
        return ", ".join(names)
    rest = counted(len(names) - _NAMED, f"more {noun}")
    return f"{', '.join(names[:_NAMED])} and {rest}"
