"""Model calls that wait for a place, in real threads."""

import threading

import pytest

from pdd_tasks.adapters.models.call_gate import CallGate
from pdd_tasks.core.model.spending import Bill


DEADLINE_S = 60.0
COMPLAINT = Bill(cost=0, throttled=True)
ANSWER = Bill(cost=1, tokens_in=1, tokens_out=1)


class Caller:
    """A thread that makes one call, which ends when it is told to."""

    def __init__(self, gate: CallGate, model: str = "m", most: int | None = None):
        self.waits, self.is_in = threading.Event(), threading.Event()
        self._ends, self._bill = threading.Event(), ANSWER

        def call() -> None:
            with gate.entered(model, most, self.waits.set) as passage:
                self.is_in.set()
                assert self._ends.wait(DEADLINE_S)
                passage.bill = self._bill

        self._thread = threading.Thread(target=call)
        self._thread.start()

    def ends(self, bill: Bill = ANSWER) -> None:
        """End the call with a bill, and wait until it is out."""
        self._bill = bill
        self._ends.set()
        self._thread.join(DEADLINE_S)
        assert not self._thread.is_alive()


def callers(gate, number, **named):
    """Return calls that are all in flight."""
    found = [Caller(gate, **named) for _ in range(number)]
    assert all(one.is_in.wait(DEADLINE_S) for one in found)
    return found


def test_only_so_many_calls_are_in_flight_whatever_their_models():
    gate = CallGate(beat_s=0.001)
    first, second = callers(gate, 1, most=2), callers(gate, 1, model="n", most=2)
    third = Caller(gate, "o", 2)
    assert third.waits.wait(DEADLINE_S)
    assert not third.is_in.is_set()
    first[0].ends()
    assert third.is_in.wait(DEADLINE_S)
    second[0].ends()
    third.ends()


def test_after_a_complaint_half_as_many_calls_are_in_flight_and_then_more_again():
    gate = CallGate(beat_s=0.001)
    for one in callers(gate, 4):
        one.ends(COMPLAINT)
    two = callers(gate, 2)
    third = Caller(gate)
    assert third.waits.wait(DEADLINE_S)
    assert not third.is_in.is_set()
    for one in two:
        one.ends()
    assert third.is_in.wait(DEADLINE_S)
    third.ends()
    for one in callers(gate, 3):
        one.ends()


def test_a_complaint_of_one_model_is_none_of_another():
    gate = CallGate(beat_s=0.001)
    for one in callers(gate, 2):
        one.ends(COMPLAINT)
    for one in callers(gate, 5, model="n"):
        one.ends()


def test_nobody_calls_before_the_time_that_the_endpoint_names():
    now = [100.0]
    gate = CallGate(clock=lambda: now[0], beat_s=0.001)
    callers(gate, 1)[0].ends(Bill(cost=0, throttled=True, wait_s=7.0))
    late = Caller(gate)
    assert late.waits.wait(DEADLINE_S)
    assert not late.is_in.is_set()
    now[0] = 107.0
    assert late.is_in.wait(DEADLINE_S)
    late.ends()


def test_a_place_is_free_again_after_a_failure():
    gate = CallGate(beat_s=0.001)
    for _ in range(3):
        with pytest.raises(ZeroDivisionError), gate.entered("m", 1, lambda: None):
            _ = 1 / 0
    with gate.entered("m", 1, lambda: None) as passage:
        assert passage.bill == Bill()
