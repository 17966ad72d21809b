"""What each operation does; one module for each kind of work."""

from collections.abc import Callable
from typing import Final

from pdd_tasks.core.model.step import Operation
from pdd_tasks.engine.steps.accumulation import add_tests
from pdd_tasks.engine.steps.adoption import (
    adopt,
    adopt_edit,
    keep_example,
    keep_tests,
)
from pdd_tasks.engine.steps.demonstration import write_example
from pdd_tasks.engine.steps.generation import generate
from pdd_tasks.engine.steps.injection import inject_deps
from pdd_tasks.engine.steps.judging import judge
from pdd_tasks.engine.steps.mending import fix, repair
from pdd_tasks.engine.steps.merging import merge
from pdd_tasks.engine.steps.proposal import apply_update, propose_update
from pdd_tasks.engine.steps.runs import run_example, run_tests
from pdd_tasks.engine.work import Result, Work


OPERATIONS: Final[dict[Operation, Callable[[Work], Result]]] = {
    Operation.ADOPT: adopt,
    Operation.ADOPT_EDIT: adopt_edit,
    Operation.INJECT_DEPS: inject_deps,
    Operation.CHOOSE_DEPS: inject_deps,
    Operation.PROPOSE_UPDATE: propose_update,
    Operation.APPLY_UPDATE: apply_update,
    Operation.GENERATE: generate,
    Operation.MERGE: merge,
    Operation.WRITE_EXAMPLE: write_example,
    Operation.KEEP_EXAMPLE: keep_example,
    Operation.REPAIR: repair,
    Operation.RUN_EXAMPLE: run_example,
    Operation.JUDGE: judge,
    Operation.RUN_TESTS: run_tests,
    Operation.KEEP_TESTS: keep_tests,
    Operation.ADD_TESTS: add_tests,
    Operation.FIX: fix,
}
