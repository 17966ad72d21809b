"""All units that one ``dodo.py`` serves, and what is known of them in this process.

Units are found when doit asks for tasks. A plan is looked up once and kept until
this process has done something; whoever acts decides again under the lock.
"""

import os
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from pdd_tasks.adapters.files import STATE_FOLDER
from pdd_tasks.adapters.models.purse import SharedPurse
from pdd_tasks.core.model.ledger import Ledger
from pdd_tasks.core.model.step import Step
from pdd_tasks.core.model.unit import DevUnit
from pdd_tasks.core.model.units import Units
from pdd_tasks.core.plan.plan import Plan
from pdd_tasks.engine.outcome import Outcome
from pdd_tasks.engine.world import World
from pdd_tasks.errors import PddError
from pdd_tasks.plugin import wiring
from pdd_tasks.plugin.approval import Approval
from pdd_tasks.plugin.asking import Asking
from pdd_tasks.plugin.circle import NOT_YET, Circles
from pdd_tasks.plugin.confirmation import Confirmation
from pdd_tasks.plugin.cost_file import CostFile
from pdd_tasks.plugin.edges import by_root
from pdd_tasks.plugin.forerun import Forerun, counted_in
from pdd_tasks.plugin.graph_record import GraphRecord
from pdd_tasks.plugin.interruption import Activity
from pdd_tasks.plugin.language_order import in_language_order
from pdd_tasks.plugin.leftover import Leftover, former, leftovers
from pdd_tasks.plugin.looks import looks_and_edges
from pdd_tasks.plugin.outside import Outside
from pdd_tasks.plugin.plans import Looked, Plans
from pdd_tasks.plugin.redaction import Redaction
from pdd_tasks.plugin.sketches import all_units
from pdd_tasks.plugin.telling import once, tell


if TYPE_CHECKING:
    from pdd_tasks.plugin.few import Few


