"""A sync that is killed at any change to the disk is completed by the next one."""

import os
import re
import shutil
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from project import Project, Said
from stages import (
    Recorded,
    Stage,
    assert_tidy,
    assert_whole,
    copied,
    killed,
    state,
)


STRIDE = 40
ALL = bool(os.environ.get("ALL_POINTS"))
EACH = 1 if ALL else 8  # of a whole sync; every step's own points are in the matrix
PLAIN = 8
STEP_LINE = re.compile(r"^\w+_python [a-z-]+( FAILED| WAITS FOR YOU)?: (.+) \(.* s\)$")
RECOVERED = re.compile(
    r"\w+_python: (completed|discarded) the step that an earlier run left open"
)
Point = tuple[Stage, int]


def points(stages: Iterable[Stage]) -> list[Point]:
    """Return all points at which stages can be killed."""
    return [
        (stage, number)
        for stage in stages
        for number in range(1, len(stage.events) + 1)
    ]


def each_point(chosen: list[Point], check: Callable[[Stage, int], None]) -> None:
    """Check points, two at a time; say at which event one failed."""

    def checked(point: Point) -> None:
        stage, number = point
        try:
            check(stage, number)
        except AssertionError as error:
            event = stage.events[number - 1]
            error.add_note(f"killed at {stage.task}, event {number}: {event}")
            raise

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(checked, chosen))


def killed_at(stage: Stage, number: int, folder: Path) -> Project:
    """Return a project in which a sync was killed at a point of a stage."""
    name = f"{stage.task.rpartition(':')[2]}-{number}"
    project = copied(stage.before, folder / name)
    killed(project, number, "doit", f"sync:{project.root.name}")
    assert_whole(project, stage)
    return project


def assert_only_looks(project: Project) -> None:
    before = project.files()
    assert project.doit("pending", "--json").code == 0
    assert project.files() == before


def assert_no_alarm(said: Said, reasons: frozenset[str]) -> None:
    """Assert that a run gave no reason that the uninterrupted one did not give."""
    for line in said.out.splitlines():
        if found := STEP_LINE.match(line):
            assert not found[1], said.text
            assert found[2] in reasons, said.text
    for line in said.err.splitlines():
        no_git = line.startswith("no git here: ")  # the copies are in no repository
        assert no_git or RECOVERED.fullmatch(line), said.text


def assert_completed_by_one_run(
    recorded: Recorded, stage: Stage, number: int, folder: Path
) -> None:
    project = killed_at(stage, number, folder)
    said = project.doit(f"sync:{recorded.name}")
    assert said.code == 0, said.text
    assert_no_alarm(said, recorded.reasons)
    assert state(project) == state(recorded.end)
    assert_tidy(project)
    assert project.pending() == []
    shutil.rmtree(project.root)


def assert_completed_by_its_step(
    recorded: Recorded, stage: Stage, number: int, folder: Path
) -> None:
    """Assert that the step leaves what the uninterrupted one left.

    From there the rest of a sync is the same, so it need not be run again.
    """
    project = killed_at(stage, number, folder)
    if number % 3 == 0:
        assert_only_looks(project)
    said = project.doit(stage.task)
    assert said.code == 0, said.text
    assert_no_alarm(said, recorded.reasons)
    assert state(project) == state(stage.after)
    assert_tidy(project)
    shutil.rmtree(project.root)


def assert_completed(
    recorded: Recorded, stage: Stage, number: int, folder: Path
) -> None:
    """Assert that a plain run completes every n-th point, and its step the others."""
    complete = (
        assert_completed_by_one_run
        if number % PLAIN == 0
        else assert_completed_by_its_step
    )
    complete(recorded, stage, number, folder)


def test_a_sync_killed_at_a_sample_of_its_changes_is_completed_by_one_plain_run(
    calculator, tmp_path, tell
):
    def check(stage: Stage, number: int) -> None:
        assert_completed_by_one_run(calculator, stage, number, tmp_path)

    everywhere = points(calculator.stages)
    chosen = everywhere[STRIDE // 2 :: STRIDE]
    each_point(chosen, check)
    tell(f"calculator: killed at {len(chosen)} of {len(everywhere)} points of a sync")
    assert len(everywhere) >= 100


@pytest.mark.slow
def test_a_sync_killed_at_any_change_is_completed(calculator, tmp_path, tell):
    def check(stage: Stage, number: int) -> None:
        assert_completed(calculator, stage, number, tmp_path)

    everywhere = points(calculator.stages)
    chosen = everywhere[::EACH]
    each_point(chosen, check)
    tell(f"calculator: killed at {len(chosen)} of {len(everywhere)} points of a sync")
    assert len(everywhere) >= 100


@pytest.mark.slow
def test_a_repair_killed_at_any_change_is_completed_by_one_plain_run(
    roman, tmp_path, tell
):
    def check(stage: Stage, number: int) -> None:
        assert_completed_by_one_run(roman, stage, number, tmp_path)

    stages = [roman.stage("fix"), roman.stage("sync:roman_python")]
    everywhere = points(stages)
    chosen = everywhere[::EACH]
    each_point(chosen, check)
    tell(f"roman: killed at {len(chosen)} of {len(everywhere)} points of a repair")
    assert len(everywhere) >= 60
