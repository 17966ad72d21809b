"""The process groups of the children that live now, and their end from outside.

Whoever ends a run ends all of them, of any thread; after that none begins.
"""

import contextlib
import os
import signal
import threading
from typing import Final

from pdd_tasks.errors import EndedError


INTERRUPTED: Final = "was ended because the run was interrupted"
AGAIN: Final = "run the same command again to resume"


class Groups:
    """The process groups that live now, and those ended from outside.

    Attributes:
        closed: Whether all were ended for good: what begins is killed at once.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._live: set[int] = set()
        self._ended: set[int] = set()
        self.closed = False

    def add(self, group: int) -> None:
        """Remember a group that began; it is killed if nothing may begin any more."""
        with self._lock:
            self._live.add(group)
            if self.closed:  # it was started in the same moment
                self._ended.add(group)
                kill(group)

    def remove(self, group: int) -> bool:
        """Return whether a group was ended from outside, and forget it."""
        with self._lock:
            self._live.discard(group)
            ended = group in self._ended
            self._ended.discard(group)
            return ended

    def kill(self) -> None:
        """Kill all that live, without the lock: a signal's handler may interrupt it."""
        for group in tuple(self._live):
            kill(group)

    def end(self, *, for_good: bool) -> int:
        """Return how many lived, now that all are killed."""
        with self._lock:
            self.closed = self.closed or for_good
            groups = self._live - self._ended
            self._ended |= groups
            for group in groups:
                kill(group)
            return len(groups)


GROUPS: Final = Groups()


def end_all(*, for_good: bool = False) -> int:
    """Return how many children ran, now that all of them, of any thread, are killed.

    Args:
        for_good: Whether no thread may start another one from now on.
    """
    return GROUPS.end(for_good=for_good)


def kill_all() -> None:
    """Kill all children, from a signal's handler, of a process that ends at once."""
    GROUPS.kill()


def refuse_if_ended(what: str) -> None:
    """Refuse to start something once all children were ended for good.

    Raises:
        EndedError: If they were.
    """
    if GROUPS.closed:
        raise EndedError(f"{what} {INTERRUPTED}", hint=AGAIN)


def kill(group: int) -> None:
    """Kill all processes of a group that are left."""
    # Gone, or (macOS says EPERM) only the unreaped leader is left.
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(group, signal.SIGKILL)
