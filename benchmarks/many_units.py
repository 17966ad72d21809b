"""What commands cost in a project of many units that is in sync.

Units of 28 KB (prompt 6, code 10, example 2, tests 10) stand in groups of ten, and
each includes the examples of up to three before it in its group. Their records are
written by the program's own code. A command's CPU is set against one Python process
that hashes all files and reads all records, and the start of bare doit; both run in
turn with it, so that the ratios mean something on a machine that is busy.
"""

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pdd_tasks.adapters.traces import canonical
from pdd_tasks.core.model.artifact import Artifact, Digest
from pdd_tasks.core.model.fingerprint_form import fingerprint_mapping
from pdd_tasks.core.model.report_form import report_mapping
from pdd_tasks.core.model.run_inputs import example_inputs, test_inputs
from pdd_tasks.core.model.step import Step
from pdd_tasks.core.model.trace import (
    ExampleRun,
    Fingerprint,
    HistoryEntry,
    RunReport,
    StepRecord,
    TestRun,
)
from pdd_tasks.core.model.unit import DevUnit
from pdd_tasks.engine.observe import observe
from pdd_tasks.engine.view import View
from pdd_tasks.plugin.project import Project


GROUP: Final = 10
INCLUDES: Final = 3
TESTS: Final = 20
SPANS: Final = 4  # lines of a prompt to one with inline code
PROMPT: Final = 5_500  # characters, before the dependencies
AT: Final = "2026-01-02T03:04:05+00:00"
KIB: Final = 1024
MEMORY_MB: Final = 300
DOIT: Final = (sys.executable, "-m", "doit")
DODO: Final = """\
from pdd_tasks import doit_project

DOIT_CONFIG, task_sync = doit_project()
"""
BARE: Final = """\
def task_nothing():
    return {"actions": ["true"], "file_dep": ["dodo.py"]}
"""
FLOOR: Final = """\
import hashlib, json, os
for top, folders, names in os.walk("."):
    for name in names:
        with open(os.path.join(top, name), "rb") as stream:
            data = stream.read()
        if top.startswith("./.pdd/meta"):
            json.loads(data)
        else:
            hashlib.sha256(data).hexdigest()
"""
_WRITES: Final = {
    Step.GENERATE: Artifact.CODE,
    Step.EXAMPLE: Artifact.EXAMPLE,
    Step.TEST: Artifact.TESTS,
}


@dataclass(frozen=True, slots=True)
class Cost:
    """What one process took."""

    cpu_s: float
    peak_mb: float


def main() -> int:
    """Measure and print.

    Returns:
        The exit code: 1 if a goal was given and not met, else 0.
    """
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--units", type=int, nargs="+", default=[10, 1000, 10_000])
    parser.add_argument("--runs", type=int, default=3, help="runs of each")
    parser.add_argument(
        "--keep", type=Path, help="where projects are kept for the next time"
    )
    parser.add_argument("--goals", action="store_true", help="fail if one is missed")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="many-units-") as folder:
        top = options.keep or Path(folder)
        roots = {number: made(top / str(number), number) for number in options.units}
        bare = _bare(top / "bare")
        found = measured(roots, bare, options.runs)
    missed = told(found, options.units)
    return int(bool(missed) and options.goals)


def made(root: Path, number: int) -> Path:
    """Return a folder with a project of so many units in sync; made if it is not."""
    if root.is_dir():
        return root
    making = root.with_name(f"{root.name}.making")  # has its name when it is whole
    shutil.rmtree(making, ignore_errors=True)
    for folder in ("prompts", "src", "examples", "tests"):
        (making / folder).mkdir(parents=True)
    (making / "dodo.py").write_text(DODO, encoding="utf-8")
    for index in range(number):
        _write_unit(making, index)
    _record(making)
    return making.rename(root)


def _name(index: int) -> str:
    return f"g{index // GROUP:04}_u{index % GROUP}"


