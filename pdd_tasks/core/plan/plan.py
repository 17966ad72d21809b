"""A plan: the decisions of a unit's steps strung together."""

from dataclasses import dataclass

from pdd_tasks.core.model.step import PAID, Step
from pdd_tasks.core.plan.facts import Facts
from pdd_tasks.core.plan.rule import Decision
from pdd_tasks.core.plan.rules import decide


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What one unit's steps would do now, in the order of the chain.

    Attributes:
        decisions: One for each step.
    """

    decisions: tuple[Decision, ...]

    @property
    def due(self) -> tuple[Decision, ...]:
        """The decisions with something to do or to say."""
        return tuple(d for d in self.decisions if d.due)

    @property
    def may_follow(self) -> tuple[Step, ...]:
        """Steps that are current now but come after one that is due."""
        steps = [d.step for d in self.due]
        if not steps:
            return ()
        first = list(Step).index(steps[0])
        return tuple(s for s in list(Step)[first + 1 :] if s not in steps)

    @property
    def paid(self) -> bool:
        """True if a due step may ask a model."""
        return any(d.operation in PAID for d in self.due)


def plan(facts: Facts) -> Plan:
    """Return the plan for these facts."""
    return Plan(decisions=tuple(decide(facts, step) for step in Step))
