from dataclasses import replace
from typing import Any

import pytest
from calculator_texts import C, E, P, T
from memory_project import unit

from pdd_tasks.core.model.artifact import Digest
from pdd_tasks.core.model.settings import Strictness
from pdd_tasks.core.model.step import Step
from pdd_tasks.core.plan.trigger import Triggers, triggers


def _compared(changed: str = "", **fields: Any) -> dict[Step, Triggers]:
    """Return what is compared of each step, with one file changed."""
    calculator = unit()
    settings = replace(calculator.settings, **fields)
    digests = {
        path: Digest.of(b"changed" if str(path) == changed else b"as it was")
        for path in (*calculator.code, calculator.example, *calculator.tests)
    }
    said = "changed" if changed == P else "as it was"
    return triggers(
        replace(calculator, settings=settings), digests, {P: said}, outside=said
    )


def _due(before: dict[Step, Triggers], now: dict[Step, Triggers]) -> set[Step]:
    return {step for step in Step if before[step] != now[step]}


@pytest.mark.parametrize(
    "changed, steps",
    [
        pytest.param(P, set(Step) - {Step.EXAMPLE, Step.TEST}, id="prompt"),
        pytest.param(C, set(Step) - {Step.AUTO_DEPS, Step.GENERATE}, id="code"),
        pytest.param(E, {Step.CRASH, Step.VERIFY}, id="example"),
        pytest.param(T, {Step.CRASH, Step.TEST, Step.FIX}, id="tests"),
    ],
)
def test_a_changed_file_is_compared_by_these_steps(changed, steps):
    assert _due(_compared(), _compared(changed)) == steps


@pytest.mark.parametrize(
    "fields, steps",
    [
        pytest.param({"target_coverage": 12.0}, {Step.TEST}, id="coverage"),
        pytest.param({"verify": Strictness.REQUIRED}, {Step.VERIFY}, id="verdict"),
        pytest.param(
            {"interpreter": "py"}, {Step.CRASH, Step.FIX}, id="how programs run"
        ),
        pytest.param({"max_attempts": 7}, set(), id="what is no input"),
    ],
)
def test_a_changed_setting_is_compared_by_these_steps(fields, steps):
    assert _due(_compared(), _compared(**fields)) == steps
