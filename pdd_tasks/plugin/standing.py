"""How units stand now, in the words that select them."""

from collections.abc import Mapping
from typing import Final

from pdd_tasks.core.graph.selector import State
from pdd_tasks.core.model.step import Operation
from pdd_tasks.core.model.unit import DevUnit
from pdd_tasks.core.plan.plan import Plan
from pdd_tasks.errors import PddError
from pdd_tasks.plugin.project import Project


_SAID_BY: Final[Mapping[Operation, State]] = {
    Operation.STOP: State.CONFLICT,
    Operation.GAVE_UP: State.GAVE_UP,
}
_WEIGHT: Final = (
    State.REFUSED,
    State.CUT_OFF,
    State.CONFLICT,
    State.GAVE_UP,
    State.NEW,
    State.STALE,
    State.IN_SYNC,
)


def states(project: Project, unit: DevUnit) -> frozenset[State]:
    """Return all that can be said of how a unit stands; writes nothing."""
    found = set[State]()
    world = project.world(unit)
    try:
        found |= _planned(project.plan(unit))
        if world.traces.fingerprint(unit.id) is None:
            found.add(State.NEW)
    except PddError:
        found.add(State.REFUSED)
    if project.cut_off(unit):
        found.add(State.CUT_OFF)
    is_stale = bool(found - {State.NEW})
    found.add(State.STALE if is_stale else State.IN_SYNC)
    return frozenset(found | ({State.HELD} if world.locks.busy(unit.id) else set()))


def _planned(plan: Plan) -> set[State]:
    said = {_SAID_BY[d.operation] for d in plan.due if d.operation in _SAID_BY}
    return said | ({State.STALE} if plan.due else set())


def state(project: Project, unit: DevUnit) -> State:
    """Return the one word that says most of how a unit stands."""
    found = states(project, unit)
    return next(one for one in _WEIGHT if one in found)
