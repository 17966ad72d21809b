"""How many examples and tests run at a time, whichever threads want to run them.

Rule 1: who came first enters first. Rule 2: who waits goes on telling that its unit
makes progress. Rule 3: a place is free again on every way out.

What is not here: the limit of model calls, which wait for others and not for us.
"""

import os
import threading
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from pathlib import PurePosixPath
from typing import Final, Protocol

from pdd_tasks.adapters.process_groups import refuse_if_ended
from pdd_tasks.core.model.trace import ExampleRun, TestRun


_BEAT_S: Final = 1.0  # how often who waits says so, and looks whether the run ends


class Bench(Protocol):
    """What runs examples and tests."""

    def example(self, overlay: Mapping[PurePosixPath, bytes]) -> ExampleRun:
        """Run the example with some files replaced."""
        ...

    def tests(
        self, overlay: Mapping[PurePosixPath, bytes], *, measure: bool, seed: int = 0
    ) -> TestRun:
        """Run the tests with some files replaced."""
        ...


class Gate:
    """Lets only so many in at a time, in the order in which they came."""

    def __init__(self, beat_s: float = _BEAT_S) -> None:
        """Open a gate that nobody is behind.

        Args:
            beat_s: How often who waits beats.
        """
        self._beat_s = beat_s
        self._changed = threading.Condition()
        self._waiting: deque[object] = deque()
        self._inside = 0

    @contextmanager
    def entered(self, limit: int, beat: Callable[[], None]) -> Iterator[None]:
        """Wait until fewer than some are inside, and be inside for a block.

        Args:
            limit: How many may be inside, with this one, at least 1.
            beat: Called now and then while it waits.

        Yields:
            Nothing.

        Raises:
            EndedError: If the run is interrupted meanwhile.
        """
        self._enter(limit, beat)
        try:
            yield
        finally:
            with self._changed:
                self._inside -= 1
                self._changed.notify_all()

    def _enter(self, limit: int, beat: Callable[[], None]) -> None:
        ticket = object()
        with self._changed:
            self._waiting.append(ticket)
        try:
            while not self._admitted(ticket, limit):
                refuse_if_ended("a run")
                beat()  # without the lock: it writes to the disk
        except BaseException:
            with self._changed:
                if ticket in self._waiting:
                    self._waiting.remove(ticket)
                else:  # it was let in already
                    self._inside -= 1
                self._changed.notify_all()
            raise

    def _admitted(self, ticket: object, limit: int) -> bool:
        """Return whether it is inside now; wait for that, but not for long."""

        def is_next() -> bool:
            return self._waiting[0] is ticket and self._inside < limit

        with self._changed:
            if not self._changed.wait_for(is_next, self._beat_s):
                return False
            self._waiting.popleft()
            self._inside += 1
            self._changed.notify_all()
            return True


_GATE: Final = Gate()


class _GatedBench:
    """A bench whose runs wait for a place."""

    def __init__(
        self, bench: Bench, enter: Callable[[], AbstractContextManager[None]]
    ) -> None:
        self._bench, self._enter = bench, enter

    def example(self, overlay: Mapping[PurePosixPath, bytes]) -> ExampleRun:
        """Return what happened when the example ran."""
        with self._enter():
            return self._bench.example(overlay)

    def tests(
        self, overlay: Mapping[PurePosixPath, bytes], *, measure: bool, seed: int = 0
    ) -> TestRun:
        """Return what happened when the tests ran."""
        with self._enter():
            return self._bench.tests(overlay, measure=measure, seed=seed)


@contextmanager
def gated(
    bench: AbstractContextManager[Bench],
    limit: int | None,
    beat: Callable[[], None],
    gate: Gate = _GATE,
) -> Iterator[Bench]:
    """Let the runs of a bench wait for a place among all of this process.

    Args:
        bench: The bench.
        limit: How many may run at a time; None means one a core.
        beat: Told now and then that its unit makes progress.
        gate: What keeps the number.

    Yields:
        The bench to use instead.
    """
    at_once = limit or cores()
    with bench as inner:
        yield _GatedBench(inner, lambda: gate.entered(at_once, beat))


def cores() -> int:
    """Return how many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
