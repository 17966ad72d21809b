"""Tells the journal of an operation, whatever comes of it."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress

from pdd_tasks.core.model.ending import Ending, Status
from pdd_tasks.core.model.unit import DevUnit
from pdd_tasks.core.plan.rule import Decision
from pdd_tasks.engine.observe import plan_unit
from pdd_tasks.engine.outcome import Spent
from pdd_tasks.engine.world import World
from pdd_tasks.errors import BudgetError, ConflictError, EndedError, PddError


@contextmanager
def chronicled(
    world: World, unit: DevUnit, decision: Decision, spent: Spent
) -> Iterator[None]:
    """Keep a log of what is done inside: that it began, how it ended, what it cost.

    Args:
        world: The ports.
        unit: The unit, whose lock is held.
        decision: What is done, and why.
        spent: What it has spent by the time it ends.

    Yields:
        Nothing.
    """
    journal, start = world.journal, world.clock.monotonic()
    entry = journal.began(unit.id, decision.step, decision.operation, decision.because)

    def ended(status: Status, error: str = "") -> None:
        ending = Ending(
            status=status,
            cost=spent.cost,
            calls=spent.calls,
            seconds=world.clock.monotonic() - start,
            error=error,
        )
        journal.ended(unit.id, entry, ending)

    try:
        yield
    except BaseException as error:
        ended(_status(error), _said(error))
        raise
    ended(Status.DONE)
    with suppress(PddError):  # whoever looks next is told
        due = plan_unit(world, unit).due
        if decision.step not in {one.step for one in due}:
            journal.reached(unit.id, decision.step, at_rest=not due)


def _status(error: BaseException) -> Status:
    match error:
        case ConflictError():
            return Status.CONFLICT
        case BudgetError():
            return Status.BUDGET
        case KeyboardInterrupt() | SystemExit() | EndedError():
            return Status.INTERRUPTED
        case _:
            return Status.FAILED


def _said(error: BaseException) -> str:
    if isinstance(error, PddError):
        return error.message
    return ": ".join(part for part in (type(error).__name__, str(error)) if part)
