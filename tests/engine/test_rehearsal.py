"""The first request of an operation: the same that is made, and nothing is done."""

from calculator_texts import CODE, EXAMPLE, PROMPT, C, E, P, fenced
from memory_project import Project, synced

from pdd_tasks.core.model.step import Operation, Step
from pdd_tasks.core.plan.rule import Decision
from pdd_tasks.core.prompt.request import Request
from pdd_tasks.engine.observe import plan_unit
from pdd_tasks.engine.rehearsal import first_request


def rehearsed(project: Project, step: Step) -> Request | None:
    """Return the first request of what a step would do."""
    world = project.world()
    plan = plan_unit(world, project.unit)
    due = next(one for one in plan.due if one.step is step)
    return first_request(world, project.unit, due)


def test_the_request_is_the_one_that_a_sync_makes():
    project = Project({P: PROMPT}, {"generate": [fenced(CODE)]})

    request = rehearsed(project, Step.GENERATE)
    project.perform(Step.GENERATE)

    assert request is not None
    assert request.key == project.model.requests[0].key


def test_nothing_is_asked_written_kept_or_run():
    project = synced()
    project.write(P, f"{PROMPT}\nBe slow.\n")
    disk, kept = dict(project.disk), dict(project.baselines.kept)
    asked = len(project.model.requests)

    assert rehearsed(project, Step.GENERATE) is not None

    assert project.disk == disk
    assert project.baselines.kept == kept
    assert len(project.model.requests) == asked


def test_what_runs_first_is_not_rehearsed():
    project = Project({P: PROMPT, C: CODE, E: EXAMPLE})
    decision = Decision(step=Step.CRASH, operation=Operation.REPAIR, because="x")
    assert first_request(project.world(), project.unit, decision) is None


def test_what_cannot_be_read_has_no_request():
    project = Project({P: "<include>missing.md</include>\n"})
    decision = Decision(step=Step.GENERATE, operation=Operation.GENERATE, because="x")
    assert first_request(project.world(), project.unit, decision) is None
