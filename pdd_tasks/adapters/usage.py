"""What an operation takes of the machine: its thread, and the children it started.

Rule 1: an operation begins and ends in one thread, which starts its children, so that
operations of several threads are told apart. Rule 2: what a child's own children took
counts if the child waited for them, as the system counts.
"""

import resource
import sys
import threading
import time
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """What something took.

    Attributes:
        cpu_s: Seconds of processors, of the thread and of children that ended.
        memory: The most memory that one child had, in bytes; 0 without children. Linux
            counts what this process had when it started the child, too.
        children: How many ended.
    """

    cpu_s: float = 0.0
    memory: int = 0
    children: int = 0


class _Meter(threading.local):
    """Counts for one thread."""

    started: float | None = None
    cpu_s: float = 0.0
    memory: int = 0
    children: int = 0


_METER = _Meter()
_UNIT = 1 if sys.platform == "darwin" else 1024  # what ru_maxrss is counted in


def begin() -> None:
    """Count from now on for this thread."""
    _METER.started = time.thread_time()
    _METER.cpu_s, _METER.memory, _METER.children = 0.0, 0, 0


def add(child: resource.struct_rusage) -> None:
    """Count a child that ended, for the thread that waited for it."""
    _METER.cpu_s += child.ru_utime + child.ru_stime
    _METER.memory = max(_METER.memory, child.ru_maxrss * _UNIT)
    _METER.children += 1


def end() -> Usage | None:
    """Return what was taken since `begin`; None if this thread did not begin."""
    started, _METER.started = _METER.started, None
    if started is None:
        return None
    return Usage(
        cpu_s=time.thread_time() - started + _METER.cpu_s,
        memory=_METER.memory,
        children=_METER.children,
    )
