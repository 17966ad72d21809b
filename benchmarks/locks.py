"""Measure what a lock costs: taking it, looking at it, and taking over a dead one.

    python benchmarks/locks.py [--runs 1000] [--goal 1.0]

Times are milliseconds of the wall clock, on the disk that holds the temporary folder.
With ``--goal`` the exit code is 1 if the median of taking a free lock and letting it go
is above it.
"""

import argparse
import os
import signal
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from pdd_tasks.adapters.locks.mount import doubt
from pdd_tasks.adapters.locks.unit_locks import UnitLocks
from pdd_tasks.core.model.artifact import UnitId


UNIT: Final = UnitId("benchmark", "python")
KILLS: Final = 100


def main() -> int:
    """Measure and print what came out.

    Returns:
        1 if a goal is given and not met, else 0.
    """
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--runs", type=int, default=1000, help="runs of each")
    parser.add_argument("--goal", type=float, help="highest median that is good")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="locks-") as folder:
        root = Path(folder)
        locks = UnitLocks(root)
        first = _ms(lambda: _take(locks))
        times = [_ms(lambda: _take(locks)) for _ in range(options.runs)]
        print(f"{'the first lock of a process':34} {first:8.3f} ms")
        median = _told("take a free lock, and let it go", times)
        _told("look", [_ms(lambda: locks.busy(UNIT)) for _ in range(options.runs)])
        _told("look at the file system", [_ms(lambda: doubt(root)) for _ in range(100)])
        _told("from a kill to the next holder", _kills(locks))
    if options.goal is not None and median > options.goal:
        print(f"above the goal of {options.goal:g} ms")
        return 1
    return 0


def _take(locks: UnitLocks) -> None:
    with locks.hold(UNIT, _quiet):
        pass


def _quiet(who: str) -> None:
    del who


def _kills(locks: UnitLocks) -> list[float]:
    """Return how long it takes to take over from children that are killed."""
    found = []
    for _ in range(KILLS):
        child = _holder(locks)
        killer = _killer(child)
        with locks.hold(UNIT, _quiet):
            taken_at = time.monotonic()
        killed_at = float(os.read(killer, 100))
        os.close(killer)
        os.wait()
        os.wait()
        found.append((taken_at - killed_at) * 1000)
    return found


def _holder(locks: UnitLocks) -> int:
    """Return a child that holds the unit until it is killed."""
    reading, writing = os.pipe()
    if not (child := os.fork()):
        with locks.hold(UNIT, _quiet):
            os.write(writing, b".")
            signal.pause()
    os.read(reading, 1)
    os.close(reading)
    os.close(writing)
    return child


def _killer(child: int) -> int:
    """Return where a process writes when it has killed another, in 0.3 seconds."""
    reading, writing = os.pipe()
    if not os.fork():
        time.sleep(0.3)
        now = time.monotonic()
        os.kill(child, signal.SIGKILL)
        os.write(writing, str(now).encode())
        os._exit(0)
    os.close(writing)
    return reading


def _ms(act: Callable[[], object]) -> float:
    begun = time.perf_counter()
    act()
    return (time.perf_counter() - begun) * 1000


def _told(what: str, times: Sequence[float]) -> float:
    """Print the least, the median and the worst of some times.

    Returns:
        The median.
    """
    median = statistics.median(times)
    print(
        f"{what:34} min {min(times):8.3f}   median {median:8.3f}"
        f"   worst {max(times):8.3f} ms"
    )
    return median


if __name__ == "__main__":
    sys.exit(main())
