from pdd_tasks.core.model.artifact import Artifact
from pdd_tasks.core.model.step import OVERWRITES, PAID, Operation, Step


def test_the_steps_stand_in_the_order_of_the_chain():
    assert [str(step) for step in Step] == [
        "auto-deps",
        "update",
        "generate",
        "example",
        "crash",
        "verify",
        "test",
        "fix",
    ]


def test_only_paid_operations_replace_bytes():
    assert OVERWRITES.keys() <= PAID


def test_no_operation_replaces_the_prompt_or_the_tests():
    replaced = frozenset[Artifact]().union(*OVERWRITES.values())
    assert replaced == {Artifact.CODE, Artifact.EXAMPLE}


def test_running_and_looking_are_free():
    free = {Operation.RUN_EXAMPLE, Operation.RUN_TESTS, Operation.ADOPT}
    assert not free & PAID
