"""Whether a person agrees to what a sync may cost, asked once before it begins."""

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress

from pdd_tasks.core.model.ledger import dollars
from pdd_tasks.core.model.unit import DevUnit
from pdd_tasks.core.plan.plan import Plan
from pdd_tasks.engine.world import World
from pdd_tasks.errors import ConfigError, PddError


class Approval:
    """Asks once a run, where a unit's settings want it.

    Attributes:
        units: Returns the units that the run was asked for.
    """

    def __init__(
        self,
        units: Callable[[], Iterable[DevUnit]],
        plan: Callable[[DevUnit], Plan],
        cost: Callable[[Iterable[tuple[DevUnit, Plan]]], int | None],
    ) -> None:
        """Prepare to ask; nothing is looked at yet.

        Args:
            units: Returns the units that the run was asked for.
            plan: Returns what is due of a unit.
            cost: Returns what doing all of it may cost at most; None if unknown.
        """
        self.units = units
        self._plan, self._cost = plan, cost
        self._lock = threading.Lock()
        self._answer: ConfigError | None = None
        self._asked = False

    def ask(self, world: World, unit: DevUnit) -> None:
        """Ask, unless that was done, or nobody wants it.

        Args:
            world: The ports to the unit's project.
            unit: The unit that is about to be worked on.

        Raises:
            ConfigError: If the answer is no, or nobody can be asked.
        """
        limit = unit.settings.confirm_above
        if limit is None:
            return
        with self._lock:
            if not self._asked:
                self._answer = self._answered(world, unit, limit)
                self._asked = True
        if self._answer is not None:
            raise self._answer

    def _answered(self, world: World, unit: DevUnit, limit: int) -> ConfigError | None:
        limit = min([limit, *self._limits()])
        cost = self._cost(self._due())
        if cost is not None and cost <= limit:
            return None
        may = "has an unknown cost" if cost is None else f"may cost {dollars(cost)}"
        question = f"this sync {may}; confirm_above is {dollars(limit)}"
        try:
            world.consent.confirm(question, yes=unit.settings.yes)
        except ConfigError as error:
            return error
        return None

    def _limits(self) -> Iterator[int]:
        """Yield the limits of all units: the lowest holds for a sync of them."""
        for unit in self.units():
            limit = unit.settings.confirm_above
            if limit is not None:
                yield limit

    def _due(self) -> Iterator[tuple[DevUnit, Plan]]:
        for unit in self.units():
            with suppress(PddError):  # it says so when its turn comes
                plan = self._plan(unit)
                if plan.due:
                    yield unit, plan
