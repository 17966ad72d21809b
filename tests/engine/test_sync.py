from pathlib import PurePosixPath

import pytest
from calculator_texts import (
    CODE,
    EXAMPLE,
    PROMPT,
    TESTS,
    C,
    E,
    P,
    T,
    fenced,
    judged,
    named,
    usual,
)
from fakes import NOW, ScriptedModel, report_path, trace_path
from memory_project import Project, forget_past, synced

from pdd_tasks.core.model.artifact import Artifact, Digest
from pdd_tasks.core.model.publication import Recovery
from pdd_tasks.core.model.step import Operation, Step
from pdd_tasks.core.prompt.request import Reply, Request
from pdd_tasks.engine.outcome import Outcome
from pdd_tasks.engine.sync import perform
from pdd_tasks.errors import (
    BudgetError,
    ConfigError,
    ConflictError,
    LockLostError,
    Saved,
    StepError,
    TruncatedError,
)


ALL_STEPS = [pytest.param(step, id=step) for step in Step]


def test_a_prompt_becomes_a_unit_in_sync():
    project = Project({P: PROMPT}, usual())
    assert project.sync() == [
        Operation.INJECT_DEPS,
        Operation.GENERATE,
        Operation.WRITE_EXAMPLE,
        Operation.RUN_EXAMPLE,
        Operation.JUDGE,
        Operation.ADD_TESTS,
    ]
    assert project.asked == ["generate", "example", "verify", "test"]
    assert [project.read(path) for path in (C, E, T)] == [CODE, EXAMPLE, TESTS]


def test_after_a_sync_another_one_asks_writes_and_runs_nothing():
    project = synced()
    before = dict(project.disk)
    assert project.sync() == []
    assert project.disk == before
    assert project.publisher.published == []
    assert project.asked == project.runner.runs == []


def test_after_a_sync_every_artifact_is_the_one_recorded():
    project = synced()
    trace = project.trace
    outputs = {
        path: digest
        for step in (Step.GENERATE, Step.EXAMPLE, Step.TEST)
        for path, digest in trace.steps[step].outputs.items()
    }
    assert outputs == {
        path: Digest.of(project.read(path).encode()) for path in (C, E, T)
    }
    assert trace.hashes == {
        artifact: Digest.of(project.read(path).encode()).raw
        for artifact, path in zip(Artifact, (P, C, E, T), strict=True)
    }


def test_steps_done_alone_end_where_a_sync_ends():
    project = Project({P: PROMPT}, usual())
    for step in Step:
        project.perform(step)
    assert project.due() == {}
    assert project.settle() == []


def test_a_plan_says_what_is_then_done():
    project = synced()
    project.edit(E, "print(add(1, 2))", "print(add(40, 2))")
    planned = list(project.due().values())
    project.reply("verify", judged())
    assert project.sync()[: len(planned)] == planned


def test_an_operation_is_published_at_once_the_fingerprint_last():
    project = Project({P: PROMPT}, usual())
    project.perform(Step.GENERATE)
    assert project.publisher.published == [
        (PurePosixPath(C), trace_path(project.unit.id))
    ]
    forget_past(project)
    for step in (Step.EXAMPLE, Step.CRASH):
        project.perform(step)
    assert project.publisher.published[-1] == (
        report_path(project.unit.id),
        trace_path(project.unit.id),
    )


def test_an_operation_is_recorded_with_its_reason_and_its_cost():
    project = Project({P: PROMPT}, usual())
    project.perform(Step.GENERATE)
    entry = project.trace.history[-1]
    assert (entry.at, entry.step, entry.operation) == (NOW, Step.GENERATE, "generate")
    assert (entry.because, entry.cost) == ("there is no code", 1000)
    assert project.trace.command == "generate"
    assert project.trace.steps[Step.GENERATE].model == "test/model"


