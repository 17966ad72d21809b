"""A second pass inside a run: what a prompt needs by now is synced before its code.

Which units wait for which is known when tasks are built, but for what auto-deps chose
since. Such a unit is synced, up to the proof that its example runs, by whoever is
about to generate from it: in the same thread, under its own lock, before the lock of
the other is taken. Thus it makes no difference how many threads there are, and a unit
that is worked on elsewhere is waited for. Circles are refused by name.
"""

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import Final

from pdd_tasks.core.model.operation_graph import before
from pdd_tasks.core.model.settings import AutoDeps, Cycles
from pdd_tasks.core.model.step import Step
from pdd_tasks.core.model.unit import DevUnit
from pdd_tasks.core.model.units import Units
from pdd_tasks.core.plan.plan import Plan
from pdd_tasks.engine.outcome import Outcome
from pdd_tasks.errors import ConfigError
from pdd_tasks.plugin.edges import Edges, by_root, needs_of


_STEPS: Final = (*before(Step.CRASH), Step.CRASH)


class Forerun:
    """Syncs what units need that was not known when tasks were built.

    Args:
        top: The folder that the units' roots are relative to.
        edges: What was known then.
        plan: Returns a unit's plan.
        perform: Does a step of a unit.
    """

    def __init__(
        self,
        top: Path,
        edges: Edges,
        plan: Callable[[DevUnit], Plan],
        perform: Callable[[DevUnit, Step, Outcome], None],
    ) -> None:
        self._top, self._edges, self._plan, self._perform = top, edges, plan, perform
        self._here = threading.local()
        self._choosing = threading.Lock()

    @cached_property
    def _near(self) -> Mapping[PurePosixPath, Units]:
        return by_root(self._edges.ordered)

    @contextmanager
    def turn(self, unit: DevUnit, step: Step | None) -> Iterator[list[Outcome]]:
        """Sync first what a unit needs, if it is about to be generated.

        Of all choices, one is made at a time, so that none closes a circle that
        another one has just begun.

        Args:
            unit: The unit whose step has its turn.
            step: The step; None for settling.

        Raises:
            PddError: If a unit that it needs cannot be synced, or needs it in turn.

        Yields:
            What was done for other units.
        """
        done: list[Outcome] = []
        if step is Step.AUTO_DEPS and unit.settings.auto_deps is not AutoDeps.NAMED:
            with self._choosing:
                yield done
            return
        if step is Step.GENERATE:
            self._first(unit, done)
        yield done

    def _first(self, unit: DevUnit, done: list[Outcome]) -> None:
        way: tuple[str, ...] = getattr(self._here, "way", ())
        name = str(unit.id)
        needed = needs_of(self._top, unit, self._near[unit.root])
        needed -= set(self._edges.circles.get(name, ()))  # which see to each other
        if not way:
            needed -= set(self._edges.waits.get(name, ()))
        self._here.way = (*way, name)
        try:
            for one in sorted(needed):
                self._sync(self._near[unit.root].by_id[one][0], done)
        finally:
            self._here.way = way

    def _sync(self, unit: DevUnit, done: list[Outcome]) -> None:
        name, way = str(unit.id), self._here.way
        if name in way:
            raise _closed((*way[way.index(name) :], name), unit)
        for step in _STEPS:
            if any(decision.step is step for decision in self._plan(unit).due):
                outcome = Outcome(unit=unit, step=step)
                done.append(outcome)
                self._perform(unit, step, outcome)


def _closed(way: tuple[str, ...], unit: DevUnit) -> ConfigError:
    """Return that a circle came to be during the run, whatever units it is of."""
    hint = "remove one of these includes from its prompt"
    if unit.settings.cycles is Cycles.CONDENSE:
        hint = f"{hint}, or run `doit sync` again: it came to be during this run"
    msg = f"units include each other's examples in a cycle: {' -> '.join(way)}"
    return ConfigError(msg, hint=hint)


def counted_in(outcome: Outcome, done: list[Outcome]) -> None:
    """Count in a step's outcome what was done for other units before it."""
    for one in done:
        outcome.spent.merge(one.spent)
        outcome.seconds += one.seconds
        if one.operations:
            what = ", ".join(one.operations)
            because = f", since {one.because}" if one.because else ""
            outcome.notes.append(f"first {one.unit.id} {one.step}: {what}{because}")
            outcome.notes += one.notes
