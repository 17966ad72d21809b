"""A row of the decision table, and the decision it leads to."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from pdd_tasks.core.model.artifact import Artifact
from pdd_tasks.core.model.step import Operation, Step
from pdd_tasks.core.plan.change import State
from pdd_tasks.core.plan.facts import Facts


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of the table.

    Attributes:
        when: True if the row applies.
        facts: The same condition in words, for the documentation.
        then: What to do.
        because: Why, as a clause a person will read.
        topic: Key into `Facts.why` whose detail is added to the reason.
        hint: What a person can do, if the operation stops for one.
        leaves_out: The step has no turn in this run, whatever is due.
    """

    when: Callable[[Facts], bool]
    facts: str
    then: Operation
    because: str
    topic: str = ""
    hint: str = ""
    leaves_out: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What a step does next.

    Attributes:
        step: The step that was asked about.
        operation: What it does.
        because: Why, a clause with its detail.
        hint: What a person can do if it stops; may name ``{unit}``.
        copies: Artifacts of which a safety copy is kept before they are replaced.
        left_out: The step has no turn in this run.
    """

    step: Step
    operation: Operation
    because: str
    hint: str = ""
    copies: frozenset[Artifact] = frozenset()
    left_out: bool = False

    @property
    def due(self) -> bool:
        """True if there is something to do or to say."""
        return self.operation is not Operation.NOTHING


RETRY: Final = "change an input, or retry with `doit forget sync:{unit}:%s`"
KEEP: Final = (
    "keep your code with `doit reset-dep sync:{unit}`, set it beside the generated one"
    " with `doit merge {unit}`, or give it up by deleting it or restoring it with git;"
    " then run `doit sync:{unit}` again"
)
CHOOSE: Final = (
    "choose with `doit merge {unit}`, which shows both sides, or keep your code with"
    " `doit reset-dep sync:{unit}`"
)
NOTHING: Final = Operation.NOTHING


ADOPTED_FIRST: Final = Rule(
    lambda f: f.code is State.UNRECORDED,
    "code stands of which nothing is recorded",
    NOTHING,
    "the code is adopted first",
)


def otherwise(because: str) -> Rule:
    """Return the last row of a step: nothing to do."""
    return Rule(lambda _: True, "otherwise", NOTHING, because)


def surrendered(step: Step) -> Rule:
    """Return the row of a step that gave up in the present state."""
    return Rule(
        lambda f: step in f.gave_up,
        "the step gave up in this very state",
        Operation.GAVE_UP,
        "its attempts in this very state have failed",
        str(step),
        RETRY % step,
    )


def no_turn(step: Step) -> tuple[Rule, ...]:
    """Return the rows of a step that has no turn in this run; they come first."""
    return (
        _left_out(
            lambda f: step in f.left_out,
            "the profile leaves the step out",
            "the profile leaves it out",
            "profile",
        ),
        _left_out(
            lambda f: step in f.passed_over,
            "the run resumes from a later step",
            "it is left as it stands, since the run resumes from a later step",
            "resumed",
        ),
        _left_out(
            lambda f: step in f.blocked,
            "a step it needs gave up, and the profile skips what needs that one",
            "it is left as it stands, since a step it needs gave up",
            "blocked",
        ),
    )


def _left_out(
    when: Callable[[Facts], bool], facts: str, because: str, topic: str
) -> Rule:
    return Rule(when, facts, NOTHING, because, topic, leaves_out=True)


def on_purpose(step: Step, then: Operation) -> Rule:
    """Return the row of a step that was forgotten on purpose."""
    return Rule(
        lambda f: step in f.forgotten, "forgotten on purpose", then, "it was forgotten"
    )