def test_an_outcome_says_what_was_done_spent_and_why():
    project = Project({P: PROMPT}, usual())
    outcome = Outcome(unit=project.unit, step=Step.GENERATE)
    perform(project.world(), project.unit, Step.GENERATE, outcome)
    assert outcome.because == "there is no code"
    assert outcome.operations == [Operation.GENERATE]
    assert (outcome.spent.calls, outcome.spent.cost) == (1, 1000)
    assert outcome.seconds == 3.0  # the clock goes on by one at each look


def test_a_failed_operation_is_counted_as_well():
    project = Project({P: PROMPT}, {"generate": ["no", "no", "no"]})
    outcome = Outcome(unit=project.unit, step=Step.GENERATE)
    with pytest.raises(StepError):
        perform(project.world(), project.unit, Step.GENERATE, outcome)
    assert (outcome.spent.calls, outcome.spent.cost) == (3, 3000)
    assert outcome.operations == [Operation.GENERATE]


def test_where_the_budget_ends_nothing_is_given_up():
    project = Project({P: PROMPT}, {"generate": [BudgetError("nothing is left")]})
    with pytest.raises(BudgetError):
        project.perform(Step.GENERATE)
    assert project.disk.keys() == {PurePosixPath(P)}


@pytest.mark.parametrize("step", ALL_STEPS)
def test_without_a_prompt_every_step_is_refused(step):
    project = synced()
    project.delete(P)
    before = dict(project.disk)
    with pytest.raises(ConfigError, match=f"{P} does not exist"):
        project.perform(step)
    assert project.disk == before


def test_one_lock_is_held_for_each_step_and_for_settling():
    project = synced()
    taken = project.locks.taken
    project.sync()
    assert project.locks.taken == taken + len(Step) + 1


def test_whom_a_step_waits_for_is_said():
    project = synced()
    project.locks.owner = "another run"
    project.perform(Step.GENERATE)
    assert project.said == ["calculator_python: waits for another run"]


def test_every_answer_is_progress():
    project = Project({P: PROMPT}, usual())
    project.perform(Step.AUTO_DEPS)
    project.perform(Step.GENERATE)
    assert project.asked == ["generate"]
    assert project.locks.beats == 2


def test_whoever_lost_the_lock_does_not_pay():
    project = Project({P: PROMPT}, usual())
    project.perform(Step.AUTO_DEPS)
    before = dict(project.disk)
    project.locks.lost = True
    with pytest.raises(LockLostError):
        project.perform(Step.GENERATE)
    assert project.asked == []
    assert project.disk == before


@pytest.mark.parametrize(
    "completed, done",
    [
        pytest.param(True, "completed", id="rolled forward"),
        pytest.param(False, "discarded", id="thrown away"),
    ],
)
def test_what_an_earlier_run_left_open_is_recovered_first_and_said(completed, done):
    project = synced()
    parked = PurePosixPath(".pdd/parked/calculator.py")
    saved = Saved(path=PurePosixPath(C), old=None, ours="0" * 64, parked=parked)
    found = Recovery(transaction="1", completed=completed, saved=(saved,))
    project.publisher.left_open = (found,)
    project.perform(Step.AUTO_DEPS)
    first, second = project.said
    assert first.endswith(f": {done} the step that an earlier run left open")
    assert second.endswith("edited meanwhile; ours is at .pdd/parked/calculator.py")


def test_code_saved_while_a_model_answers_is_never_lost():
    project = Project({P: PROMPT}, usual())
    project.publisher.meanwhile = {PurePosixPath(C): b"mine = 1\n"}
    assert project.perform(Step.GENERATE) == [Operation.GENERATE]
    assert project.read(C) == "mine = 1\n"
    said = f"{C} was saved meanwhile: nothing was written, looking again"
    assert project.notes == [said]
    assert project.due()[Step.AUTO_DEPS] is Operation.ADOPT


def test_a_prompt_saved_while_a_model_answers_is_generated_from_next():
    project = Project({P: PROMPT}, {"generate": [fenced(CODE), fenced(CODE)]})
    later = PROMPT.replace("their difference", "the difference of the two")
    project.publisher.meanwhile = {PurePosixPath(P): later.encode()}
    assert project.perform(Step.GENERATE) == [Operation.GENERATE] * 2
    assert "the difference of the two" in project.request()
    assert project.read(P) == later


