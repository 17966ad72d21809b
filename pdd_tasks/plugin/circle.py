"""Units that need each other, synced one by one with the examples that stand.

doit makes each unit of such a circle once, in an order in which one at least goes
before what it needs. What has to be made anew because of that, and because of what it
changes in turn, is made here: before a unit of the circle is proven, and at the end.
Rule 1: the wave stops where what an example shows no longer changes. Rule 2: it is
bounded, or two units whose examples never agree would be paid for without end. Rule
3: whoever comes first does it for all, in its own thread; the others find it done.
"""

import threading
from collections import Counter
from collections.abc import Callable, Mapping
from functools import cached_property
from pathlib import Path
from typing import Final

from pdd_tasks.core.model.operation_graph import before
from pdd_tasks.core.model.step import Operation, Step
from pdd_tasks.core.model.unit import DevUnit
from pdd_tasks.core.plan.plan import Plan
from pdd_tasks.core.plan.rule import Decision
from pdd_tasks.engine.outcome import Outcome
from pdd_tasks.errors import StepError
from pdd_tasks.plugin.edges import Edges, place


LIMIT: Final = 3
"""How often a run makes a unit anew because of the others of its circle."""

NOT_YET: Final = "it is not there yet, and what needs it is made anew when it is"
"""Why a unit is made without an example that it includes."""

_MAKING: Final = (*before(Step.EXAMPLE), Step.EXAMPLE)
_WORKLESS: Final = frozenset({Operation.STOP, Operation.GAVE_UP})


class Circles:
    """The units of a run that need each other.

    Args:
        top: The folder that the units' roots are relative to.
        edges: Which units need each other.
        plan: Returns a unit's plan.
        perform: Does a step of a unit, or settles the unit if the step is None.
    """

    def __init__(
        self,
        top: Path,
        edges: Edges,
        plan: Callable[[DevUnit], Plan],
        perform: Callable[[DevUnit, Step | None, Outcome], None],
    ) -> None:
        self._top, self._edges = top, edges
        self._plan, self._perform = plan, perform
        self._anew = Counter[str]()
        # one for all circles: a unit of one may come to need one of another meanwhile
        self._turn = threading.RLock()

    @cached_property
    def _units(self) -> Mapping[str, DevUnit]:
        return {str(unit.id): unit for unit in self._edges.ordered}

    def first(self, unit: DevUnit, step: Step | None, done: list[Outcome]) -> None:
        """Do what other units of a circle need before a step of one has its turn.

        Before one is proven, all are made anew until none is due; before one is
        settled, they all are.

        Args:
            unit: The unit; if it is in no circle nothing is done.
            step: Its step; None for settling.
            done: Grows with what was done, in order.

        Raises:
            PddError: If one of them cannot be synced, or they do not come to rest.
        """
        group = self._edges.circles.get(str(unit.id), ())
        if not group or step in _MAKING:
            return
        work = self._settle if step is None else self._make
        with self._turn:
            for _ in range(LIMIT * len(group) + 1):
                so_far = len(done)
                for name in group:
                    work(self._units[name], done)
                if len(done) == so_far:
                    return

    def absent(self, unit: DevUnit) -> tuple[str, ...]:
        """Return the examples of its circle that a unit includes and nobody has."""
        name = str(unit.id)
        group = self._edges.circles.get(name, ())
        others = [self._units[n] for n in self._edges.needs.get(name, ()) if n in group]
        places = [place(one, one.example) for one in others]
        return tuple(one for one in places if not (self._top / one).is_file())

    def said(self, unit: DevUnit) -> str:
        """Return how a unit of a circle is made, a clause; empty if it is in none."""
        group = self._edges.circles.get(str(unit.id), ())
        if not group:
            return ""
        absent = ", ".join(self.absent(unit))
        without = f"; {absent} is not there yet" if absent else ""
        return f"{' and '.join(group)} need each other: made one by one{without}"

    def _make(self, unit: DevUnit, done: list[Outcome]) -> None:
        due = {d.step: d for d in self._plan(unit).due}
        if due.keys().isdisjoint(_MAKING):
            return
        self._check(unit, due)
        for step in _MAKING:
            if any(decision.step is step for decision in self._plan(unit).due):
                self._do(unit, step, done)

    def _settle(self, unit: DevUnit, done: list[Outcome]) -> None:
        due = {d.step: d for d in self._plan(unit).due}
        if due:
            self._check(unit, due)
            self._do(unit, None, done)

    def _do(self, unit: DevUnit, step: Step | None, done: list[Outcome]) -> None:
        outcome = Outcome(unit=unit, step=step or Step.FIX)
        done.append(outcome)
        self._perform(unit, step, outcome)

    def _check(self, unit: DevUnit, due: Mapping[Step, Decision]) -> None:
        """Count that a unit is made anew; refuse it if that was so too often.

        Raises:
            StepError: If it was made anew `LIMIT` times.
        """
        wanted = due.get(Step.GENERATE)
        if wanted is None or wanted.operation in _WORKLESS:
            return
        name = str(unit.id)
        if self._anew[name] == LIMIT:
            group = self._edges.circles[name]
            raise StepError(
                f"unit {name}: it was made anew {LIMIT} times, and what it includes"
                f" changed again: {wanted.because}; {' and '.join(sorted(group))} need"
                " each other and do not come to rest",
                hint="say in their prompts which functions each offers, or remove one"
                f" of the includes; `doit sync:{name}` goes on as it is",
            )
        self._anew[name] += 1
