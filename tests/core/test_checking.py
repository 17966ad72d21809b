import pytest
from decisions import NOT_RUN, row

from pdd_tasks.core.model.step import Operation, Step
from pdd_tasks.core.plan.change import State
from pdd_tasks.core.plan.facts import Facts, Ran
from pdd_tasks.core.plan.rules import decide


@pytest.mark.parametrize(
    "facts, step, operation",
    [
        row(
            Step.CRASH,
            Operation.RUN_EXAMPLE,
            "adopted: the example runs, free",
            code=State.ADOPTED,
            example=State.ADOPTED,
            **NOT_RUN,
        ),
        row(
            Step.TEST,
            Operation.RUN_TESTS,
            "adopted: the tests run, free",
            code=State.ADOPTED,
            **NOT_RUN,
        ),
        row(
            Step.CRASH,
            Operation.RUN_EXAMPLE,
            "example kept: crash is due",
            example=State.ADOPTED,
            example_run=Ran.NOT,
        ),
        row(
            Step.VERIFY,
            Operation.JUDGE,
            "example kept: verify is due",
            example=State.ADOPTED,
            verified=False,
        ),
        row(
            Step.CRASH,
            Operation.RUN_EXAMPLE,
            "no report for the present bytes: the example runs",
            **NOT_RUN,
        ),
        row(
            Step.TEST,
            Operation.RUN_TESTS,
            "no report for the present bytes: the tests run",
            **NOT_RUN,
            coverage_low=True,
            behaviour_changed=True,
        ),
        row(Step.FIX, Operation.FIX, "tests fail", test_run=Ran.FAILED),
        row(
            Step.FIX,
            Operation.STOP,
            "tests fail, the code is adopted",
            code=State.ADOPTED,
            test_run=Ran.FAILED,
        ),
        row(
            Step.CRASH,
            Operation.REPAIR,
            "bad exit, nothing counted",
            test_run=Ran.BROKEN,
        ),
        row(
            Step.CRASH,
            Operation.REPAIR,
            "bad exit, nothing counted, no examples in this language",
            test_run=Ran.BROKEN,
            example=State.ABSENT,
            example_run=Ran.NOT,
            can_run=False,
        ),
        row(
            Step.CRASH,
            Operation.STOP,
            "bad exit, nothing counted, the code is a person's",
            test_run=Ran.BROKEN,
            code=State.ADOPTED,
        ),
        row(Step.CRASH, Operation.REPAIR, "example fails", example_run=Ran.FAILED),
        row(
            Step.CRASH,
            Operation.REPAIR,
            "example fails, the code is a person's",
            example_run=Ran.FAILED,
            code=State.ADOPTED,
        ),
        row(
            Step.CRASH,
            Operation.STOP,
            "example fails, code and example are a person's",
            example_run=Ran.FAILED,
            code=State.ADOPTED,
            example=State.ADOPTED,
        ),
        row(Step.VERIFY, Operation.JUDGE, "not verified", verified=False),
        row(
            Step.VERIFY,
            Operation.NOTHING,
            "no good run to judge",
            verified=False,
            example_run=Ran.FAILED,
        ),
        row(Step.TEST, Operation.ADD_TESTS, "no tests", tests=State.ABSENT),
        row(Step.TEST, Operation.ADD_TESTS, "coverage low", coverage_low=True),
        row(
            Step.TEST,
            Operation.ADD_TESTS,
            "generation changed the behaviour",
            behaviour_changed=True,
        ),
        row(
            Step.TEST,
            Operation.RUN_TESTS,
            "tests edited by hand: they run",
            tests=State.EDITED,
            test_run=Ran.NOT,
        ),
        row(
            Step.FIX,
            Operation.FIX,
            "tests edited by hand and failing",
            tests=State.EDITED,
            test_run=Ran.FAILED,
        ),
        row(
            Step.TEST,
            Operation.KEEP_TESTS,
            "tests edited by hand and passing",
            tests=State.EDITED,
        ),
        row(
            Step.CRASH,
            Operation.GAVE_UP,
            "crash gave up on the example",
            example_run=Ran.FAILED,
            gave_up=frozenset({Step.CRASH}),
        ),
        row(
            Step.CRASH,
            Operation.GAVE_UP,
            "crash gave up on the tests",
            test_run=Ran.BROKEN,
            gave_up=frozenset({Step.CRASH}),
        ),
        row(
            Step.VERIFY,
            Operation.GAVE_UP,
            "verify gave up",
            verified=False,
            gave_up=frozenset({Step.VERIFY}),
        ),
        row(
            Step.TEST,
            Operation.GAVE_UP,
            "test gave up, no tests",
            tests=State.ABSENT,
            gave_up=frozenset({Step.TEST}),
        ),
        row(
            Step.TEST,
            Operation.GAVE_UP,
            "test gave up, coverage required",
            coverage_low=True,
            coverage_required=True,
            gave_up=frozenset({Step.TEST}),
        ),
        row(
            Step.TEST,
            Operation.NOTHING,
            "test gave up, coverage advised",
            coverage_low=True,
            gave_up=frozenset({Step.TEST}),
        ),
        row(
            Step.TEST,
            Operation.GAVE_UP,
            "test gave up on changed behaviour",
            behaviour_changed=True,
            gave_up=frozenset({Step.TEST}),
        ),
        row(
            Step.FIX,
            Operation.GAVE_UP,
            "fix gave up",
            test_run=Ran.FAILED,
            gave_up=frozenset({Step.FIX}),
        ),
    ],
)
def test_the_table_says(facts, step, operation):
    assert decide(Facts(**facts), step).operation is operation
