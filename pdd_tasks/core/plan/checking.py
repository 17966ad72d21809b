"""The table's rows for the steps that check things: runs, verdict and tests.

In a step's rows the first that matches wins.
"""

from typing import Final

from pdd_tasks.core.model.step import Operation, Step
from pdd_tasks.core.plan.change import EDITS, HAND_WRITTEN, State
from pdd_tasks.core.plan.facts import Facts, Ran
from pdd_tasks.core.plan.rule import (
    ADOPTED_FIRST,
    NOTHING,
    RETRY,
    Rule,
    on_purpose,
    otherwise,
    surrendered,
)


def _runs(f: Facts) -> bool:
    return f.can_run and f.example is not State.ABSENT


CRASH: Final[tuple[Rule, ...]] = (
    Rule(
        lambda f: f.code is State.ABSENT,
        "code absent",
        NOTHING,
        "there is no code yet",
    ),
    Rule(
        lambda f: _runs(f) and f.example_run is Ran.NOT,
        "example not run for the present bytes",
        Operation.RUN_EXAMPLE,
        "the example was not run for the present bytes",
    ),
    Rule(
        lambda f: _runs(f) and Step.CRASH in f.forgotten and f.example_run is Ran.GOOD,
        "forgotten on purpose, and the example ran well",
        Operation.RUN_EXAMPLE,
        "it was forgotten",
    ),
    Rule(
        lambda f: (
            _runs(f) and Step.CRASH in f.gave_up and f.example_run is not Ran.GOOD
        ),
        "the example fails, and the step gave up in this very state",
        Operation.GAVE_UP,
        "its attempts in this very state have failed",
        str(Step.CRASH),
        RETRY % Step.CRASH,
    ),
    Rule(
        lambda f: (
            _runs(f)
            and f.example_run is not Ran.GOOD
            and f.code in HAND_WRITTEN
            and f.example in HAND_WRITTEN
            and not f.fix
        ),
        "the example fails; code and example are a person's, fix is not asked for",
        Operation.STOP,
        "the example fails, and both it and the code are a person's",
        "failures",
        "mend the code or the example and run `doit sync:{unit}` again, or let"
        " `doit sync:{unit} fix=1` try",
    ),
    Rule(
        lambda f: _runs(f) and f.example_run is not Ran.GOOD,
        "the example fails",
        Operation.REPAIR,
        "the example fails",
        "failures",
    ),
    Rule(
        lambda f: f.test_run is Ran.BROKEN and not f.tests_parse,
        "the tests cannot run: a test file does not parse",
        Operation.STOP,
        "the tests cannot run: a test file does not parse",
        "tests",
        "mend the test file and run `doit sync:{unit}` again",
    ),
    Rule(
        lambda f: f.test_run is Ran.BROKEN and Step.CRASH in f.gave_up,
        "the tests cannot run, and the step gave up in this very state",
        Operation.GAVE_UP,
        "its attempts in this very state have failed",
        str(Step.CRASH),
        RETRY % Step.CRASH,
    ),
    Rule(
        lambda f: f.test_run is Ran.BROKEN and f.code in HAND_WRITTEN and not f.fix,
        "the tests cannot run; the code is a person's, fix is not asked for",
        Operation.STOP,
        "the tests cannot run, and the code is a person's",
        "failures",
        "mend the code or the tests and run `doit sync:{unit}` again, or let"
        " `doit sync:{unit} fix=1` try",
    ),
    Rule(
        lambda f: f.test_run is Ran.BROKEN,
        "the test run ended badly and counted nothing",
        Operation.REPAIR,
        "the test run ended badly and counted nothing",
        "failures",
    ),
    Rule(
        lambda f: not _runs(f),
        "nothing to run",
        NOTHING,
        "there is no example to run",
    ),
    otherwise("the example ran well for the present bytes"),
)

VERIFY: Final[tuple[Rule, ...]] = (
    ADOPTED_FIRST,
    Rule(
        lambda f: (
            not f.can_run
            or f.code is State.ABSENT
            or f.example is State.ABSENT
            or f.example_run is not Ran.GOOD
        ),
        "no example that runs well",
        NOTHING,
        "there is no good run to judge",
    ),
    surrendered(Step.VERIFY),
    Rule(
        lambda f: not f.verified,
        "not verified for these triggers",
        Operation.JUDGE,
        "not verified for this prompt, code and example",
    ),
    on_purpose(Step.VERIFY, Operation.JUDGE),
    otherwise("verified for this prompt, code and example"),
)

TEST: Final[tuple[Rule, ...]] = (
    ADOPTED_FIRST,
    Rule(
        lambda f: not f.can_test,
        "the language has no test command",
        NOTHING,
        "the language has no test command",
    ),
    Rule(
        lambda f: f.code is State.ABSENT,
        "code absent",
        NOTHING,
        "there is no code yet",
    ),
    Rule(
        lambda f: f.tests is State.ABSENT and Step.TEST in f.gave_up,
        "tests absent, and the step gave up in this very state",
        Operation.GAVE_UP,
        "its attempts in this very state have failed",
        str(Step.TEST),
        RETRY % Step.TEST,
    ),
    Rule(
        lambda f: f.tests is State.ABSENT,
        "tests absent",
        Operation.ADD_TESTS,
        "there are no tests",
    ),
    Rule(
        lambda f: f.test_run is Ran.NOT,
        "tests not run for the present bytes",
        Operation.RUN_TESTS,
        "the tests were not run for the present bytes",
    ),
    Rule(
        lambda f: f.test_run is not Ran.GOOD,
        "tests fail or cannot run",
        NOTHING,
        "tests fail: that comes first",
    ),
    Rule(
        lambda f: (
            Step.TEST in f.gave_up
            and (f.behaviour_changed or (f.coverage_low and f.coverage_required))
        ),
        "new behaviour untested, or coverage required and below target, and the step"
        " gave up in this very state",
        Operation.GAVE_UP,
        "its attempts in this very state have failed",
        str(Step.TEST),
        RETRY % Step.TEST,
    ),
    on_purpose(Step.TEST, Operation.ADD_TESTS),
    Rule(
        lambda f: f.tests in EDITS and not f.behaviour_changed,
        "tests edited by hand, and passing",
        Operation.KEEP_TESTS,
        "the tests were edited by hand and pass: they are kept",
    ),
    Rule(
        lambda f: f.coverage_low and Step.TEST not in f.gave_up,
        "coverage below target",
        Operation.ADD_TESTS,
        "coverage is below target",
        "coverage",
    ),
    Rule(
        lambda f: f.behaviour_changed and Step.TEST not in f.gave_up,
        "generation changed the code's behaviour",
        Operation.ADD_TESTS,
        "generation changed what the code does",
    ),
    Rule(
        lambda f: f.tests is not State.RECORDED,
        "tests written by hand, and passing",
        Operation.KEEP_TESTS,
        "the tests were written by hand and pass: they are kept",
    ),
    otherwise("the tests pass and cover the code"),
)

FIX: Final[tuple[Rule, ...]] = (
    Rule(
        lambda f: (
            not f.can_test or f.code is State.ABSENT or f.test_run is not Ran.FAILED
        ),
        "code absent, or no test fails",
        NOTHING,
        "no test fails",
    ),
    surrendered(Step.FIX),
    Rule(
        lambda _: True,
        "run report: failed tests",
        Operation.FIX,
        "tests fail",
        "failures",
    ),
)
