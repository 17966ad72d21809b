import pytest
from decisions import NOT_RUN, row

from pdd_tasks.core.model.step import Operation, Step
from pdd_tasks.core.plan.change import State
from pdd_tasks.core.plan.facts import Facts, Ran
from pdd_tasks.core.plan.rules import decide


EDIT = {"code": State.EDITED, "verified": False}


@pytest.mark.parametrize(
    "facts, step, operation",
    [
        row(
            Step.AUTO_DEPS,
            Operation.ADOPT,
            "nothing recorded, artifacts exist: adopt",
            code=State.UNRECORDED,
            example=State.UNRECORDED,
            tests=State.UNRECORDED,
            prompt_changed=True,
            deps_due=True,
            deps_recorded=False,
            verified=False,
            **NOT_RUN,
        ),
        row(
            Step.GENERATE,
            Operation.STOP,
            "adopted: a change of the prompt asks",
            code=State.ADOPTED,
            prompt_changed=True,
        ),
        row(
            Step.GENERATE,
            Operation.GENERATE,
            "adopted: a change of the prompt, answered",
            code=State.ADOPTED,
            prompt_changed=True,
            force=True,
        ),
        row(
            Step.GENERATE,
            Operation.GENERATE,
            "prompt new",
            code=State.ABSENT,
            prompt_changed=True,
        ),
        row(
            Step.GENERATE,
            Operation.GENERATE,
            "prompt changed, code as generated",
            prompt_changed=True,
        ),
        row(Step.GENERATE, Operation.GENERATE, "code deleted", code=State.ABSENT),
        row(
            Step.AUTO_DEPS,
            Operation.INJECT_DEPS,
            "the units it needs are others",
            deps_due=True,
        ),
        row(
            Step.AUTO_DEPS,
            Operation.INJECT_DEPS,
            "the prompt was not looked at",
            deps_recorded=False,
        ),
        row(
            Step.UPDATE,
            Operation.RUN_EXAMPLE,
            "code edited: the example runs first",
            **EDIT,
            **NOT_RUN,
        ),
        row(
            Step.UPDATE,
            Operation.RUN_TESTS,
            "code edited: the tests run next",
            **EDIT,
            test_run=Ran.NOT,
        ),
        row(
            Step.UPDATE,
            Operation.RUN_TESTS,
            "code edited, no example: the tests run",
            **EDIT,
            **NOT_RUN,
            example=State.ABSENT,
        ),
        row(
            Step.UPDATE,
            Operation.STOP,
            "code edited, the example fails",
            **EDIT,
            example_run=Ran.FAILED,
        ),
        row(
            Step.UPDATE,
            Operation.STOP,
            "code edited, the tests fail",
            **EDIT,
            test_run=Ran.FAILED,
        ),
        row(
            Step.UPDATE,
            Operation.STOP,
            "code edited, the tests cannot run",
            **EDIT,
            test_run=Ran.BROKEN,
        ),
        row(
            Step.UPDATE,
            Operation.PROPOSE_UPDATE,
            "code edited, it passes: a change is proposed",
            **EDIT,
        ),
        row(
            Step.UPDATE,
            Operation.APPLY_UPDATE,
            "code edited, it passes, confirmed: the change is applied",
            **EDIT,
            accept_updates=True,
        ),
        row(
            Step.UPDATE,
            Operation.ADOPT_EDIT,
            "comments or layout edited: adopted",
            code=State.LAYOUT,
            verified=False,
            **NOT_RUN,
        ),
        row(
            Step.UPDATE,
            Operation.NOTHING,
            "prompt and code both changed: no update of the prompt",
            **EDIT,
            prompt_changed=True,
            accept_updates=True,
            force=True,
        ),
        row(
            Step.GENERATE,
            Operation.MERGE,
            "prompt and code both changed",
            **EDIT,
            prompt_changed=True,
            merge_base=True,
        ),
        row(
            Step.GENERATE,
            Operation.MERGE,
            "prompt changed, the code adopted over what was generated",
            code=State.ADOPTED,
            prompt_changed=True,
            merge_base=True,
        ),
        row(
            Step.GENERATE,
            Operation.STOP,
            "both changed, and nobody has the code in between",
            **EDIT,
            prompt_changed=True,
            force=True,
        ),
        row(
            Step.GENERATE,
            Operation.STOP,
            "a merge waits for a person",
            **EDIT,
            prompt_changed=True,
            merge_base=True,
            conflicted=True,
            force=True,
        ),
        row(
            Step.EXAMPLE,
            Operation.WRITE_EXAMPLE,
            "example missing",
            example=State.ABSENT,
        ),
        row(
            Step.EXAMPLE,
            Operation.WRITE_EXAMPLE,
            "interface changed since the example",
            interface_changed=True,
        ),
        row(
            Step.EXAMPLE,
            Operation.KEEP_EXAMPLE,
            "example edited by hand: kept",
            example=State.EDITED,
            interface_changed=True,
        ),
        row(
            Step.EXAMPLE,
            Operation.KEEP_EXAMPLE,
            "example adopted, interface changed: kept",
            example=State.ADOPTED,
            interface_changed=True,
        ),
        row(
            Step.GENERATE,
            Operation.GAVE_UP,
            "generate gave up",
            prompt_changed=True,
            gave_up=frozenset({Step.GENERATE}),
        ),
        row(
            Step.UPDATE,
            Operation.GAVE_UP,
            "update gave up",
            **EDIT,
            gave_up=frozenset({Step.UPDATE}),
        ),
        row(
            Step.EXAMPLE,
            Operation.GAVE_UP,
            "example gave up",
            example=State.ABSENT,
            gave_up=frozenset({Step.EXAMPLE}),
        ),
    ],
)
def test_the_table_says(facts, step, operation):
    assert decide(Facts(**facts), step).operation is operation
