"""Measure a sync that has nothing to do against bare doit.

Both are run in turn as processes of their own, so that whatever else the machine
does meets both. What is measured is CPU time, user and system, of the process and
its children. Bare doit has one task, up to date, with a file dependency and a
target; the sync is that of ``examples/calculator`` after it was synced from its
recorded replies.

    python benchmarks/no_op.py [--runs 20] [--goal 2.0]

With ``--goal`` the exit code is 1 if the ratio of the medians is above it.
"""

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final


ROOT: Final = Path(__file__).resolve().parent.parent
UNIT: Final = "sync:calculator"
BARE: Final = """\
def task_copy():
    return {
        "actions": ["cp source target"],
        "file_dep": ["source"],
        "targets": ["target"],
    }
"""


def main() -> int:
    """Measure both and print what came out.

    Returns:
        1 if a goal is given and not met, else 0.
    """
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--runs", type=int, default=20, help="runs of each")
    parser.add_argument("--goal", type=float, help="highest ratio that is good")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="no-op-") as folder:
        bare, ours = _bare(Path(folder) / "bare"), _ours(Path(folder) / "ours")
        doit = [sys.executable, "-m", "doit"]
        pairs = [
            (_cpu_s(doit, bare), _cpu_s([*doit, UNIT], ours))
            for _ in range(options.runs + 1)
        ][1:]  # the first of each warms the caches
    return _told([pair[0] for pair in pairs], [pair[1] for pair in pairs], options.goal)


def _told(bare: Sequence[float], ours: Sequence[float], goal: float | None) -> int:
    version = ".".join(str(part) for part in sys.version_info[:3])
    print(f"Python {version}, {len(bare)} runs of each, in turn; CPU in milliseconds")
    for name, times in (("bare doit", bare), (f"doit {UNIT}", ours)):
        least, median = min(times) * 1000, statistics.median(times) * 1000
        print(f"{name:22} min {least:6.1f}   median {median:6.1f}")
    ratio = statistics.median(ours) / statistics.median(bare)
    print(f"{'ratio':22} min {min(ours) / min(bare):6.2f}   median {ratio:6.2f}")
    if goal is not None and ratio > goal:
        print(f"above the goal of {goal:g}")
        return 1
    return 0


def _bare(folder: Path) -> Path:
    """Return a folder in which bare doit has one task, up to date."""
    folder.mkdir()
    (folder / "dodo.py").write_text(BARE, encoding="utf-8")
    (folder / "source").write_text("some text\n", encoding="utf-8")
    _prepared([], folder)
    return folder


def _ours(folder: Path) -> Path:
    """Return a copy of this repository's examples with one unit synced."""
    folder.mkdir()
    shutil.copy(ROOT / "dodo.py", folder)
    for name in _committed():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, folder / name)
    _prepared([UNIT], folder)
    return folder


def _committed() -> list[str]:
    """Return the files of the examples that git tracks or would add."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    command.append("examples")
    listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    return [name for name in listed.stdout.decode().split("\0") if name]


def _environment() -> dict[str, str]:
    """Return this environment, less what keeps Python from keeping bytecode.

    An installation has its bytecode; a checkout gets it in the first run.
    """
    unwanted = "PYTHONDONTWRITEBYTECODE"
    return {name: text for name, text in os.environ.items() if name != unwanted}


def _prepared(words: Sequence[str], folder: Path) -> None:
    """Run doit twice: once to work, once to see that nothing is left.

    Raises:
        SystemExit: If it fails, or works a second time.
    """
    command, env = [sys.executable, "-m", "doit", *words], _environment()
    quiet = subprocess.DEVNULL
    subprocess.run(command, cwd=folder, env=env, check=True, stdout=quiet)
    again = subprocess.run(
        command, cwd=folder, env=env, check=True, capture_output=True
    )
    said = again.stdout.decode()
    if "nothing to do" not in said and not said.startswith("-- "):
        msg = f"{' '.join(command)} does not come to rest: {said}"
        raise SystemExit(msg)


def _cpu_s(command: Sequence[str], folder: Path) -> float:
    """Return the seconds of CPU that a process and its children took.

    Raises:
        SystemExit: If it failed.
    """
    quiet = subprocess.DEVNULL
    child = subprocess.Popen(command, cwd=folder, env=_environment(), stdout=quiet)
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode != 0:
        msg = f"{' '.join(command)} ended with exit code {child.returncode}"
        raise SystemExit(msg)
    return usage.ru_utime + usage.ru_stime


if __name__ == "__main__":
    raise SystemExit(main())
