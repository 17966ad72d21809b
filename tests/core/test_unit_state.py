from itertools import product

import pytest

from pdd_tasks.core.model.artifact import Artifact
from pdd_tasks.core.model.step import Step
from pdd_tasks.core.model.trace import Fingerprint, GaveUp, StepRecord
from pdd_tasks.core.model.unit_state import (
    NEXT,
    REACHED,
    Event,
    IllegalTransitionError,
    UnitState,
    moved,
    state_of,
)


S = UnitState
CHAIN = [s for s in S if s not in {S.FAILED, S.INTERRUPTED}]


def test_a_new_unit_goes_through_all_states_in_their_order():
    state, seen = S.INITIAL, [S.INITIAL]
    for step in Step:
        state = moved(state, Event.SUCCEEDED, step)
        seen.append(state)
    seen.append(moved(state, Event.AT_REST))
    assert list(dict.fromkeys(seen)) == CHAIN


@pytest.mark.parametrize("state", list(S))
@pytest.mark.parametrize(
    "event, broken",
    [
        pytest.param(Event.FAILED, S.FAILED, id="failed"),
        pytest.param(Event.INTERRUPTED, S.INTERRUPTED, id="interrupted"),
    ],
)
def test_every_state_can_be_broken(state, event, broken):
    assert moved(state, event, Step.TEST) is broken


@pytest.mark.parametrize("state", [s for s in S if s is not S.INITIAL])
@pytest.mark.parametrize("step", list(Step))
def test_every_step_may_succeed_once_something_was_made(state, step):
    stays = step is Step.AUTO_DEPS and state not in {
        S.DEPS_INJECTED,
        S.FAILED,
        S.INTERRUPTED,
    }
    assert moved(state, Event.SUCCEEDED, step) is (state if stays else REACHED[step])


@pytest.mark.parametrize(
    "event, step",
    [
        *[
            pytest.param(Event.SUCCEEDED, step, id=step)
            for step in list(Step)[list(Step).index(Step.EXAMPLE) :]
        ],
        pytest.param(Event.AT_REST, None, id="rest"),
    ],
)
def test_what_needs_code_cannot_come_first(event, step):
    with pytest.raises(IllegalTransitionError, match="initial"):
        moved(S.INITIAL, event, step)


@pytest.mark.parametrize("state", [s for s in S if s is not S.INITIAL])
def test_every_unit_may_come_to_rest(state):
    assert moved(state, Event.AT_REST) is S.COMPLETED


def test_a_success_without_a_step_is_a_bug():
    with pytest.raises(IllegalTransitionError):
        moved(S.COMPLETED, Event.SUCCEEDED)


def test_the_table_is_total_and_leads_nowhere_back_to_the_start():
    assert set(NEXT) == set(S)
    assert all(S.INITIAL not in targets for targets in NEXT.values())
    for state, event, step in product(S, Event, Step):
        try:
            assert moved(state, event, step) in NEXT[state]
        except IllegalTransitionError:
            assert state is S.INITIAL


def trace(*steps, **given):
    return Fingerprint(steps={step: StepRecord() for step in steps}, **given)


@pytest.mark.parametrize(
    "found, state",
    [
        pytest.param(None, S.INITIAL, id="none"),
        pytest.param(trace(), S.INITIAL, id="empty"),
        pytest.param(trace(Step.AUTO_DEPS), S.DEPS_INJECTED, id="deps"),
        pytest.param(
            trace(Step.AUTO_DEPS, hashes={Artifact.CODE: "1"}),
            S.CODE_GENERATED,
            id="adopted",
        ),
        pytest.param(
            trace(foreign={Artifact.CODE: "1"}), S.CODE_GENERATED, id="foreign"
        ),
        pytest.param(trace(Step.GENERATE, Step.CRASH), S.CRASH_FIXED, id="crash"),
        pytest.param(
            trace(Step.GENERATE, Step.CRASH, Step.VERIFY, Step.TEST),
            S.COMPLETED,
            id="all",
        ),
        pytest.param(
            trace(
                Step.GENERATE,
                gave_up={Step.TEST: GaveUp(triggers={}, attempts=1, because="no")},
            ),
            S.FAILED,
            id="gave-up",
        ),
    ],
)
def test_a_fingerprint_shows_how_far_a_unit_has_come(found, state):
    assert state_of(found) is state
