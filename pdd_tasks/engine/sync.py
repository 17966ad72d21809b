"""Performs a step of one unit: lock, recover, look, decide, work, publish.

Rule 1: a step decides again under the lock; if there is nothing to do it does
nothing. Rule 2: a failure publishes no artifact and removes no good record.
Rule 3: every loop is bounded.
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Final

from pdd_tasks.core.model.artifact import Artifact
from pdd_tasks.core.model.step import Operation, Step
from pdd_tasks.core.model.trace_update import forgotten, untimed
from pdd_tasks.core.model.unit import DevUnit
from pdd_tasks.core.plan.rule import Decision
from pdd_tasks.core.plan.rules import decide
from pdd_tasks.engine.chronicle import chronicled
from pdd_tasks.engine.observe import observe, plan_unit
from pdd_tasks.engine.obstacles import refuse_obstacles
from pdd_tasks.engine.outcome import Outcome, Spent
from pdd_tasks.engine.predecessor import finish_takeover
from pdd_tasks.engine.presence import refuse_gap
from pdd_tasks.engine.publication import publish
from pdd_tasks.engine.reconciliation import reconcile
from pdd_tasks.engine.replacement import keep_copies
from pdd_tasks.engine.steps import OPERATIONS
from pdd_tasks.engine.steps.adoption import adopt_all
from pdd_tasks.engine.terms import confirm, tolerates
from pdd_tasks.engine.view import View
from pdd_tasks.engine.work import Result, Work
from pdd_tasks.engine.world import World
from pdd_tasks.errors import (
    AnsweredError,
    ConflictError,
    DisplacedError,
    ModelError,
    RunError,
    StepError,
)


OPERATIONS_A_STEP: Final = 6
ROUNDS_TO_SETTLE: Final = len(Step)


def perform(world: World, unit: DevUnit, step: Step, outcome: Outcome) -> None:
    """Do what a step's turn asks for, under the unit's lock.

    Raises:
        PddError: If it failed or waits for a person; `outcome` holds what was done.
    """
    with turn(world, unit, outcome):
        _tolerant(world, unit, step, outcome)


def settle(world: World, unit: DevUnit, outcome: Outcome) -> None:
    """Decide once more for every step and do what is still due, bounded.

    Raises:
        StepError: If the unit does not come to rest.
        PddError: If a step failed or waits for a person.
    """
    with turn(world, unit, outcome):
        for _ in range(ROUNDS_TO_SETTLE):
            due = plan_unit(world, unit).due
            if not due:
                return
            _tolerant(world, unit, due[0].step, outcome)
        due = plan_unit(world, unit).due
    if due:
        reasons = "; ".join(f"{d.step}: {d.because}" for d in due)
        msg = f"unit {unit.id} does not come to rest: {reasons}"
        raise StepError(msg, hint=f"run `doit sync:{unit.id}` again, or report this")


@contextmanager
def turn(world: World, unit: DevUnit, outcome: Outcome) -> Iterator[None]:
    """Hold the unit's lock, recover what was left open, and measure the time."""
    start = world.clock.monotonic()
    try:
        with _lock(world, unit):
            recover(world, unit)
            yield
    finally:
        outcome.seconds += world.clock.monotonic() - start


def _lock(world: World, unit: DevUnit) -> AbstractContextManager[object]:
    """Return a hold on a unit's lock; people are told for whom it waits."""

    def waiting(holder: str) -> None:
        world.say(f"{unit.id}: waits for {holder}")

    return world.locks.hold(unit.id, waiting)


def recover(world: World, unit: DevUnit) -> None:
    """Finish or discard what an earlier run left open, and say which."""
    for found in world.publisher.recover(unit.id):
        done = "completed" if found.completed else "discarded"
        world.say(f"{unit.id}: {done} the step that an earlier run left open")
        for path in found.parked:
            world.say(f"{unit.id}: a file was edited meanwhile; ours is at {path}")
    finish_takeover(world, unit)


def _tolerant(world: World, unit: DevUnit, step: Step, outcome: Outcome) -> None:
    """Do a step; go on where the profile tolerates that it gives up, and say so.

    Raises:
        StepError: If it gave up and that is not tolerated, or failed otherwise.
    """
    try:
        _work(world, unit, step, outcome)
    except StepError as error:
        if not tolerates(world, unit, step):
            raise
        profile = unit.settings.profile.name
        line = f"warning: {error.message}; the profile {profile} goes on without it"
        outcome.notes.append(line)