class Project:
    """The units of all projects a ``dodo.py`` names, as of one moment.

    Attributes:
        top: The folder doit runs in.
        units: All units, those needed first; ties by name.
        looks: Looks at units, and knows those again that are at rest.
        edges: Which unit waits for which.
        outside: What tasks that are not ours do in the middle of the run.
        circles: Sees to units that need each other.
        redaction: Redacts what is said and written.
        cleaned: Names of tasks that ``doit clean`` came to.
        quiet: Ids of the units that a sync of all is about and that got no tasks.
        variables: The variables of doit's command line.
        announce: Tells people a line, each line once.
        asking: Set while a person is asked on the terminal: nobody else writes there.
        activity: The steps at work.
        approval: Asks a person whether a run may cost what it may cost.
    """

    def __init__(
        self,
        top: Path,
        roots: tuple[str, ...],
        variables: Mapping[str, str],
        say: Callable[[str], None] = tell,
        about: Iterable[str] | None = None,
        chosen: "Few | None" = None,
    ) -> None:
        """Find the units.

        Args:
            top: The folder doit runs in.
            roots: Folders, or globs of folders, relative to it.
            variables: The variables of doit's command line.
            say: Tells people one line now.
            about: Units and basenames that alone will be asked for; the prompts of
                others are not read, unless those need them. None stands for all.
            chosen: The units, if they are a few of all.
        """
        self.top, self.variables = top, variables
        self.cleaned: set[str] = set()
        self.quiet: frozenset[str] = frozenset()
        self.asking, self.activity = Asking(), Activity()
        self._lock, self._swept = threading.Lock(), set[PurePosixPath]()
        discover = partial(all_units, top, roots, variables, os.environ)
        found = discover() if chosen is None else chosen.units
        self.looks, self.edges = looks_and_edges(top, found, about, chosen)
        self.outside = Outside(top, self.edges, discover)
        self.units = in_language_order(self.edges.ordered, self.edges.waits)
        self._plans = Plans(self._looked, self.edges.needs)
        self._forerun = Forerun(top, self.edges, self.plan, self.perform)
        self.circles = Circles(top, self.edges, self.plan, self._perform)
        self._by_name = {str(unit.id): unit for unit in self.units}
        self._by_basename = Units(self.units).by_basename
        self.purse = SharedPurse(_ledger(self.units))
        self.approval = Approval(lambda: self.units, self.plan, self._highest_cost)
        near = by_root(self.units) if chosen is None else chosen.near
        folders = (*(top / root for root in near), top)
        self.redaction = Redaction(folders, variables)
        self.announce = once(self.redaction.telling(say))
        self._graph = GraphRecord(top, self.units, self.announce)
        self._worlds = self._world_each(near, self.redaction.telling(say))
        self._costs = CostFile(top, redact=self.redaction.written(folders[0]))

    def _world_each(
        self, near: Mapping[PurePosixPath, Units], say: Callable[[str], None]
    ) -> dict[PurePosixPath, World]:
        worlds = {}
        announce, consent = once(say), Confirmation(self.asking)
        roots = set(near)
        if (self.top / STATE_FOLDER).is_dir():  # of units that may all be gone
            roots.add(PurePosixPath())
        for root in sorted(roots):
            mine = near.get(root, Units())
            here = self.top / root
            made = wiring.world(here, mine, self.purse, say, announce, self.redaction)
            worlds[root] = replace(made, consent=consent)
        return worlds

    @property
    def worlds(self) -> Mapping[PurePosixPath, World]:
        """State root, relative to the folder doit runs in → the ports to it."""
        return self._worlds

    def world(self, unit: DevUnit) -> World:
        """Return the world of a unit's project."""
        return self._worlds[unit.root]

    def unit(self, name: str) -> DevUnit | None:
        """Return a unit by its id; None if there is none."""
        return self._by_name.get(name)

    def named(self, basename: str) -> tuple[DevUnit, ...]:
        """Return the units of a basename, one for each language."""
        return self._by_basename.get(basename, ())

    def cut_off(self, unit: DevUnit) -> bool:
        """Return whether an earlier run left a unit's publication open."""
        return self.world(unit).publisher.pending(unit.id)

    def leftovers(self) -> tuple[Leftover, ...]:
        """Return what is left of units that were synced once and have no prompt."""
        found = [
            one
            for world in self._worlds.values()
            for one in leftovers(world.traces.names(), world.units, world.checkout)
        ]
        renamed = {former(self.world(unit), unit) for unit in self.units if found}
        return tuple(one for one in found if one.name not in renamed)

    def plan(self, unit: DevUnit) -> Plan:
        """Return a unit's plan; looked up once until something was done.

        Raises:
            PddError: If the unit cannot be looked at.
        """
        known = self._plans.of(unit)
        if isinstance(known, PddError):
            raise known
        return known

    def _looked(self, unit: DevUnit) -> Looked:
        try:
            self.outside.check(unit)
            return self.looks.look(self.world(unit), unit)
        except PddError as error:
            return Looked(error, None)

    def perform(self, unit: DevUnit, step: Step | None, outcome: Outcome) -> None:
        """Do a unit's step, or settle the unit if the step is None.

        Raises:
            PddError: If it failed or waits for a person.
        """
        done: list[Outcome] = []
        try:
            self.circles.first(unit, step, done)
            self._perform(unit, step, outcome)
        finally:
            counted_in(outcome, done)

    def _perform(self, unit: DevUnit, step: Step | None, outcome: Outcome) -> None:
        """Do the same, whatever else its circle needs.

        Raises:
            PddError: If it failed or waits for a person.
        """
        from pdd_tasks.engine import sync

        self.approval.ask(self.world(unit), unit)
        self._sweep_once(unit)
        self.outside.check(unit)
        self.looks.act()
        absent = self.circles.absent(unit) if step is Step.GENERATE else ()
        with self._forerun.turn(unit, step) as done:
            try:
                if step is None:
                    sync.settle(self.world(unit), unit, outcome)
                else:
                    sync.perform(self.world(unit), unit, step, outcome)
            finally:
                self._plans.changed(unit)
                self._costs.append(outcome, self.world(unit).clock.now())
                counted_in(outcome, done)
        if outcome.operations:
            outcome.notes += (f"made without {one}: {NOT_YET}" for one in absent)
        self._graph.after(unit, outcome)

    def _highest_cost(self, due: Iterable[tuple[DevUnit, Plan]]) -> int | None:
        """Return what doing some plans may cost; None if nobody knows a price."""
        from pdd_tasks.plugin.estimate import estimate

        total = estimate(self, due).total
        return total.high if total else None

    def _sweep_once(self, unit: DevUnit) -> None:
        """Clear away what killed runs left, before this one first does something."""
        with self._lock:
            is_swept = unit.root in self._swept
            self._swept.add(unit.root)
        if not is_swept:
            wiring.sweep(self.top / unit.root)

    @contextmanager
    def acting(self, unit: DevUnit, outcome: Outcome) -> Iterator[World]:
        """Let something be done with a unit outside of its steps.

        Args:
            unit: The unit.
            outcome: Grows with what is done; its costs are recorded in the end.

        Yields:
            The world of its project.
        """
        world = self.world(unit)
        self.looks.act()
        try:
            yield world
        finally:
            self._plans.changed(unit)
            self._costs.append(outcome, world.clock.now())

    def report_bug(self, unit: DevUnit, description: str, outcome: Outcome) -> None:
        """Turn a described bug into a failing test of a unit.

        Raises:
            PddError: If no test shows it, or a person must decide.
        """
        from pdd_tasks.engine.bugs import report_bug

        self.outside.check(unit)
        with self.acting(unit, outcome) as world:
            report_bug(world, unit, description, outcome)

    def look_anew(self) -> None:
        """Forget all that was seen: a task of the user's own ran."""
        self.outside.happen()
        self.looks.act()
        self._plans.forget()

    def forget(self, unit: DevUnit, steps: frozenset[Step]) -> None:
        """Mark steps of a unit as stale on purpose.

        Raises:
            PddError: If its fingerprint cannot be read or written.
        """
        from pdd_tasks.engine import sync

        self.looks.act()
        sync.forget(self.world(unit), unit, steps)
        self._plans.changed(unit)

    def adopt(self, unit: DevUnit) -> None:
        """Accept what stands of a unit as it is.

        Raises:
            PddError: If the unit cannot be looked at.
        """
        from pdd_tasks.engine import sync

        self.looks.act()
        sync.adopt_unit(self.world(unit), unit)
        self._plans.changed(unit)


def _ledger(units: tuple[DevUnit, ...]) -> Ledger:
    """Return the run's ledger; the largest budget counts where units differ."""
    budget = max((unit.settings.budget for unit in units), default=0)
    calls = [unit.settings.max_calls for unit in units]
    known = [number for number in calls if number is not None]
    ledger = Ledger(budget=budget)
    return replace(ledger, max_calls=max(known)) if known else ledger
