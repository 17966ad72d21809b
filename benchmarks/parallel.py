"""Measure how much faster many units are synced side by side.

The model is a server on this machine whose answers take a while. What is run is the
step that makes the code, of units that need nothing else: no program runs in it, so
that neither the tests' time nor the number of cores decides. A sample is synced one
unit after the other, then all are synced at once.

    python benchmarks/parallel.py [--units 200] [--at-once 32] [--goal 0.8]

What is ideal is said by the sample: no run is shorter than its start and end, which
one unit alone shows; than its answers divided by those asked at once; and than the CPU
time that its units need, because the threads of one Python process share one core.
Printed is the speed-up beside the ideal one. What the machine does beside that makes a
run longer: measure on one that is idle. With ``--goal`` the exit code is 1 if a
smaller part of the ideal was reached.
"""

import argparse
import os
import re
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final


ROOT: Final = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from model_server import Answer, ModelServer, Say, last_user_message  # noqa: E402
from project import clean_environment  # noqa: E402
from surface import good, kind, unit_project  # noqa: E402


ANSWER_S: Final = 0.2


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What one run took.

    Attributes:
        units: How many units were synced.
        wall_s: Seconds on the clock.
        cpu_s: Seconds of CPU, of the process and its children.
        most: How many answers were under way at the same time.
    """

    units: int
    wall_s: float
    cpu_s: float
    most: int


class SlowServer(ModelServer):
    """A server whose answers take a while, also many at the same time."""

    def __init__(self) -> None:
        super().__init__(_answer)
        self.most = self._under_way = 0

    def answer(self, body: dict[str, Any], authorization: str) -> Answer:
        """Return the answer, later."""
        self._under_way += 1
        self.most = max(self.most, self._under_way)
        found = super().answer(body, authorization)
        time.sleep(ANSWER_S)
        self._under_way -= 1
        return found


def main() -> int:
    """Measure and print what came out.

    Returns:
        1 if a goal is given and not met, else 0.
    """
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--units", type=int, default=200, help="units synced at once")
    parser.add_argument("--at-once", type=int, default=32, help="as in doit run -n")
    parser.add_argument("--sample", type=int, default=24, help="units one by one")
    parser.add_argument("--goal", type=float, help="smallest part of the ideal")
    options = parser.parse_args()
    one = _run(1, 1)
    sample = _run(1 + options.sample, 1)
    many = _run(options.units, options.at_once)
    return _told(one, sample, many, options)


def _told(one: Run, sample: Run, many: Run, options: argparse.Namespace) -> int:
    further = sample.units - one.units
    wall_s = (sample.wall_s - one.wall_s) / further
    cpu_s = (sample.cpu_s - one.cpu_s) / further
    start_s = one.wall_s - wall_s
    at_once = options.at_once
    asking_s = many.units * ANSWER_S / at_once
    computing_s = many.units * cpu_s
    in_turn_s = start_s + many.units * wall_s
    best_s = start_s + max(asking_s, computing_s)
    reached = best_s / many.wall_s
    for name, run in (("1 unit", one), ("in turn", sample), ("at once", many)):
        units = f"{run.units} units, {run.most} answers under way"
        print(f"{name:8} {run.wall_s:7.2f} s, {run.cpu_s:6.2f} s of CPU; {units}")
    print(f"start and end {start_s:.2f} s; a unit {wall_s:.3f} s, {cpu_s:.3f} s of CPU")
    bound = "the model" if asking_s > computing_s else "the CPU"
    print(f"{many.units} units in turn {in_turn_s:.1f} s; at best {best_s:.1f} s")
    print(f"speed-up {in_turn_s / many.wall_s:.1f}; the ideal is", end=" ")
    print(f"{in_turn_s / best_s:.1f}, bound by {bound}; reached {reached:.0%}")
    if options.goal is not None and reached < options.goal:
        print(f"below the goal of {options.goal:.0%}")
        return 1
    return 0


def _run(units: int, at_once: int) -> Run:
    """Return what a sync of new units took.

    Raises:
        SystemExit: If it failed, or did not ask once for each unit.
    """
    names = [f"u{number:04}" for number in range(units)]
    with tempfile.TemporaryDirectory(prefix="parallel-") as folder:
        project = unit_project(Path(folder), *names)
        with SlowServer() as server:
            parallel = ["-n", str(at_once)] if at_once > 1 else []
            words = ["run", *parallel, "sync:*:generate", "model=openai/test"]
            words += [f"api_base={server.url}", f"max_calls={2 * units}"]
            wall_s, cpu_s = _measured(words, project.root)
        if len(server.requests) != units:
            msg = f"{units} units asked {len(server.requests)} times"
            raise SystemExit(msg)
    return Run(units=units, wall_s=wall_s, cpu_s=cpu_s, most=server.most)


def _measured(words: list[str], folder: Path) -> tuple[float, float]:
    """Return seconds on the clock and of CPU that a doit took.

    Raises:
        SystemExit: If it failed.
    """
    begun = time.monotonic()
    child = subprocess.Popen(
        [sys.executable, "-m", "doit", *words],
        cwd=folder,
        env=clean_environment(),
        stdout=subprocess.DEVNULL,
    )
    _, status, usage = os.wait4(child.pid, 0)
    wall_s = time.monotonic() - begun
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode != 0:
        msg = f"doit {' '.join(words)} ended with exit code {child.returncode}"
        raise SystemExit(msg)
    return wall_s, usage.ru_utime + usage.ru_stime


def _answer(body: dict[str, Any]) -> Answer:
    named = re.findall(r"\bu\d{4}\b", last_user_message(body))
    return Say(good(kind(body), named[0]))


if __name__ == "__main__":
    raise SystemExit(main())
