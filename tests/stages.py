"""An example synced step by step, and what is left when a step is killed.

Recorded once, each step can be begun again from a copy of the project as it was
before that step, so that a kill late in a sync costs no more than an early one.
"""

import json
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import kill
import pause
from project import Project, Said, unmeasured_environment

from pdd_tasks.core.model.step import Step


TIMES = frozenset({"at", "timestamp"})
TIME = re.compile(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ?")
SIGKILL = -9
UNTOLD = (".pdd/locks/", ".pdd/log/", ".pdd/state.db")  # they say when, and by whom


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """One step of an uninterrupted sync.

    Attributes:
        task: The doit task that performs it.
        before: The project as it was before; never changed.
        after: The project as it was afterwards; never changed.
        events: What it changed on the disk, in order, as `kill` names it.
    """

    task: str
    before: Project
    after: Project
    events: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """An example's uninterrupted sync."""

    name: str
    stages: tuple[Stage, ...]

    @property
    def end(self) -> Project:
        """The project as it was in the end; never changed."""
        return self.stages[-1].after

    @property
    def reasons(self) -> frozenset[str]:
        """Why its steps were done."""
        meta = json.loads(self.end.read(f".pdd/meta/{self.name}_python.json"))
        return frozenset(entry["because"] for entry in meta["history"])

    def stage(self, task: str) -> Stage:
        """Return the stage of a step, or of the settling."""
        return next(one for one in self.stages if one.task.endswith(task))


def record(name: str, folder: Path) -> Recorded:
    """Sync an example step by step; keep a copy of the project before each."""
    unit = f"sync:{name}_python"
    before = Project.of_example(name, folder / "0")
    stages: list[Stage] = []
    for task in (*(f"{unit}:{step}" for step in Step), unit):
        after = copied(before, folder / f"{len(stages) + 1}")
        events = counted(after, "doit", task)
        if events:
            stages.append(Stage(task=task, before=before, after=after, events=events))
            before = after
    return Recorded(name=name, stages=tuple(stages))


def copied(project: Project, folder: Path) -> Project:
    """Return a copy of a project, in a new folder of the same name."""
    root = folder / project.root.name
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(project.root, root, symlinks=True)
    return Project(root)


def counted(project: Project, *command: str) -> tuple[str, ...]:
    """Return what a command that must succeed changes in a project, in order."""
    count = project.root.with_suffix(".count")
    done = harnessed(project, kill.__file__, 0, *command)
    assert done.code == 0, done.text
    _, *events = count.read_text(encoding="utf-8").splitlines()
    return tuple(events)


def harnessed(project: Project, harness: str, at: int | str, *command: str) -> Said:
    """Return how a command ended that `kill` watched."""
    ended = subprocess.run(
        words(project, harness, at, *command),
        cwd=project.root,
        env=unmeasured_environment(),
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )
    return Said(code=ended.returncode, out=ended.stdout, err=ended.stderr)


def words(project: Project, harness: str, at: int | str, *command: str) -> list[str]:
    """Return the words that run a command under `kill` or `pause`."""
    count = str(project.root.with_suffix(".count"))
    options = [str(at), count, "--under", str(project.root)]
    return [sys.executable, harness, *options, "--", *command]


def killed(project: Project, at: int | str, *command: str) -> None:
    """Kill a command right before its n-th change to a project."""
    done = harnessed(project, kill.__file__, at, *command)
    assert done.code == SIGKILL, done.text


def paused(project: Project, at: int | str, *command: str) -> subprocess.Popen[str]:
    """Return a command that waits right before its n-th change to a project."""
    process = subprocess.Popen(
        words(project, pause.__file__, at, *command),
        cwd=project.root,
        env=unmeasured_environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    for line in process.stdout:
        if line == "paused\n":
            break
    else:
        raise AssertionError(process.communicate())
    return process


def resumed(process: subprocess.Popen[str]) -> Said:
    """Let a paused command go on, and return how it ended."""
    out, err = process.communicate()
    return Said(code=process.returncode, out=out, err=err)


def artifacts(project: Project) -> dict[str, bytes]:
    """Return every file outside of ``.pdd``."""
    found = project.contents()
    return {name: data for name, data in found.items() if not name.startswith(".pdd/")}


def state(project: Project) -> dict[str, object]:
    """Return what a run leaves, apart from times, locks, its log, unfinished files."""
    return {
        name: (
            _timeless(json.loads(data))
            if name.startswith(".pdd/meta/")
            else TIME.sub(b"T", data)
        )
        for name, data in project.contents().items()
        if not name.startswith(UNTOLD) and not name.endswith(".tmp")
    }


def _timeless(value: object) -> object:
    if isinstance(value, list):
        return [_timeless(one) for one in value]
    if isinstance(value, dict):
        return {key: _timeless(value[key]) for key in value if key not in TIMES}
    return value


def assert_whole(project: Project, stage: Stage) -> None:
    """Assert that no file is torn: each is as it was before, or as it will be."""
    assert_whole_between(stage.before, project, stage.after)


def assert_whole_between(before: Project, project: Project, after: Project) -> None:
    """Assert that each file is as in one project, or as in another.

    Not those of a step between the two, when there are several: its records, and an
    artifact that a later one changes again.
    """
    sides = (state(before), state(after))
    history = _passed(before, after)
    unnamed = (".pdd/txn/", ".pdd/safety/")  # their names hold the time, or chance
    passing = (*unnamed, ".pdd/meta/") if history > 1 else unnamed
    for name, value in state(project).items():
        if not name.startswith(passing):
            assert value in [side[name] for side in sides if name in side], name


def _passed(before: Project, after: Project) -> int:
    """Return how many operations lie between two projects."""
    lengths = [
        sum(
            len(json.loads(path.read_bytes()).get("history", []))
            for path in (project.root / ".pdd/meta").rglob("*.json")
        )
        for project in (before, after)
    ]
    return lengths[1] - lengths[0]


def assert_tidy(project: Project) -> None:
    """Assert that nothing of a transaction is left, and nothing was set aside."""
    assert untidy(project) == []
    assert not (project.root / ".pdd/safety").exists()


def untidy(project: Project) -> list[str]:
    """Return what is left of a transaction, or was set aside."""
    parked = project.root / ".pdd/parked"
    open_ones = (project.root / ".pdd/txn").glob("*")
    return [str(path) for path in (*open_ones, parked) if path.exists()]