def _work(world: World, unit: DevUnit, step: Step, outcome: Outcome) -> None:
    for _ in range(OPERATIONS_A_STEP):
        view = observe(world, unit)
        refuse_gap(view)
        decision = decide(view.facts, step)
        if not decision.due:
            return
        outcome.because = outcome.because or decision.because
        world.checkout.announce()
        refuse_obstacles(world, view)
        _refuse(unit, decision)
        confirm(world, unit, decision)
        world.begin(unit)
        outcome.operations.append(decision.operation)
        operate(world, view, decision, outcome)
    msg = f"unit {unit.id}: {step} does not come to rest: {outcome.because}"
    raise StepError(msg, hint=f"run `doit sync:{unit.id}` again, or report this")


def _refuse(unit: DevUnit, decision: Decision) -> None:
    """Raise what a decision that is none of work stands for.

    Raises:
        ConflictError: If a person must decide.
        StepError: If the step gave up in this very state.
    """
    msg = f"unit {unit.id}: {decision.because}"
    hint = decision.hint.format(unit=unit.id)
    if decision.operation is Operation.STOP:
        raise ConflictError(msg, hint=hint)
    if decision.operation is Operation.GAVE_UP:
        raise StepError(msg, hint=hint)


def operate(world: World, view: View, decision: Decision, outcome: Outcome) -> None:
    """Do what was decided for a unit as it was seen, and publish what comes of it.

    Raises:
        PddError: If it failed or waits for a person; that is on record.
    """
    spent = outcome.current = Spent()
    work = Work(world=world, view=view, decision=decision, spent=spent)
    with chronicled(world, view.unit, decision, spent):
        _done(work, outcome)


def _done(work: Work, outcome: Outcome) -> None:
    """Do an operation and publish what comes of it.

    Raises:
        PddError: If it failed or waits for a person; that is on record.
    """
    try:
        result = _result(work)
    finally:
        outcome.spent.merge(work.spent)
        outcome.current = Spent()
    outcome.notes += result.notes
    outcome.notes += keep_copies(work, result)
    try:
        publish(work, result)
    except DisplacedError as displaced:
        outcome.notes += reconcile(work, result, displaced)
    if result.failure is not None:
        raise result.failure


def _result(work: Work) -> Result:
    """Return an operation's result; a hopeless state becomes a record of it.

    Raises:
        StepError: If a model could not be asked or a child process not be started:
            the same state may yet succeed.
    """
    try:
        return OPERATIONS[work.decision.operation](work)
    except StepError as error:
        world_failed = isinstance(error, ModelError | RunError)
        if world_failed and not isinstance(error, AnsweredError):
            raise
        return _hopeless(work, error)


def _hopeless(work: Work, error: StepError) -> Result:
    """Return the result that records a state as hopeless; no artifact changes."""
    name, step = work.unit.id, work.decision.step
    because = error.message.removeprefix(f"unit {name}: ")
    trace = work.view.trace
    trace = work.with_surrender(trace, work.after({}), because, work.spent.calls)
    retry = f"`doit forget sync:{name}:{step}`"
    hint = error.hint or f"change an input, or retry with {retry}"
    if isinstance(error, AnsweredError):
        hint = f"{hint}; then {retry}, since the same request is not paid for twice"
    return Result(trace=trace, failure=StepError(f"unit {name}: {because}", hint=hint))


def forget(world: World, unit: DevUnit, steps: frozenset[Step]) -> None:
    """Mark steps as stale on purpose; what they recorded stays.

    Raises:
        PddError: If the unit cannot be looked at, or is edited meanwhile.
    """
    with _lock(world, unit):
        recover(world, unit)
        trace = world.traces.fingerprint(unit.id)
        if trace is not None:
            write = world.traces.fingerprint_write(unit.id, forgotten(trace, steps))
            world.publisher.publish(unit.id, [write])


def adopt_unit(world: World, unit: DevUnit) -> None:
    """Accept code, example and tests as they stand; runs nothing, asks nobody.

    Raises:
        PddError: If the unit cannot be looked at, is not merged or not checked out,
            or is edited meanwhile.
    """
    with _lock(world, unit):
        recover(world, unit)
        view = observe(world, unit)
        if not view.digests(Artifact.CODE):
            return
        refuse_obstacles(world, view)
        decision = Decision(
            step=Step.UPDATE, operation=Operation.ADOPT, because="adopted on request"
        )
        work = Work(world=world, view=view, decision=decision, spent=Spent())
        with chronicled(world, unit, decision, work.spent):
            result = adopt_all(work)
            for line in keep_copies(work, result):
                world.say(f"{unit.id}: {line}")
            if result.files or untimed(result.trace) != untimed(view.trace):
                publish(work, result)
