"""Every step, killed or refused at every call of the system, is completed by a run.

A sample of the calls is tried, evenly spread; with ``ALL_POINTS=1`` in the
environment all of them are, which takes an hour. The numbers are printed.
"""

import errno
import json
import os
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path

import matrix
import pytest
from crash_rows import ROWS, SLOW, UNIT, Row
from faults import KILL, TEAR, told
from matrix import Job
from project import Project
from stages import Recorded, copied
from surface import live, server_of, through_litellm, unit_project


ALL = bool(os.environ.get("ALL_POINTS"))
FAULTS = (  # what happens, whether it stays, and at how many points it is tried
    ("killed", KILL, False, 12),
    ("torn", TEAR, False, 2),
    ("refused", errno.EIO, False, 4),
    ("full", errno.ENOSPC, True, 2),
)
Tell = Callable[[str], None]


def tried(name: str, row: Row, folder: Path, tell: Tell) -> int:
    """Try a row, assert that all went well, and return how many points were tried."""
    counts: Counter[str] = Counter()
    points = 0
    for fault, what, stays, most in FAULTS:
        job = Job(
            before=str(row.before.root),
            after=str((row.after or row.ends[0]).root),
            ends=[str(end.root) for end in row.ends],
            folder=str(folder),
            words=list(row.words),
            again=list(row.again),
            recorded=row.recorded,
            fault=what,
            stays=stays,
            most=0 if ALL else max(most // row.slow, 1),
            code=row.code,
            codes=list(row.codes),
        )
        path = folder / "job.json"
        path.write_text(json.dumps(asdict(job)), encoding="utf-8")
        found = told(Path(matrix.__file__), str(path))
        assert found["problems"] == [], f"{name}, {fault}: {found['problems'][0]}"
        counts[fault] += found["tried"]
        points = found["points"]
    told_counts = ", ".join(f"{fault} at {n}" for fault, n in counts.items())
    tell(f"{name}: {points} calls; {told_counts}")
    return counts.total()


@pytest.fixture(scope="module")
def unit(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Return a small unit in sync, with its replies recorded."""
    project = unit_project(tmp_path_factory.mktemp("unit"), "calculator")
    with server_of() as server:
        said = project.doit(*live(server, "sync"))
    assert said.code == 0, said.text
    return project


@pytest.mark.slow
def test_a_sync_with_a_fault_at_any_call_is_completed_by_a_run(
    calculator: Recorded, memory_path: Path, tell: Tell
) -> None:
    points = 0
    for stage in calculator.stages:
        slow = 4 if stage.task.endswith(":test") else 1
        row = Row(
            before=stage.before, ends=(stage.after,), words=(stage.task,), slow=slow
        )
        points += tried(stage.task, row, memory_path, tell)
    assert points >= 60


@pytest.mark.slow
def test_a_fix_with_a_fault_at_any_call_is_completed_by_a_run(
    roman: Recorded, memory_path: Path, tell: Tell
) -> None:
    stage = roman.stage("fix")
    # What is repaired is verified and tested once more, which a whole sync does.
    again = ("sync:roman_python",)
    row = Row(
        before=stage.before,
        ends=(roman.end,),
        words=(stage.task,),
        again=again,
        after=stage.after,
        slow=4,
    )
    assert tried(stage.task, row, memory_path, tell) >= 6


@pytest.mark.slow
def test_with_a_fault_at_any_call_no_recorded_reply_is_asked_for_again(
    memory_path: Path, tell: Tell
) -> None:
    before = unit_project(memory_path / "before/calculator", "calculator")
    with server_of() as server:
        words = through_litellm(server, f"{UNIT}:generate")
        asked = copied(before, memory_path / "asked")
        assert asked.doit(*words).code == 0
        kept = copied(before, memory_path / "kept")
        for path, data in asked.contents().items():
            if path.startswith(".pdd/cache/"):
                kept.write(path, data.decode())
        again = (f"{UNIT}:generate", "replies=replay", "model=openai/test")
        assert kept.doit(*again).code == 0
        row = Row(
            before=before,
            ends=(asked, kept),
            words=words,
            again=again,
            recorded=".pdd/cache/generate/*.json",
        )
        assert tried("a live reply", row, memory_path, tell) >= 20


@pytest.mark.slow
@pytest.mark.parametrize("name", list(ROWS))
def test_a_row_with_a_fault_at_any_call_is_completed_by_a_run(
    unit: Project, memory_path: Path, name: str, tell: Tell
) -> None:
    row = ROWS[name](unit, memory_path)
    slow = 4 if name in SLOW else 1
    assert tried(name, replace(row, slow=slow), memory_path, tell) >= 6