def _write_unit(root: Path, index: int) -> None:
    name = _name(index)
    files = {
        f"prompts/{name}_python.prompt": _prompt(index),
        f"src/{name}.py": _padded(_code(name), 10_000),
        f"examples/{name}_example.py": _padded(_example(name), 2_000),
        f"tests/test_{name}.py": _padded(_tests(name), 10_000),
    }
    for path, text in files.items():
        (root / path).write_text(text, encoding="utf-8")


def _prompt(index: int) -> str:
    place = index % GROUP
    needed = [_name(index - back) for back in range(1, min(place, INCLUDES) + 1)]
    lines = [f"# Unit {_name(index)}", "", "It does what `compute` says."]
    while sum(map(len, lines)) < PROMPT:
        number = len(lines)
        value = f"`value` {number}" if number % SPANS == 0 else f"a value {number}"
        lines.append(f"- Rule {number}: for {value} the result is {number * 7}.")
    text = "".join(f"{line}\n" for line in lines)
    includes = "".join(
        f"<include>examples/{name}_example.py</include>\n" for name in sorted(needed)
    )
    block = f"<pdd>auto-deps begin</pdd>\n{includes}<pdd>auto-deps end</pdd>\n"
    named = "".join(f"<pdd-dependency>{n}_python</pdd-dependency>\n" for n in needed)
    return text + named + (f"\n{block}" if needed else "")


def _code(name: str) -> str:
    head = f'"""Rules of {name}."""\n\n\n'
    return f"{head}def compute(value: int) -> int:\n    return value * 7\n"


def _example(name: str) -> str:
    return f"from {name} import compute\n\n\nprint(compute(1))\n"


def _tests(name: str) -> str:
    cases = "".join(
        f"\n\ndef test_{i}() -> None:\n    assert compute({i}) == {i * 7}\n"
        for i in range(TESTS)
    )
    return f"from {name} import compute\n{cases}"


