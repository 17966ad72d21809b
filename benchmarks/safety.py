"""Measure how long it takes to keep a safety copy, and to find the last one.

Each is measured in a repository with as many committed files as told, and with as many
copies there already as are kept; wall-clock time, since a sync waits for it. A loop
of `git version` runs in turn, for what starting a process costs on the machine.

    python benchmarks/safety.py [--runs 30] [--files 1000] [--goal 50]

With ``--goal`` the exit code is 1 if the median of a copy of four files takes more
milliseconds.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path, PurePosixPath
from typing import Final

from pdd_tasks.adapters.safety import SafetyCopies
from pdd_tasks.core.model.artifact import UnitId
from pdd_tasks.core.model.settings import SafetyPlace, Settings


UNIT: Final = UnitId("calculator", "python")
SIZE: Final = 4000


def main() -> int:
    """Measure and print what came out.

    Returns:
        1 if a goal is given and not met, else 0.
    """
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--runs", type=int, default=30, help="copies of each kind")
    parser.add_argument("--files", type=int, default=1000, help="committed files")
    parser.add_argument("--goal", type=float, help="most milliseconds that are good")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="safety-") as folder:
        top = Path(folder)
        _commit(top, options.files)
        kinds = {
            "git version": lambda _: _git(top, "version"),
            "a commit, 1 file": _copy(top, SafetyPlace.REFS, 1),
            "a commit, 4 files": _copy(top, SafetyPlace.REFS, 4),
            "a folder, 4 files": _copy(top, SafetyPlace.FOLDER, 4),
            "a look at all copies": lambda _: SafetyCopies(top).listed(),
        }
        taken: dict[str, list[float]] = {name: [] for name in kinds}
        for run in range(options.runs + 1):
            for name, kind in kinds.items():
                taken[name].append(_timed(kind, run))
    print(f"{options.runs} runs of each, in turn; {options.files} committed files")
    medians = {name: _told(name, values[1:]) for name, values in taken.items()}
    late = options.goal is not None and medians["a commit, 4 files"] > options.goal
    return int(late)


def _told(name: str, seconds: Sequence[float]) -> float:
    """Print a row.

    Returns:
        Its median in milliseconds.
    """
    values = sorted(1000 * one for one in seconds)
    median, worst = statistics.median(values), values[int(len(values) * 0.95)]
    print(f"{name:22} median {median:6.1f} ms   95 % {worst:6.1f} ms")
    return median


def _timed(kind: Callable[[int], object], run: int) -> float:
    start = time.perf_counter()
    kind(run)
    return time.perf_counter() - start


def _copy(top: Path, place: SafetyPlace, number: int) -> Callable[[int], object]:
    settings = {str(UNIT): Settings(safety=place)}
    clock = {"minute": 0}

    def now() -> str:  # in one second two copies would look for another name
        minute = clock["minute"]
        return f"2026-03-{minute // 60 + 1:02}T{number:02}:{minute % 60:02}:00Z"

    safety = SafetyCopies(top, settings, now=now)

    def copied(run: int) -> object:
        paths = [PurePosixPath(f"src/f{each}.py") for each in range(number)]
        clock["minute"] += 1
        text = f"{place} {number} {run} ".encode()
        return safety.copy(UNIT, dict.fromkeys(paths, text * SIZE), "measured")

    return copied


def _commit(top: Path, files: int) -> None:
    _git(top, "init", "-q")
    for number in range(files):
        path = top / f"src/d{number % 50}/f{number}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{number}\n" * 50, encoding="utf-8")
    _git(top, "add", "-A")
    _git(top, "commit", "-q", "-m", "first")


def _git(top: Path, *words: str) -> None:
    person = {f"GIT_{role}_NAME": "a" for role in ("AUTHOR", "COMMITTER")}
    person |= {f"GIT_{role}_EMAIL": "a@b" for role in ("AUTHOR", "COMMITTER")}
    subprocess.run(
        ["git", "-c", "gc.auto=0", *words],
        cwd=top,
        env={**os.environ, **person},
        check=True,
        capture_output=True,
    )


if __name__ == "__main__":
    sys.exit(main())
