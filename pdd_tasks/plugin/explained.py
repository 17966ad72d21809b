"""What is explained of a unit, as values."""

from dataclasses import dataclass
from typing import NamedTuple

from pdd_tasks.core.model.step import Step
from pdd_tasks.core.model.unit import DevUnit
from pdd_tasks.core.plan.cause import Cause, StepState
from pdd_tasks.core.plan.row import Row
from pdd_tasks.core.plan.rule import Decision
from pdd_tasks.errors import PddError
from pdd_tasks.plugin.question import Question
from pdd_tasks.plugin.route import Route


class Remark(NamedTuple):
    """A circumstance that is no cause.

    Attributes:
        kind: held, cut-off, interrupted, failed, conflict, program or circle.
        text: A clause for people.
    """

    kind: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StepView:
    """One step as it stands.

    Attributes:
        row: The row of the decision table that decides; the first that matches.
        asks: What it would ask a model; None if nothing, or nothing is due.
        made: When it last succeeded, ISO 8601; empty if it never did.
        model: Who answered then; empty if nobody was asked.
    """

    decision: Decision
    state: StepState
    row: Row
    asks: Question | None = None
    made: str = ""
    model: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """Why a unit, or one step of it, stands as it does.

    Attributes:
        step: The step that was asked about; None for all of the unit.
        causes: The root causes, those of other units among them.
        routes: The ways from root causes to steps, in the order of the causes.
        steps: Its steps, or those up to the one that was asked about.
        total: What all that is due will ask; None if nothing is due.
    """

    unit: DevUnit
    step: Step | None
    state: StepState
    causes: tuple[Cause, ...] = ()
    routes: tuple[Route, ...] = ()
    remarks: tuple[Remark, ...] = ()
    steps: tuple[StepView, ...] = ()
    total: Question | None = None
    error: PddError | None = None
