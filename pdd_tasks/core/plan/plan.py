"""A plan: the decisions of a unit's steps strung together."""

from dataclasses import dataclass
from functools import cached_property

from pdd_tasks.core.model.operation_graph import before
from pdd_tasks.core.model.step import Step
from pdd_tasks.core.plan.facts import Facts
from pdd_tasks.core.plan.rule import Decision
from pdd_tasks.core.plan.rules import decide


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What one unit's steps would do now, in the order of the chain.

    Attributes:
        decisions: One for each step, or for those up to one that was asked for.
    """

    decisions: tuple[Decision, ...]

    @cached_property
    def due(self) -> tuple[Decision, ...]:
        """The decisions with something to do or to say."""
        return tuple(d for d in self.decisions if d.due)

    @property
    def may_follow(self) -> tuple[Step, ...]:
        """Steps that are current now but come after one that is due."""
        due = [d.step for d in self.due]
        if not due:
            return ()
        steps = [d.step for d in self.decisions if d.due or not d.left_out]
        return tuple(s for s in steps[steps.index(due[0]) + 1 :] if s not in due)

    def up_to(self, step: Step) -> "Plan":
        """Return the plan of one step: its own decision, and what it needs first."""
        wanted = {step, *before(step)}
        return Plan(decisions=tuple(d for d in self.decisions if d.step in wanted))

    def first(self, step: Step) -> "Plan":
        """Return the plan of what a step needs before its own turn."""
        wanted = set(before(step))
        return Plan(decisions=tuple(d for d in self.decisions if d.step in wanted))


def plan(facts: Facts) -> Plan:
    """Return the plan for these facts."""
    return Plan(decisions=tuple(decide(facts, step) for step in Step))
