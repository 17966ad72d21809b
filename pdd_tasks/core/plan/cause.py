"""Root causes: what differs from the record, so that a step of a unit is due.

Rule 1: a root cause is an act outside of the unit's steps, or the lack of one; what
steps make of it is never named as one. Rule 2: what makes nothing due is none.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from pdd_tasks.core.merge.difference import Change, changes
from pdd_tasks.core.model.artifact import Artifact
from pdd_tasks.core.model.step import Operation, Step
from pdd_tasks.core.plan.change_report import How
from pdd_tasks.core.plan.plan import Plan
from pdd_tasks.core.plan.rule import Decision


class Kind(StrEnum):
    """What a root cause is."""

    NEVER_BUILT = "never-built"
    FINGERPRINT_MISSING = "fingerprint-missing"
    RENAMED = "renamed"
    PROMPT = "prompt-changed"
    INCLUDE_ADDED = "include-added"
    INCLUDE_REMOVED = "include-removed"
    DOCUMENT = "document-changed"
    DOCUMENT_DELETED = "document-deleted"
    ADDITIVE = "upstream-additive"
    BREAKING = "upstream-breaking"
    UNIT_ADDED = "unit-added"
    UNIT_GONE = "unit-gone"
    BLOCK = "block-edited"
    CODE_EDITED = "code-edited"
    CODE_DELETED = "code-deleted"
    EXAMPLE_EDITED = "example-edited"
    EXAMPLE_DELETED = "example-deleted"
    TESTS_EDITED = "tests-edited"
    TESTS_DELETED = "tests-deleted"
    SETTING = "setting-changed"
    LANGUAGE = "language-changed"
    REPORT_MISSING = "run-report-missing"
    FORGOTTEN = "forgotten"
    GAVE_UP = "gave-up"
    EXAMPLE_FAILS = "example-fails"
    TESTS_FAIL = "tests-fail"
    COVERAGE_LOW = "coverage-low"
    UNFINISHED = "unfinished"
    CIRCLE = "circle"
    REFUSED = "refused"


WORDS: Final[Mapping[Kind, str]] = {
    Kind.NEVER_BUILT: "it was never built",
    Kind.FINGERPRINT_MISSING: "its fingerprint is missing",
    Kind.RENAMED: "the unit was renamed",
    Kind.PROMPT: "the prompt changed",
    Kind.INCLUDE_ADDED: "an include was added to the prompt",
    Kind.INCLUDE_REMOVED: "an include was removed from the prompt",
    Kind.DOCUMENT: "an included document changed",
    Kind.DOCUMENT_DELETED: "an included document was deleted",
    Kind.ADDITIVE: "the example of a unit it needs shows more",
    Kind.BREAKING: "the example of a unit it needs changed in a breaking way",
    Kind.UNIT_ADDED: "a unit that the prompt names is new",
    Kind.UNIT_GONE: "a unit in the prompt's block is not needed any more",
    Kind.BLOCK: "the prompt's block of auto-deps was edited",
    Kind.CODE_EDITED: "the code was edited by hand",
    Kind.CODE_DELETED: "the code was deleted",
    Kind.EXAMPLE_EDITED: "the example was edited by hand",
    Kind.EXAMPLE_DELETED: "the example was deleted",
    Kind.TESTS_EDITED: "the tests were edited by hand",
    Kind.TESTS_DELETED: "the tests were deleted",
    Kind.SETTING: "a setting changed",
    Kind.LANGUAGE: "the entry of the language changed",
    Kind.REPORT_MISSING: "the run report is missing",
    Kind.FORGOTTEN: "it was forgotten on purpose",
    Kind.GAVE_UP: "its attempts in this very state have failed",
    Kind.EXAMPLE_FAILS: "the example fails",
    Kind.TESTS_FAIL: "tests fail",
    Kind.COVERAGE_LOW: "the tests cover less than the target",
    Kind.UNFINISHED: "an earlier run did not come that far",
    Kind.CIRCLE: "units need each other in a circle",
    Kind.REFUSED: "the unit cannot be looked at",
}
"""Each kind as a clause for people."""

_OF_FILES: Final = {
    (Artifact.CODE, False): Kind.CODE_EDITED,
    (Artifact.CODE, True): Kind.CODE_DELETED,
    (Artifact.EXAMPLE, False): Kind.EXAMPLE_EDITED,
    (Artifact.EXAMPLE, True): Kind.EXAMPLE_DELETED,
    (Artifact.TESTS, False): Kind.TESTS_EDITED,
    (Artifact.TESTS, True): Kind.TESTS_DELETED,
}


def kind_of(artifact: Artifact, how: How) -> Kind:
    """Return what a change of a file of code, example or tests is."""
    return _OF_FILES[artifact, how is How.DELETED]


@dataclass(frozen=True, slots=True, kw_only=True)
class Commit:
    """The commit that brought a change.

    Attributes:
        id: Its abbreviated name.
        author: Who wrote it.
        at: When, ISO 8601.
        subject: Its first line.
        earlier: How many commits before it changed the file since it was on record.
    """

    id: str
    author: str
    at: str
    subject: str
    earlier: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """One root cause.

    Attributes:
        unit: Id of the unit whose record it differs from.
        subject: The file, relative to the unit's state root, or what else it is.
        steps: The steps of that unit that are due because of it, in their order.
        before: Raw SHA-256 of the file on record, or the value of a setting; empty if
            there was none, or nobody knows.
        now: The same as it stands; empty if it is gone.
        note: What else is to be said, a clause; may be empty.
        hunk: The first place that differs, as a diff shows it; empty if unknown.
        more_hunks: How many further places differ.
        commit: What brought it; None if it is not committed, or nobody knows.
        uncommitted: It is known to be in no commit.
    """

    kind: Kind
    unit: str
    subject: str
    steps: tuple[Step, ...] = ()
    before: str = ""
    now: str = ""
    note: str = ""
    hunk: tuple[str, ...] = ()
    more_hunks: int = 0
    commit: Commit | None = None
    uncommitted: bool = False

    def between(self, before: str, now: str) -> "Cause":
        """Return the cause with the first difference of two texts."""
        found = hunks(before.splitlines(), now.splitlines())
        if not found:
            return self
        return replace(self, hunk=found[0], more_hunks=len(found) - 1)


def hunks(before: Sequence[str], now: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    """Return where two texts differ, each place with a heading as diffs have."""
    return tuple(
        (
            f"@@ -{_range(one.old_start, one.old_end)} +{_range(*_new(one))} @@",
            *(f"-{line}" for line in before[one.old_start : one.old_end]),
            *(f"+{line}" for line in now[one.new_start : one.new_end]),
        )
        for one in changes(before, now)
    )


def _new(change: Change) -> tuple[int, int]:
    return change.new_start, change.new_end


def _range(start: int, end: int) -> str:
    """Return lines as diffs count them: from 1, and from 0 where there are none."""
    length = end - start
    first = start + 1 if length else start
    return str(first) if length == 1 else f"{first},{length}"


def gathered(found: Iterable[Cause]) -> tuple[Cause, ...]:
    """Return causes each once, with all the steps that are due because of it."""
    order = list(Step)
    together: dict[tuple[Kind, str, str], Cause] = {}
    for one in found:
        key = (one.kind, one.unit, one.subject)
        known = together.get(key, one)
        steps = sorted({*known.steps, *one.steps}, key=order.index)
        together[key] = replace(known, steps=tuple(steps))
    return tuple(together.values())


class StepState(StrEnum):
    """How a step, or all of a unit, stands."""

    CURRENT = "current"
    STALE = "stale"
    REPLAYED = "replayed"  # due, and what it asks for is on record: it costs nothing
    POSSIBLE = "possible"  # current, and comes after what is due
    BLOCKED = "blocked"
    FAILED = "failed"
    LEFT_OUT = "left-out"


_UNIT: Final = (
    StepState.BLOCKED,
    StepState.FAILED,
    StepState.STALE,
    StepState.REPLAYED,
    StepState.POSSIBLE,
)
_SAID: Final[Mapping[Operation, StepState]] = {
    Operation.STOP: StepState.BLOCKED,
    Operation.GAVE_UP: StepState.FAILED,
}


def step_state(
    plan: Plan,
    decision: Decision,
    *,
    failed: frozenset[Step] = frozenset(),
    recorded: frozenset[Step] = frozenset(),
) -> StepState:
    """Return how a step stands.

    Args:
        plan: The plan of its unit.
        decision: Its decision.
        failed: Steps whose last try failed.
        recorded: Steps whose replies are on record.
    """
    step = decision.step
    if decision.left_out:
        return StepState.LEFT_OUT
    if decision.operation in _SAID:
        return _SAID[decision.operation]
    if decision.due and any(d.operation in _SAID for d in plan.first(step).due):
        return StepState.BLOCKED
    if decision.due and step in failed:
        return StepState.FAILED
    if decision.due:
        return StepState.REPLAYED if step in recorded else StepState.STALE
    return StepState.POSSIBLE if step in plan.may_follow else StepState.CURRENT


def unit_state(states: Iterable[StepState]) -> StepState:
    """Return how a unit stands, from its steps: the word that says most."""
    found = set(states)
    return next((one for one in _UNIT if one in found), StepState.CURRENT)
