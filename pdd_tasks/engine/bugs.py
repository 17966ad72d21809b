"""A bug that a person describes: under the unit's lock, and published as a step is."""

from pdd_tasks.core.model.step import Operation, Step
from pdd_tasks.core.model.unit import DevUnit
from pdd_tasks.core.plan.rule import Decision
from pdd_tasks.core.prompt.bug_report import shortened
from pdd_tasks.engine.chronicle import chronicled
from pdd_tasks.engine.observe import observe
from pdd_tasks.engine.obstacles import refuse_obstacles
from pdd_tasks.engine.outcome import Outcome, Spent
from pdd_tasks.engine.publication import publish
from pdd_tasks.engine.reconciliation import reconcile
from pdd_tasks.engine.steps.bug import show_bug
from pdd_tasks.engine.sync import turn
from pdd_tasks.engine.work import Result, Work
from pdd_tasks.engine.world import World
from pdd_tasks.errors import DisplacedError


def report_bug(world: World, unit: DevUnit, description: str, outcome: Outcome) -> None:
    """Turn a described bug into a failing test of the unit; the code stays as it is.

    Args:
        world: The ports.
        unit: The unit.
        description: What is wrong, and what was expected.
        outcome: Gets what was done and spent.

    Raises:
        ConflictError: If the prompt asks for what is called a bug.
        StepError: If the behaviour is right already, or no test shows the bug.
        PddError: If the model cannot be asked, or the disk or the budget refuses.
    """
    with turn(world, unit, outcome):
        world.checkout.announce()
        view = observe(world, unit)
        refuse_obstacles(world, view)
        outcome.because = f"bug: {shortened(description)}"
        decision = Decision(
            step=Step.TEST, operation=Operation.SHOW_BUG, because=outcome.because
        )
        work = Work(world=world, view=view, decision=decision, spent=Spent())
        with chronicled(world, unit, decision, work.spent):
            _publish(work, _result(work, description, outcome), outcome)


def _result(work: Work, description: str, outcome: Outcome) -> Result:
    outcome.operations.append(work.decision.operation)
    try:
        return show_bug(work, description)
    finally:
        outcome.spent.merge(work.spent)


def _publish(work: Work, result: Result, outcome: Outcome) -> None:
    """Publish what there is, and raise why there is nothing.

    Raises:
        DisplacedError: If the test file was saved meanwhile; nothing was written.
        PddError: If there is nothing to publish.
    """
    if result.files:
        try:
            publish(work, result)
        except DisplacedError as displaced:
            if not any(saved.parked for saved in displaced.saved):
                raise
            outcome.notes += reconcile(work, result, displaced)
    outcome.notes += result.notes
    if result.failure is not None:
        raise result.failure