def test_a_step_that_does_not_come_to_rest_is_ended():
    project = synced()
    project.forget(Step.CRASH)
    project.edit(C, "a + b", "a + b  ")
    project.runner.disk = {**project.disk}
    project.edit(C, "a + b  ", "a + b ")
    with pytest.raises(StepError, match="crash does not come to rest") as caught:
        project.perform(Step.CRASH)
    assert "doit sync:calculator_python" in caught.value.hint
    assert len(project.runner.runs) == 6


def test_settling_does_what_one_step_made_due_for_those_before_it():
    project = synced()
    project.write(T, "from calculator import mul\n\n\ndef test_it():\n    mul(1, 2)\n")
    wider = CODE + "\n\ndef mul(a, b):\n    return a * b\n"
    project.set(target_coverage=30)
    project.reply("crash", named(C, wider))
    project.reply("example", fenced(EXAMPLE + "print(1)\n"))
    project.reply("verify", judged())
    assert project.sync() == [
        Operation.RUN_TESTS,
        Operation.REPAIR,
        Operation.WRITE_EXAMPLE,
        Operation.RUN_EXAMPLE,
        Operation.JUDGE,
    ]
    assert project.sync() == []


class Restless(ScriptedModel):
    """A judge during whose every answer a person saves another example."""

    def __init__(self, project: Project) -> None:
        super().__init__({"verify": [judged()] * 9})
        self._project = project

    def complete(self, request: Request) -> Reply:
        self._project.edit(E, "print(", "print('', ")
        return super().complete(request)


def test_settling_is_bounded():
    project = synced()
    project.edit(E, "add(1, 2)", "add(2, 2)")
    project.model = Restless(project)
    with pytest.raises(StepError, match="does not come to rest: verify: not verified"):
        project.settle()
    assert len(project.model.requests) == 2


def test_settling_stops_where_a_person_must_decide():
    project = synced()
    project.edit(C, "a + b", "b + a")
    project.edit(P, "their", "the")
    project.reply("generate", fenced(CODE.replace("a + b", "sum((a, b))")))
    with pytest.raises(ConflictError):
        project.settle()


@pytest.mark.parametrize("step", ALL_STEPS)
def test_forgetting_a_step_keeps_what_it_recorded(step):
    project = synced()
    records = project.trace.steps
    project.forget(step)
    assert project.trace.steps == records
    assert project.trace.stale == {step}


def test_forgetting_a_unit_without_a_record_does_nothing():
    project = Project({P: PROMPT})
    project.forget(*Step)
    assert project.publisher.published == []


def test_a_whole_unit_that_was_forgotten_is_made_anew():
    project = synced()
    project.forget(*Step)
    for kind, replies in usual().items():
        project.reply(kind, *replies)
    project.model.recorded.clear()
    project.sync()
    assert project.asked == ["generate", "example", "verify", "test"]
    assert project.trace.stale <= {Step.UPDATE, Step.FIX}
    assert project.sync() == []


def test_an_answer_that_is_none_is_counted_and_not_asked_for_again():
    cut = TruncatedError("the reply was cut off", hint="raise max_tokens")
    cut.cost = 7
    project = Project({P: PROMPT}, {"generate": [cut]})
    outcome = Outcome(unit=project.unit, step=Step.GENERATE)
    with pytest.raises(StepError) as caught:
        perform(project.world(), project.unit, Step.GENERATE, outcome)
    assert (outcome.spent.calls, outcome.spent.cost) == (1, 7)
    assert "doit forget sync:calculator_python:generate" in caught.value.hint
    with pytest.raises(StepError, match="very state have failed: the reply was cut"):
        project.perform(Step.GENERATE)  # no other reply is written


def test_nothing_but_adopting_is_due_where_the_fingerprint_is_lost():
    project = synced()
    del project.disk[trace_path(project.unit.id)]
    assert project.due() == {Step.AUTO_DEPS: Operation.ADOPT}
