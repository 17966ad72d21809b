"""Which row of the decision table was the first to match."""

from typing import NamedTuple

from pdd_tasks.core.model.step import Step
from pdd_tasks.core.plan.facts import Facts
from pdd_tasks.core.plan.rule import Rule
from pdd_tasks.core.plan.rules import RULES


class Row(NamedTuple):
    """A row of a step's table.

    Attributes:
        number: As in docs/decision-table.md, from 1.
    """

    number: int
    rule: Rule


def row(facts: Facts, step: Step) -> Row:
    """Return the row that decides what a step does, protection aside."""
    numbered = enumerate(RULES[step], 1)
    return next(Row(number, rule) for number, rule in numbered if rule.when(facts))
