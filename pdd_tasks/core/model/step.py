"""The eight steps of a unit, and the operations a decision may choose.

A *step* is a doit task; an *operation* is what it does when its turn comes.
The tables below say what each operation costs and which bytes it replaces.
"""

from enum import StrEnum
from typing import Final

from pdd_tasks.core.model.artifact import Artifact


class Step(StrEnum):
    """The steps of a unit, in the order of its chain."""

    AUTO_DEPS = "auto-deps"
    UPDATE = "update"
    GENERATE = "generate"
    EXAMPLE = "example"
    CRASH = "crash"
    VERIFY = "verify"
    TEST = "test"
    FIX = "fix"


class Operation(StrEnum):
    """What a step may do."""

    NOTHING = "nothing"
    STOP = "stop"
    GAVE_UP = "gave up"
    ADOPT = "adopt"
    ADOPT_EDIT = "adopt edit"
    INJECT_DEPS = "inject dependencies"
    CHOOSE_DEPS = "choose dependencies"
    PROPOSE_UPDATE = "propose update"
    APPLY_UPDATE = "apply update"
    GENERATE = "generate"
    MERGE = "merge"
    WRITE_EXAMPLE = "write example"
    KEEP_EXAMPLE = "keep example"
    RUN_EXAMPLE = "run example"
    REPAIR = "repair"
    JUDGE = "judge"
    RUN_TESTS = "run tests"
    KEEP_TESTS = "keep tests"
    ADD_TESTS = "add tests"
    SHOW_BUG = "show bug"
    FIX = "fix"


PAID: Final = frozenset(
    {
        Operation.CHOOSE_DEPS,
        Operation.PROPOSE_UPDATE,
        Operation.APPLY_UPDATE,
        Operation.GENERATE,
        Operation.MERGE,
        Operation.WRITE_EXAMPLE,
        Operation.REPAIR,
        Operation.JUDGE,
        Operation.ADD_TESTS,
        Operation.SHOW_BUG,
        Operation.FIX,
    }
)
"""Operations that may ask a model; all others are free."""

OVERWRITES: Final[dict[Operation, frozenset[Artifact]]] = {
    Operation.GENERATE: frozenset({Artifact.CODE}),
    Operation.MERGE: frozenset({Artifact.CODE}),
    Operation.WRITE_EXAMPLE: frozenset({Artifact.EXAMPLE}),
    Operation.FIX: frozenset({Artifact.CODE}),
}
"""Bytes that an operation replaces. Repair is not here: it repairs what no
person wrote, and is stopped only when nothing of that kind is left."""
