"""Runs that wait for a place, in real threads."""

import os
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from contextlib import nullcontext, suppress
from functools import partial
from pathlib import PurePosixPath

import pytest

from pdd_tasks.adapters.gate import Gate, cores, gated
from pdd_tasks.core.model.trace import ExampleRun, TestRun


RAN = ExampleRun(inputs={}, exit_code=0)
DEADLINE_S = 60.0
SOON_S = 0.001
ENDED = """
import threading
from pathlib import Path
from pdd_tasks.adapters.gate import Gate
from pdd_tasks.adapters.process_groups import end_all
from pdd_tasks.adapters.processes import run
from pdd_tasks.errors import EndedError

gate, waits, said = Gate(0.001), threading.Event(), []


def wait():
    try:
        with gate.entered(1, waits.set):
            said.append("entered")
    except EndedError as error:
        said.append(error.message)


with gate.entered(1, waits.set):
    waiter = threading.Thread(target=wait)
    waiter.start()
    waits.wait()
    end_all(for_good=True)
    waiter.join()
try:
    run(["true"], cwd=Path(), environment={}, timeout_s=1, output_limit_bytes=1)
except EndedError as error:
    said.append(error.message)
print(*said, sep="; ")
"""


class Guest:
    """A thread that wants to be behind a gate until it is told to leave."""

    def __init__(self, gate: Gate, limit: int, entered: Callable[[], None]) -> None:
        self.waits, self.is_in = threading.Event(), threading.Event()
        self.leaves = threading.Event()

        def visit() -> None:
            with gate.entered(limit, self.waits.set):
                entered()
                self.is_in.set()
                assert self.leaves.wait(DEADLINE_S)

        self._thread = threading.Thread(target=visit)
        self._thread.start()

    def goes(self) -> None:
        """Leave, and wait until it is out."""
        self.leaves.set()
        self._thread.join(DEADLINE_S)
        assert not self._thread.is_alive()


def test_only_so_many_are_in_at_a_time():
    gate = Gate(SOON_S)
    two = [Guest(gate, 2, nothing) for _ in range(2)]
    assert all(guest.is_in.wait(DEADLINE_S) for guest in two)
    third = Guest(gate, 2, nothing)
    assert third.waits.wait(DEADLINE_S)
    assert not third.is_in.is_set()
    two[0].goes()
    assert third.is_in.wait(DEADLINE_S)
    two[1].goes()
    third.goes()


def test_who_came_first_enters_first():
    gate, order = Gate(SOON_S), list[int]()
    first = Guest(gate, 1, nothing)
    assert first.is_in.wait(DEADLINE_S)
    others = []
    for number in range(4):
        guest = Guest(gate, 1, partial(order.append, number))
        assert guest.waits.wait(DEADLINE_S)
        others.append(guest)
    first.goes()
    for guest in others:
        guest.goes()
    assert order == [0, 1, 2, 3]


def test_a_place_is_free_again_after_a_failure():
    gate = Gate(SOON_S)
    for _ in range(3):
        with pytest.raises(ZeroDivisionError), gate.entered(1, nothing):
            _ = 1 / 0
    with gate.entered(1, unexpected):
        pass


def test_who_gives_up_waiting_is_in_nobodys_way():
    gate = Gate(SOON_S)
    first = Guest(gate, 1, nothing)
    assert first.is_in.wait(DEADLINE_S)
    with pytest.raises(ZeroDivisionError), gate.entered(1, giving_up):
        pass
    first.goes()
    with gate.entered(1, unexpected):
        pass


def test_runs_of_several_benches_share_one_gate():
    gate, bench = Gate(SOON_S), Recording()
    one = gated(nullcontext(bench), 1, unexpected, gate)
    with suppress(ZeroDivisionError), one as b:
        assert b.example({}) is RAN
        assert b.tests({}, measure=True, seed=3).output == "measured, seed 3"
        b.example({PurePosixPath("a"): b""})
    held = Guest(gate, 1, nothing)
    assert held.is_in.wait(DEADLINE_S)
    with (
        pytest.raises(ZeroDivisionError),
        gated(nullcontext(bench), 1, giving_up, gate) as other,
    ):
        other.example({})
    held.goes()
    assert bench.runs == 1


def test_the_usual_limit_is_one_a_core():
    gate, bench = Gate(SOON_S), Recording()
    guests = [Guest(gate, cores(), nothing) for _ in range(cores() - 1)]
    assert all(guest.is_in.wait(DEADLINE_S) for guest in guests)
    with gated(nullcontext(bench), None, unexpected, gate) as other:
        assert other.example({}) is RAN
    for guest in guests:
        guest.goes()
    assert 1 <= cores() <= (os.cpu_count() or 1)


def test_nobody_waits_any_more_once_all_children_were_ended():
    done = subprocess.run(
        [sys.executable, "-c", ENDED], capture_output=True, text=True, check=True
    )
    ended = "was ended because the run was interrupted"
    assert done.stdout == f"a run {ended}; 'true' {ended}\n"


class Recording:
    """A bench that counts its runs."""

    def __init__(self) -> None:
        self.runs = 0

    def example(self, overlay: Mapping[PurePosixPath, bytes]) -> ExampleRun:
        """Run nothing; fail if a file is laid over."""
        if overlay:
            raise ZeroDivisionError
        self.runs += 1
        return RAN

    def tests(
        self, overlay: Mapping[PurePosixPath, bytes], *, measure: bool, seed: int = 0
    ) -> TestRun:
        """Run nothing; say what it was asked for."""
        assert not overlay
        said = f"{'' if measure else 'not '}measured, seed {seed}"
        return TestRun(inputs={}, exit_code=0, results={}, output=said)


def giving_up() -> None:
    """Fail as somebody does who waits no longer."""
    raise ZeroDivisionError


def nothing() -> None:
    """Do nothing."""


def unexpected() -> None:
    """Fail: nobody should have waited."""
    raise AssertionError
