"""Profiles, questions before a step, and runs that begin at a later one."""

import pytest
from calculator_texts import CODE, PROMPT, C, P, T, fenced, judged, usual
from memory_project import Project, forget_past, synced

from pdd_tasks.core.model.profile import (
    QUICK,
    SAFE,
    STANDARD,
    OnFailure,
    Part,
    Profile,
)
from pdd_tasks.core.model.settings import Strictness
from pdd_tasks.core.model.step import Operation, Step
from pdd_tasks.errors import ConfigError, StepError


UNMET = judged(R2="a + b")


def profile(**parts: Part) -> Profile:
    """Return a profile by the names of steps."""
    return Profile(name="mine", steps={Step(name): p for name, p in parts.items()})


def fresh(of: Profile) -> Project:
    project = Project({P: PROMPT}, usual())
    project.set(profile=of)
    return project


def test_a_step_that_is_left_out_is_neither_done_nor_recorded():
    project = fresh(QUICK)

    done = project.sync()

    assert Operation.RUN_EXAMPLE in done
    assert project.asked == ["generate", "example"]
    assert {Step.VERIFY, Step.TEST, Step.FIX}.isdisjoint(project.trace.steps)


def test_a_second_sync_under_the_same_profile_does_nothing():
    project = fresh(QUICK)
    project.sync()
    forget_past(project)

    assert project.sync() == []
    assert project.publisher.published == []


def test_what_was_left_out_is_due_under_a_profile_that_has_it():
    project = fresh(QUICK)
    project.sync()
    forget_past(project)
    project.set(profile=STANDARD)

    assert project.due().keys() == {Step.VERIFY, Step.TEST}
    project.sync()
    assert project.asked == ["verify", "test"]
    assert project.sync() == []


def failing(on_failure: OnFailure) -> Project:
    """Return a project whose verdict fails the step."""
    project = fresh(profile(verify=Part(on_failure=on_failure)))
    project.set(verify=Strictness.REQUIRED)
    project.reply("verify", UNMET)
    return project


def test_a_failure_fails_the_unit_by_default():
    project = failing(OnFailure.FAIL)

    with pytest.raises(StepError, match="the verdict is unmet"):
        project.sync()


def test_a_failure_that_only_warns_lets_the_next_steps_go_on():
    project = failing(OnFailure.WARN)

    project.sync()

    warnings = [note for note in project.notes if note.endswith("goes on without it")]
    assert len(warnings) == 1
    assert "the verdict is unmet" in warnings[0]
    assert project.asked[-1] == "test"
    forget_past(project)
    assert project.sync() == []


def test_a_failure_that_skips_leaves_what_needs_the_step_as_it_stands():
    project = failing(OnFailure.SKIP)

    project.sync()

    assert "test" not in project.asked
    forget_past(project)
    assert project.sync() == []
    project.set(profile=STANDARD)
    assert project.due()[Step.VERIFY] is Operation.GAVE_UP
    assert project.due()[Step.TEST] is Operation.ADD_TESTS


def test_a_model_that_cannot_be_asked_fails_under_every_profile():
    project = fresh(profile(verify=Part(on_failure=OnFailure.WARN)))
    project.reply("verify")

    with pytest.raises(Exception, match="verify"):
        project.sync()


def test_a_profile_gives_a_step_attempts_of_its_own():
    project = fresh(profile(generate=Part(attempts=1)))
    project.reply("generate", "nothing that is code", fenced(CODE))

    with pytest.raises(StepError, match="no usable reply in 1 attempts"):
        project.perform(Step.GENERATE)


def test_safe_asks_before_all_that_spends_and_nothing_else():
    project = fresh(SAFE)

    project.sync()

    asked = [question.partition(":")[0] for question in project.consent.questions]
    assert asked == [
        f"calculator_python {step}"
        for step in ("generate", "example", "verify", "test")
    ]
    assert "generate may ask a model and replaces the code" in "\n".join(
        project.consent.questions
    )


def test_without_a_yes_nothing_is_done():
    project = fresh(SAFE)
    project.consent.agrees = False

    with pytest.raises(ConfigError):
        project.sync()
    assert project.asked == []


def test_a_yes_in_advance_is_not_asked_for():
    project = fresh(SAFE)
    project.set(yes=True)

    project.sync()

    assert project.consent.questions == []


def test_a_run_that_resumes_leaves_earlier_steps_as_they_stand():
    project = synced()
    project.write(P, PROMPT + "\nIt is quick.\n")
    project.forget(Step.TEST)
    project.reply("test", fenced("def test_more() -> None:\n    assert 1 + 1 == 2\n"))
    project.set(resume_from=Step.TEST)

    assert project.due() == {Step.TEST: Operation.ADD_TESTS}
    project.set(resume_from=None)
    assert Step.GENERATE in project.due()


@pytest.mark.parametrize(
    "step, gone, message, hint",
    [
        pytest.param(Step.TEST, C, f"the code, and {C} does", "generate", id="code"),
        pytest.param(Step.FIX, T, f"the tests, and {T} does", "test", id="tests"),
        pytest.param(Step.VERIFY, C, f"the code, and {C} does", "generate", id="first"),
    ],
)
def test_a_run_that_resumes_without_what_it_needs_is_refused(step, gone, message, hint):
    project = synced()
    project.set(resume_from=step)
    project.delete(gone)

    with pytest.raises(ConfigError) as refused:
        project.due()
    assert f"{step} needs {message} not exist" in refused.value.message
    assert refused.value.hint.endswith(f"resume_from={hint}")
    with pytest.raises(ConfigError):
        project.perform(step)


def test_verify_is_not_resumed_from_before_the_example_ran():
    project = synced()
    project.edit(C, "a + b", "b + a")
    project.set(resume_from=Step.VERIFY)

    with pytest.raises(ConfigError, match="has not run well"):
        project.due()


def test_a_language_without_examples_can_be_resumed_from_any_step():
    project = synced()
    project.without("run")
    project.set(resume_from=Step.VERIFY)
    project.delete("examples/calculator_example.py")

    assert Step.VERIFY not in project.due()
