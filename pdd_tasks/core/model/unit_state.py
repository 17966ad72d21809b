"""How far a unit has come, for people; nothing is decided by it.

Decisions follow from fingerprints and files alone. Rule 1: `moved` is the only place
where a state changes. Rule 2: a change that is not in `NEXT` is a bug of this program.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from pdd_tasks.core.model.artifact import Artifact
from pdd_tasks.core.model.step import Step
from pdd_tasks.core.model.trace import Fingerprint


class UnitState(StrEnum):
    """The states of a unit; the chain's in its order, then what breaks it."""

    INITIAL = "initial"  # nothing was made of the prompt yet
    DEPS_INJECTED = "deps_injected"
    CODE_GENERATED = "code_generated"
    EXAMPLE_CREATED = "example_created"
    CRASH_FIXED = "crash_fixed"
    VERIFIED = "verified"
    TESTS_GENERATED = "tests_generated"
    TESTS_PASSING = "tests_passing"
    COMPLETED = "completed"  # nothing was left to do
    FAILED = "failed"
    INTERRUPTED = "interrupted"


class Event(StrEnum):
    """What happened to a unit."""

    SUCCEEDED = "succeeded"  # a step has nothing left to do
    FAILED = "failed"
    INTERRUPTED = "interrupted"
    AT_REST = "at rest"  # no step has anything left to do


class IllegalTransitionError(RuntimeError):
    """A change of state that cannot be: a bug of this program."""


REACHED: Final[Mapping[Step, UnitState]] = {
    Step.AUTO_DEPS: UnitState.DEPS_INJECTED,
    Step.UPDATE: UnitState.CODE_GENERATED,  # code and prompt agree
    Step.GENERATE: UnitState.CODE_GENERATED,
    Step.EXAMPLE: UnitState.EXAMPLE_CREATED,
    Step.CRASH: UnitState.CRASH_FIXED,
    Step.VERIFY: UnitState.VERIFIED,
    Step.TEST: UnitState.TESTS_GENERATED,
    Step.FIX: UnitState.TESTS_PASSING,
}
"""Where a step leads when it succeeds."""

_ANYWAY: Final[Mapping[Event, UnitState]] = {
    Event.FAILED: UnitState.FAILED,
    Event.INTERRUPTED: UnitState.INTERRUPTED,
    Event.AT_REST: UnitState.COMPLETED,
}
_BROKEN: Final = frozenset({UnitState.FAILED, UnitState.INTERRUPTED})
_MADE: Final = frozenset(UnitState) - {UnitState.INITIAL}
_WITH_CODE: Final = _MADE - {UnitState.DEPS_INJECTED} - _BROKEN

NEXT: Final[Mapping[UnitState, frozenset[UnitState]]] = {
    # without code no later step has anything to work on
    UnitState.INITIAL: frozenset({UnitState.DEPS_INJECTED, UnitState.CODE_GENERATED})
    | _BROKEN,
    # steps that are current are skipped, and an edit may lead back to any of them
    **dict.fromkeys(_WITH_CODE, _WITH_CODE | _BROKEN),
    # what a broken unit had before is not remembered
    UnitState.DEPS_INJECTED: _MADE,
    **dict.fromkeys(_BROKEN, _MADE),
}
"""The states that may follow each state; nothing leads back to the first."""


def moved(state: UnitState, event: Event, step: Step | None = None) -> UnitState:
    """Return the state after an event.

    Args:
        state: The state before.
        event: What happened.
        step: The step it happened to; None if the unit came to rest.

    Raises:
        IllegalTransitionError: If that cannot happen to a unit in this state.
    """
    target = _target(state, event, step)
    if target not in NEXT[state]:
        raise IllegalTransitionError(f"{state} → {target} by {step or 'unit'} {event}")
    return target


def _target(state: UnitState, event: Event, step: Step | None) -> UnitState:
    if event is not Event.SUCCEEDED:
        return _ANYWAY[event]
    if step is None:
        raise IllegalTransitionError("a success is a step's")
    # new includes do not unmake the code; its step will be due by itself
    stays = step is Step.AUTO_DEPS and state in _WITH_CODE
    return state if stays else REACHED[step]


def state_of(trace: Fingerprint | None) -> UnitState:
    """Return the state that a fingerprint shows, where nothing else is known."""
    if trace is None:
        return UnitState.INITIAL
    if trace.gave_up:
        return UnitState.FAILED
    if trace.steps.keys() >= {Step.GENERATE, Step.CRASH, Step.VERIFY, Step.TEST}:
        return UnitState.COMPLETED
    furthest = [step for step in Step if step in trace.steps]
    has_code = Artifact.CODE in {*trace.hashes, *trace.foreign}
    if has_code and furthest in ([], [Step.AUTO_DEPS]):
        return UnitState.CODE_GENERATED
    return REACHED[furthest[-1]] if furthest else UnitState.INITIAL
