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
    """

    when: Callable[[Facts], bool]
    facts: str
    then: Operation
    because: str
    topic: str = ""
    hint: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What a step does next.

    Attributes:
        step: The step that was asked about.
        operation: What it does.
        because: Why, a clause with its detail.
        hint: What a person can do if it stops; may name ``{unit}``.
        copies: Artifacts of which a safety copy is kept before they are replaced.
    """

    step: Step
    operation: Operation
    because: str
    hint: str = ""
    copies: frozenset[Artifact] = frozenset()

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


def on_purpose(step: Step, then: Operation) -> Rule:
    """Return the row of a step that was forgotten on purpose."""
    return Rule(
        lambda f: step in f.forgotten, "forgotten on purpose", then, "it was forgotten"
    )