def _padded(text: str, size: int) -> str:
    line = "# the quick brown fox jumps over the lazy dog, and then over the next one\n"
    return text + line * ((size - len(text)) // len(line))


def _record(root: Path) -> None:
    project = Project(root, (".",), {})
    records = root / ".pdd/records"  # aside: a new unit is looked for among all records
    records.mkdir(parents=True)
    for unit in project.units:
        world = project.world(unit)
        view = observe(world, unit)
        for write in (
            (f"{unit.id}.json", fingerprint_mapping(_fingerprint(view))),
            (f"{unit.id}_run.json", report_mapping(_report(unit, view))),
        ):
            name, mapping = write
            (records / name).write_bytes(canonical(mapping))
    records.rename(root / ".pdd/meta")


def _fingerprint(view: View) -> Fingerprint:
    raw = {str(path): digest.raw for path, digest in view.snapshot.digests.items()}
    return Fingerprint(
        pdd_version="0.1.0",
        timestamp=AT,
        command="fix",
        hashes={a: raw[str(view.unit.paths(a)[0])] for a in Artifact},
        steps={
            step: StepRecord(
                triggers=view.triggers[step],
                context=raw,
                outputs=_outputs(view, step),
                model="replay",
                at=AT,
            )
            for step in Step
        },
        history=tuple(
            HistoryEntry(at=AT, step=one, operation=str(one), because="due", cost=1_000)
            for one in Step
        ),
    )


def _outputs(view: View, step: Step) -> dict[str, Digest]:
    if step not in _WRITES:
        return {}
    return {
        str(path): view.snapshot.digests[path]
        for path in view.unit.paths(_WRITES[step])
    }


def _report(unit: DevUnit, view: View) -> RunReport:
    digests = view.snapshot.digests
    return RunReport(
        timestamp=AT,
        example=ExampleRun(inputs=example_inputs(unit, digests), exit_code=0),
        tests=TestRun(
            inputs=test_inputs(unit, digests),
            exit_code=0,
            results={f"{unit.test}::test_{i}": "passed" for i in range(TESTS)},
            coverage=100.0,
        ),
    )


def _bare(folder: Path) -> Path:
    """Return a folder in which bare doit has one task, up to date."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "dodo.py").write_text(BARE, encoding="utf-8")
    measure([*DOIT], folder)
    return folder


def measured(
    roots: Mapping[int, Path], bare: Path, runs: int
) -> dict[tuple[int, str], list[Cost]]:
    """Return the costs of each command in each project, all of them in turn."""
    found: dict[tuple[int, str], list[Cost]] = {}
    for turn in range(runs + 1):
        for number, root in roots.items():
            commands = {
                "floor": [sys.executable, "-c", FLOOR],
                "pending": [*DOIT, "pending", "--exit-code"],
                "sync": [*DOIT, "sync"],
                "one unit": [*DOIT, f"sync:{_name(0)}_python"],
                "one with needs": [*DOIT, f"sync:{_name(GROUP - 1)}_python"],
                "list": [*DOIT, "list"],
            }
            for name, command in commands.items():
                cost = measure(command, root)
                if turn:  # the first of each warms the caches
                    found.setdefault((number, name), []).append(cost)
        cost = measure([*DOIT], bare)
        if turn:
            found.setdefault((0, "bare"), []).append(cost)
    return found


def measure(command: Sequence[str], folder: Path) -> Cost:
    """Return what a command took that is expected to end well.

    Raises:
        SystemExit: If it does not.
    """
    with tempfile.TemporaryFile() as said:
        child = subprocess.Popen(command, cwd=folder, stdout=said, stderr=said)
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        said.seek(0)
        text = said.read().decode(errors="replace")
    worked = "step run" in text or "steps run" in text
    if child.returncode != 0 or worked:
        msg = f"{' '.join(command)} in {folder}: {child.returncode}\n{text[-2000:]}"
        raise SystemExit(msg)
    return Cost(usage.ru_utime + usage.ru_stime, usage.ru_maxrss / KIB)


def told(
    found: Mapping[tuple[int, str], Sequence[Cost]], numbers: Sequence[int]
) -> list[str]:
    """Print all figures.

    Returns:
        The goals that were missed.
    """
    cpu = {key: min(cost.cpu_s for cost in costs) for key, costs in found.items()}
    print(f"bare doit: {cpu[0, 'bare']:.3f} s")
    for (number, name), costs in found.items():
        peak = max(cost.peak_mb for cost in costs)
        median = statistics.median(cost.cpu_s for cost in costs)
        print(
            f"{number:6} units, {name:15} min {min(c.cpu_s for c in costs):7.3f}"
            f"   median {median:7.3f} s CPU   {peak:5.0f} MB"
        )
    small, large = min(numbers), max(numbers)
    middle = sorted(numbers)[-2] if len(numbers) > 1 else large
    rows = [
        (f"{name}, to 3 floors and bare doit", cpu[large, name], bar)
        for name in ("pending", "sync")
        for bar in [3 * cpu[large, "floor"] + cpu[0, "bare"]]
    ]
    grown = 1.1 * large / middle
    rows += [
        (f"{name}, to {grown:.0f} times {middle}", cpu[large, name], bar)
        for name in ("pending", "sync")
        for bar in [grown * cpu[middle, name]]
    ]
    rows += [
        (f"{name}, to 1.5 times {small}", cpu[large, name], 1.5 * cpu[small, name])
        for name in ("one unit", "one with needs")
    ]
    peak = max(c.peak_mb for key, costs in found.items() for c in costs if key[0])
    rows.append(("peak memory in MB", peak, MEMORY_MB))
    for name, value, bar in rows:
        print(f"{name:40} {value:8.3f} of {bar:8.3f}  {value / bar:6.2f}")
    return [name for name, value, bar in rows if value > bar]


if __name__ == "__main__":
    raise SystemExit(main())
