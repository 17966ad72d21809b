"""What this process holds, for whom, and how it lets go.

Rule 1: a hold belongs to one thread of one process; that thread may take it again.
Rule 2: a forked child closes what it inherited and owns nothing: a kernel's lock ends
when the last copy of its descriptor is closed, and a child may outlive its parent.
"""

import atexit
import os
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from pdd_tasks.core.model.artifact import UnitId
from pdd_tasks.core.model.lock import LockRecord


@dataclass(slots=True, kw_only=True, eq=False)
class Hold:
    """A unit's lock while this process has it.

    Attributes:
        unit: The unit.
        folder: The folder of its locks.
        record: What was last written of it.
        life: Its life file.
        descriptors: What ends with it: its life, and its place if it took one.
        depth: How often it was taken.
        fenced: How many fences are open.
        thread: The thread it belongs to.
        pid: The process it belongs to.
    """

    unit: UnitId
    folder: Path
    record: LockRecord
    life: Path
    descriptors: list[int]
    depth: int = 1
    fenced: int = 0
    thread: int = field(default_factory=threading.get_ident)
    pid: int = field(default_factory=os.getpid)

    def close(self) -> None:
        """Close what it has open; the kernel frees the rest."""
        while self.descriptors:
            with suppress(OSError):
                os.close(self.descriptors.pop())


class _Held:
    """All holds of this process."""

    def __init__(self) -> None:
        self.guard = threading.RLock()
        self.holds: list[Hold] = []

    def forked(self) -> None:
        """Give up in a child what its parent holds; nothing is removed."""
        self.guard = threading.RLock()
        for hold in self.holds:
            hold.close()
        self.holds = []


_HELD = _Held()


def begun(make: Callable[[], Hold | None]) -> Hold | None:
    """Return a hold that is known from its first moment, whoever forks meanwhile."""
    with _HELD.guard:
        hold = make()
        if hold is not None:
            _HELD.holds.append(hold)
    return hold


def held(folder: Path, unit: UnitId) -> Hold | None:
    """Return what this thread holds of a unit; None if it holds nothing."""
    return next((h for h in held_here(folder) if h.unit == unit), None)


def held_here(folder: Path) -> tuple[Hold, ...]:
    """Return all that this thread holds in a folder of locks."""
    me = threading.get_ident()
    with _HELD.guard:
        return tuple(h for h in _HELD.holds if h.thread == me and h.folder == folder)


def is_ours(token: str) -> bool:
    """Return whether a thread of this process has the hold of a token."""
    with _HELD.guard:
        return any(hold.record.token == token for hold in _HELD.holds)


def release(hold: Hold) -> None:
    """Let a hold go; in a forked child there is nothing to let go."""
    if hold.pid != os.getpid():
        return
    with _HELD.guard:
        if hold in _HELD.holds:
            _HELD.holds.remove(hold)
            with suppress(OSError):  # what is left is swept by the next holder
                hold.life.unlink()
            hold.close()


def release_all() -> None:
    """Let everything go, as a process does when it ends."""
    for hold in tuple(_HELD.holds):
        release(hold)


def _acquire() -> None:
    _HELD.guard.acquire()


def _release() -> None:
    _HELD.guard.release()


atexit.register(release_all)
os.register_at_fork(
    before=_acquire, after_in_parent=_release, after_in_child=_HELD.forked
)
