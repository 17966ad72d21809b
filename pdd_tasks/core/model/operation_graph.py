"""What each step of a unit needs before it can work, and what it makes.

The graph is data: two sets of things a step needs, one that it makes, and the
operations that its rows may choose. What is not here: when a step does something,
which is the decision table's (`pdd_tasks.core.plan.rules`).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from pdd_tasks.core.model.step import Operation, Step


class Thing(StrEnum):
    """What steps need and make."""

    PROMPT = "prompt"  # a person's; no step makes it
    INCLUDES = "includes"
    AGREEMENT = "agreement"  # of the prompt with what a person wrote in the code
    CODE = "code"
    EXAMPLE = "example"
    GOOD_RUN = "good run"
    VERDICT = "verdict"
    TESTS = "tests"
    PASSING = "passing tests"


GIVEN: Final = frozenset({Thing.PROMPT})
"""Things that no step makes."""

SAID: Final = frozenset({Operation.NOTHING, Operation.STOP, Operation.GAVE_UP})
"""Operations that do nothing but say why; any step may."""

ASKED_FOR: Final = frozenset({Operation.SHOW_BUG})
"""Operations of commands; no step's turn leads to them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """One step in the graph.

    Attributes:
        requires: Without one of these the step has nothing to work on.
        awaits: These are settled first, so that what the step makes stays true;
            whoever leaves their step out does without.
        produces: What is there when the step succeeded.
        operations: What its turn may lead to, `SAID` aside.
    """

    requires: frozenset[Thing]
    awaits: frozenset[Thing]
    produces: frozenset[Thing]
    operations: frozenset[Operation]

    @property
    def needs(self) -> frozenset[Thing]:
        """What is there, or settled, before the step's turn."""
        return self.requires | self.awaits


GRAPH: Final[dict[Step, Node]] = {
    Step.AUTO_DEPS: Node(
        requires=frozenset({Thing.PROMPT}),
        awaits=frozenset(),
        produces=frozenset({Thing.INCLUDES}),
        operations=frozenset(
            {Operation.ADOPT, Operation.INJECT_DEPS, Operation.CHOOSE_DEPS}
        ),
    ),
    Step.UPDATE: Node(
        requires=frozenset({Thing.PROMPT}),
        awaits=frozenset({Thing.INCLUDES}),
        produces=frozenset({Thing.AGREEMENT}),
        operations=frozenset(
            {
                Operation.ADOPT_EDIT,
                Operation.RUN_EXAMPLE,
                Operation.RUN_TESTS,
                Operation.PROPOSE_UPDATE,
                Operation.APPLY_UPDATE,
            }
        ),
    ),
    Step.GENERATE: Node(
        requires=frozenset({Thing.PROMPT}),
        awaits=frozenset({Thing.INCLUDES, Thing.AGREEMENT}),
        produces=frozenset({Thing.CODE}),
        operations=frozenset({Operation.GENERATE, Operation.MERGE}),
    ),
    Step.EXAMPLE: Node(
        requires=frozenset({Thing.CODE}),
        awaits=frozenset(),
        produces=frozenset({Thing.EXAMPLE}),
        operations=frozenset({Operation.WRITE_EXAMPLE, Operation.KEEP_EXAMPLE}),
    ),
    Step.CRASH: Node(
        requires=frozenset({Thing.CODE}),
        awaits=frozenset({Thing.EXAMPLE}),
        produces=frozenset({Thing.GOOD_RUN}),
        operations=frozenset({Operation.RUN_EXAMPLE, Operation.REPAIR}),
    ),
    Step.VERIFY: Node(
        requires=frozenset({Thing.CODE, Thing.EXAMPLE, Thing.GOOD_RUN}),
        awaits=frozenset(),
        produces=frozenset({Thing.VERDICT}),
        operations=frozenset({Operation.JUDGE}),
    ),
    Step.TEST: Node(
        requires=frozenset({Thing.CODE}),
        awaits=frozenset({Thing.VERDICT}),  # tests would set a fault in stone
        produces=frozenset({Thing.TESTS}),
        operations=frozenset(
            {Operation.RUN_TESTS, Operation.KEEP_TESTS, Operation.ADD_TESTS}
        ),
    ),
    Step.FIX: Node(
        requires=frozenset({Thing.CODE, Thing.TESTS}),
        awaits=frozenset(),
        produces=frozenset({Thing.PASSING}),
        operations=frozenset({Operation.FIX}),
    ),
}
"""Step → what it needs and makes. The chain of doit's tasks is this graph in order."""


def maker(thing: Thing) -> Step | None:
    """Return the step that makes a thing; None if it is given."""
    return next((step for step in Step if thing in GRAPH[step].produces), None)


def directly_before(step: Step) -> tuple[Step, ...]:
    """Return the steps that make what a step needs, less those before one of them."""
    makers = _makers(step)
    implied = {one for other in makers for one in before(other)}
    return tuple(one for one in Step if one in makers - implied)


def before(step: Step) -> tuple[Step, ...]:
    """Return all steps whose turn comes first because of what a step needs."""
    found = set(_closure(step))
    return tuple(one for one in Step if one in found)


def after(step: Step) -> tuple[Step, ...]:
    """Return all steps that come later because they need what a step makes."""
    return tuple(one for one in Step if step in before(one))


def _makers(step: Step) -> frozenset[Step]:
    found = (maker(thing) for thing in GRAPH[step].needs)
    return frozenset(one for one in found if one is not None)


def _closure(step: Step) -> Iterator[Step]:
    for one in _makers(step):
        yield one
        yield from _closure(one)
