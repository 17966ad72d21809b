"""Root causes as values, and how steps and units stand."""

import pytest

from pdd_tasks.core.model.artifact import Artifact
from pdd_tasks.core.model.step import Operation, Step
from pdd_tasks.core.plan.cause import (
    WORDS,
    Cause,
    Kind,
    StepState,
    gathered,
    hunks,
    kind_of,
    step_state,
    unit_state,
)
from pdd_tasks.core.plan.change_report import How
from pdd_tasks.core.plan.facts import Facts
from pdd_tasks.core.plan.plan import Plan, plan
from pdd_tasks.core.plan.row import row
from pdd_tasks.core.plan.rule import Decision
from pdd_tasks.core.plan.rules import RULES, decide


def cause(subject="a", *steps, kind=Kind.PROMPT, unit="u"):
    return Cause(kind=kind, unit=unit, subject=subject, steps=steps)


def decision(step, operation=Operation.NOTHING, *, left_out=False):
    return Decision(step=step, operation=operation, because="x", left_out=left_out)


def test_every_kind_has_words():
    assert WORDS.keys() == set(Kind)


@pytest.mark.parametrize(
    "artifact, how, kind",
    [
        (Artifact.CODE, How.CHANGED, Kind.CODE_EDITED),
        (Artifact.CODE, How.DELETED, Kind.CODE_DELETED),
        (Artifact.EXAMPLE, How.ADDED, Kind.EXAMPLE_EDITED),
        (Artifact.TESTS, How.DELETED, Kind.TESTS_DELETED),
    ],
)
def test_what_became_of_a_file_is_a_kind(artifact, how, kind):
    assert kind_of(artifact, how) is kind


def test_a_cause_is_named_once_with_all_its_steps_in_order():
    found = gathered(
        [
            cause("a", Step.VERIFY),
            cause("b", Step.TEST),
            cause("a", Step.GENERATE),
            cause("a", Step.TEST, unit="other"),
        ]
    )
    assert found == (
        cause("a", Step.GENERATE, Step.VERIFY),
        cause("b", Step.TEST),
        cause("a", Step.TEST, unit="other"),
    )


@pytest.mark.parametrize(
    "before, now, expected",
    [
        pytest.param("a\n", "a\n", (), id="equal"),
        pytest.param("a\n", "b\n", (("@@ -1 +1 @@", "-a", "+b"),), id="changed"),
        pytest.param("", "a\nb", (("@@ -0,0 +1,2 @@", "+a", "+b"),), id="added"),
        pytest.param("a\nb", "a", (("@@ -2 +1,0 @@", "-b"),), id="removed"),
        pytest.param(
            "a\nx\nc",
            "b\nx\nd",
            (("@@ -1 +1 @@", "-a", "+b"), ("@@ -3 +3 @@", "-c", "+d")),
            id="two places",
        ),
    ],
)
def test_hunks_are_written_as_diffs_write_them(before, now, expected):
    assert hunks(before.splitlines(), now.splitlines()) == expected


def test_a_cause_shows_the_first_place_and_counts_the_others():
    found = cause().between("a\nx\nc", "b\nx\nd")
    assert found.hunk == ("@@ -1 +1 @@", "-a", "+b")
    assert found.more_hunks == 1
    assert cause().between("a", "a") == cause()


@pytest.mark.parametrize(
    "step, state",
    [
        (Step.AUTO_DEPS, StepState.LEFT_OUT),
        (Step.UPDATE, StepState.CURRENT),
        (Step.GENERATE, StepState.REPLAYED),
        (Step.EXAMPLE, StepState.FAILED),
        (Step.CRASH, StepState.POSSIBLE),
        (Step.VERIFY, StepState.STALE),
        (Step.TEST, StepState.BLOCKED),
        (Step.FIX, StepState.BLOCKED),
    ],
)
def test_how_a_step_stands(step, state):
    found = Plan(
        decisions=(
            decision(Step.AUTO_DEPS, left_out=True),
            decision(Step.UPDATE),
            decision(Step.GENERATE, Operation.GENERATE),
            decision(Step.EXAMPLE, Operation.WRITE_EXAMPLE),
            decision(Step.CRASH),
            decision(Step.VERIFY, Operation.JUDGE),
            decision(Step.TEST, Operation.STOP),
            decision(Step.FIX, Operation.FIX),
        )
    )
    one = next(d for d in found.decisions if d.step is step)
    failed, recorded = frozenset({Step.EXAMPLE}), frozenset({Step.GENERATE})
    assert step_state(found, one, failed=failed, recorded=recorded) is state


def test_a_step_that_gave_up_failed():
    found = Plan(decisions=(decision(Step.GENERATE, Operation.GAVE_UP),))
    assert step_state(found, found.decisions[0]) is StepState.FAILED


@pytest.mark.parametrize(
    "states, expected",
    [
        ([], StepState.CURRENT),
        ([StepState.CURRENT, StepState.LEFT_OUT], StepState.CURRENT),
        ([StepState.CURRENT, StepState.STALE, StepState.POSSIBLE], StepState.STALE),
        ([StepState.STALE, StepState.FAILED], StepState.FAILED),
        ([StepState.FAILED, StepState.BLOCKED], StepState.BLOCKED),
        ([StepState.REPLAYED, StepState.POSSIBLE], StepState.REPLAYED),
    ],
)
def test_a_unit_stands_as_its_step_that_says_most(states, expected):
    assert unit_state(states) is expected


@pytest.mark.parametrize("step", list(Step))
def test_the_row_is_the_one_that_decided(step):
    facts = Facts(prompt_changed=True, verified=False)
    found = row(facts, step)
    assert RULES[step][found.number - 1] is found.rule
    assert decide(facts, step).operation is found.rule.then
    assert plan(facts).decisions[list(Step).index(step)].operation is found.rule.then
