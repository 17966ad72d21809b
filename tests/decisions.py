"""Every case the decision table tells apart, found by asking it.

`decide` is given facts that answer only what was settled before. The first fact it
asks for beyond that splits the case into one for each of the fact's values, so the
cases of a step are the full product of what its rows look at, less what no row that
is reached looks at. A case stands for all facts that agree with it.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Final, cast

import pytest
from _pytest.mark import ParameterSet

from pdd_tasks.core.model.step import Operation, Step
from pdd_tasks.core.plan.change import State
from pdd_tasks.core.plan.facts import Facts, Ran
from pdd_tasks.core.plan.rule import Decision, Rule
from pdd_tasks.core.plan.rules import RULES, decide


Value = State | Ran | bool | frozenset[Step]


NOT_RUN: Final[Mapping[str, Ran]] = {"example_run": Ran.NOT, "test_run": Ran.NOT}
"""What is known where neither the example nor the tests ran."""


def row(step: Step, operation: Operation, name: str, **facts: object) -> ParameterSet:
    """Return a case of a test: what a step does where some facts hold."""
    return pytest.param(facts, step, operation, id=name)


class _UnsettledError(Exception):
    """A fact was asked for that the case has not settled."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


class Given:
    """Facts of which only some are known."""

    def __init__(self, known: Mapping[str, Value]) -> None:
        self._known = known
        self.why: Mapping[str, str] = {}

    def __getattr__(self, name: str) -> Value:
        if name not in self._known:
            raise _UnsettledError(name)
        return self._known[name]


class Case:
    """Some facts, and what a step decides whatever the other facts are.

    Attributes:
        known: The facts that were looked at.
        decision: What was decided.
        rule: The row that matched.
    """

    def __init__(self, step: Step, known: Mapping[str, Value]) -> None:
        facts = cast("Facts", Given(known))
        self.known = known
        self.decision: Decision = decide(facts, step)
        self.rule: Rule = next(rule for rule in RULES[step] if rule.when(facts))

    def has(self, **facts: Value) -> bool:
        """Return whether the case stands for facts with these among them."""
        return all(
            self.known.get(name, value) == value for name, value in facts.items()
        )

    def may_be(self, name: str, values: frozenset[State]) -> bool:
        """Return whether the case stands for facts in which a state is one of these."""
        return name not in self.known or self.known[name] in values

    def __repr__(self) -> str:
        return f"{dict(self.known)} → {self.decision}"


@cache
def cases(step: Step) -> tuple[Case, ...]:
    """Return every case that a step's rows and the protection tell apart."""
    return tuple(_cases(step, {}))


def values(name: str, step: Step) -> tuple[Value, ...]:
    """Return the values that a fact can have, as far as a step can see."""
    kind = Facts.__annotations__[name]
    if kind is State:
        return tuple(State)
    if kind is Ran:
        return tuple(Ran)
    if kind is bool:
        return (False, True)
    return (frozenset(), frozenset({step}))


def _cases(step: Step, known: Mapping[str, Value]) -> Iterator[Case]:
    try:
        yield Case(step, known)
    except _UnsettledError as asked:
        for value in values(asked.name, step):
            yield from _cases(step, {**known, asked.name: value})
