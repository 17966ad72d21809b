import pytest
from calculator_texts import CODE, PROMPT, C, P, fenced, usual
from memory_project import Project

from pdd_tasks.core.model.ending import Status
from pdd_tasks.core.model.step import Operation, Step
from pdd_tasks.core.model.unit_state import UnitState
from pdd_tasks.core.plan.rule import Decision
from pdd_tasks.engine.chronicle import chronicled
from pdd_tasks.engine.outcome import Spent
from pdd_tasks.errors import (
    BudgetError,
    ConflictError,
    ModelError,
    PddError,
    StepError,
)


DECISION = Decision(
    step=Step.GENERATE, operation=Operation.GENERATE, because="there is no code"
)


def endings(project):
    """Return what the journal was told: operations, and how they ended."""
    return [(done, found and found.status) for done, found in project.journal.log]


def ending(project):
    """Return how the only operation ended."""
    [(_, found)] = project.journal.log
    assert found is not None
    return found


def state(project):
    return project.journal.state(project.unit.id)


def test_every_operation_of_a_sync_is_told_and_the_unit_is_completed():
    project = Project({P: PROMPT}, usual())
    seen = []
    for step in Step:
        project.perform(step)
        seen.append(state(project))
    assert {status for _, status in endings(project)} == {Status.DONE}
    assert [done for done, _ in endings(project)][1] is Operation.GENERATE
    assert seen[-1] is UnitState.COMPLETED
    assert list(dict.fromkeys(seen)) == [
        UnitState.DEPS_INJECTED,
        UnitState.CODE_GENERATED,
        UnitState.EXAMPLE_CREATED,
        UnitState.CRASH_FIXED,
        UnitState.VERIFIED,
        UnitState.COMPLETED,
    ]


def test_what_an_operation_took_is_told():
    project = Project({P: PROMPT}, usual())
    project.perform(Step.GENERATE)
    found = ending(project)
    assert (found.calls, found.cost, found.error) == (1, 1000, "")
    assert found.seconds > 0


@pytest.mark.parametrize(
    "error, status",
    [
        pytest.param(ModelError("no answer"), Status.FAILED, id="failed"),
        pytest.param(BudgetError("no answer"), Status.BUDGET, id="budget"),
        pytest.param(ConflictError("no answer"), Status.CONFLICT, id="conflict"),
    ],
)
def test_a_failure_is_told_with_its_reason(error, status):
    project = Project({P: PROMPT}, {"generate": [error]})
    with pytest.raises(PddError):
        project.perform(Step.GENERATE)
    assert endings(project) == [(Operation.GENERATE, status)]
    assert ending(project).error == "no answer"
    assert state(project) is UnitState.FAILED


@pytest.mark.parametrize(
    "raised, status, said",
    [
        pytest.param(
            KeyboardInterrupt(), Status.INTERRUPTED, "KeyboardInterrupt", id="signal"
        ),
        pytest.param(ValueError("a bug"), Status.FAILED, "ValueError: a bug", id="bug"),
    ],
)
def test_whatever_ends_an_operation_is_told(raised, status, said):
    project = Project({P: PROMPT})
    told = chronicled(project.world(), project.unit, DECISION, Spent())
    with pytest.raises(type(raised)), told:
        raise raised
    found = ending(project)
    assert (found.status, found.error) == (status, said)


def test_a_failed_unit_goes_on_where_it_stopped():
    project = Project({P: PROMPT}, {"generate": ["no", "no", "no"]})
    with pytest.raises(StepError):
        project.perform(Step.GENERATE)
    assert state(project) is UnitState.FAILED
    project.reply("generate", fenced(CODE))
    project.forget(Step.GENERATE)
    project.perform(Step.GENERATE)
    assert project.read(C) == CODE
    assert state(project) is UnitState.CODE_GENERATED


def test_a_step_without_anything_to_do_tells_nothing():
    project = Project({P: PROMPT}, usual())
    for step in Step:
        project.perform(step)
    told = list(project.journal.log)
    for step in Step:
        project.perform(step)
    assert project.journal.log == told
