"""Everything a rule may look at, as one flat value."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from pdd_tasks.core.model.failure import FailureKind
from pdd_tasks.core.model.step import Step
from pdd_tasks.core.model.trace import TestRun
from pdd_tasks.core.plan.change import State


class Ran(StrEnum):
    """What the last run for the present bytes said."""

    NOT = "not run"  # no report, or one for other bytes
    GOOD = "good"
    FAILED = "failed"
    BROKEN = "broken"  # bad exit, and not one test counted


def tests_ran(run: TestRun | None) -> Ran:
    """Return what a test run says; failures come before the exit code.

    Passes with a bad exit code and no failure are noise of the tools around them.
    """
    if run is None:
        return Ran.NOT
    counted = [test for test in run.results if "::" in test]
    if run.failures or run.count("failed"):
        hung = any(f.kind is FailureKind.TIMEOUT for f in run.failures)
        return Ran.FAILED if counted or hung else Ran.BROKEN
    if run.exit_code != 0 and not counted and run.results:
        return Ran.BROKEN
    return Ran.GOOD


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is known about one unit.

    Attributes:
        deps_due: The prompt's auto-deps block is not what the rules give.
        deps_recorded: The rules were applied to this prompt.
        deps_choice: A model may choose what else the prompt needs.
        deps_redundant: The prompt repeats what its includes give, and that is to be
            taken out.
        prompt_changed: The prompt's expansion is not what the code was made from,
            or none was recorded.
        code: How the code stands to its record.
        example: How the example stands to its record.
        tests: How the test files stand to their record.
        interface_changed: The code's public interface is not the one the example
            was written for.
        behaviour_changed: Generation changed what the code does since tests were
            last added.
        example_run: The example's last run.
        test_run: The tests' last run.
        tests_parse: The test files are texts of the language; known where no test
            could run.
        coverage_low: Coverage was measured for these bytes and is below target.
        coverage_required: Falling short of it fails the unit.
        verified: A verdict is recorded for this prompt, code and example.
        merge_base: The code that the generator last left is to be had; asked only
            where a person's code is to be generated anew.
        conflicted: A merge of this prompt and this code waits for a person.
        gave_up: Steps known to fail in the present state.
        forgotten: Steps forgotten on purpose.
        left_out: Steps that the profile leaves out.
        passed_over: Steps before the one that the run resumes from.
        blocked: Steps that need one that gave up, where the profile skips them.
        tolerated: Steps whose giving up does not fail the unit.
        accept_updates: The person confirms proposed prompt changes.
        fix: The person asks to repair code that was edited by hand.
        breaking: An included example changed in a breaking way, and the project
            stops there; false once the person accepts it.
        force: The person answers questions in advance.
        can_run: The language can run examples.
        can_test: The language can run tests.
        why: Topic → detail for people; no rule looks at it.
    """

    deps_due: bool = False
    deps_recorded: bool = True
    deps_choice: bool = False
    deps_redundant: bool = False
    prompt_changed: bool = False
    code: State = State.RECORDED
    example: State = State.RECORDED
    tests: State = State.RECORDED
    interface_changed: bool = False
    behaviour_changed: bool = False
    example_run: Ran = Ran.GOOD
    test_run: Ran = Ran.GOOD
    tests_parse: bool = True
    coverage_low: bool = False
    coverage_required: bool = False
    verified: bool = True
    merge_base: bool = False
    conflicted: bool = False
    gave_up: frozenset[Step] = frozenset()
    forgotten: frozenset[Step] = frozenset()
    left_out: frozenset[Step] = frozenset()
    passed_over: frozenset[Step] = frozenset()
    blocked: frozenset[Step] = frozenset()
    tolerated: frozenset[Step] = frozenset()
    accept_updates: bool = False
    fix: bool = False
    breaking: bool = False
    force: bool = False
    can_run: bool = True
    can_test: bool = True
    why: Mapping[str, str] = field(default_factory=dict, compare=False)
