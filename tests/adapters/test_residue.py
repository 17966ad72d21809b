import fcntl
import os
from pathlib import Path

import pytest

from pdd_tasks.adapters.files import replace_durably
from pdd_tasks.adapters.residue import sweep_unfinished
from pdd_tasks.adapters.scratch import scratch, sweep_scratch


NAME = ".a_python.json.0123abcd.tmp"


def aged(path: Path) -> Path:
    """Let a file have been written long ago."""
    os.utime(path, (0, 0))
    return path


@pytest.fixture
def unfinished(tmp_path: Path) -> Path:
    path = tmp_path / "meta" / NAME
    path.parent.mkdir()
    path.write_bytes(b"half")
    return aged(path)


def test_a_file_that_nobody_finishes_is_removed(tmp_path, unfinished):
    assert sweep_unfinished(tmp_path) == 1
    assert not unfinished.exists()
    assert sweep_unfinished(tmp_path / "gone") == 0


def test_a_young_file_is_left_alone(tmp_path, unfinished):
    os.utime(unfinished)
    assert sweep_unfinished(tmp_path) == 0
    assert unfinished.exists()


def test_a_file_that_is_being_written_is_left_alone(tmp_path, unfinished):
    with unfinished.open("rb") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        assert sweep_unfinished(tmp_path) == 0
    assert unfinished.exists()


@pytest.mark.parametrize("name", ["notes.tmp", ".a.tmp", ".a.0123abcd.tmp.py", "a"])
def test_what_is_not_ours_by_its_name_is_left_alone(tmp_path, name):
    (tmp_path / name).write_bytes(b"a person's")
    aged(tmp_path / name)
    assert sweep_unfinished(tmp_path) == 0
    assert (tmp_path / name).exists()


def test_a_link_is_left_alone(tmp_path):
    (tmp_path / "target").write_bytes(b"a person's")
    (tmp_path / NAME).symlink_to(aged(tmp_path / "target"))
    assert sweep_unfinished(tmp_path) == 0
    assert (tmp_path / "target").exists()


def test_what_is_finished_leaves_nothing_to_sweep(tmp_path):
    replace_durably(tmp_path / "file", b"whole")
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


@pytest.fixture
def places(tmp_path: Path) -> Path:
    """Return a project; where it lies, copies of it are looked for, too."""
    root = tmp_path / "project"
    root.mkdir()
    (root / "file").write_bytes(b"1")
    return root


def left_behind(places: Path) -> Path:
    """Make what a process leaves that is killed while it uses a copy."""
    holder = places.parent / "pdd-0123"
    (holder / "project").mkdir(parents=True)
    (holder / "owner").write_bytes(b"")
    aged(holder / "owner")
    return holder


def test_the_copy_of_a_dead_run_is_removed(places):
    holder = left_behind(places)
    assert sweep_scratch(places) >= 1
    assert not holder.exists()


def test_a_copy_in_use_and_one_of_another_program_are_left_alone(places):
    other = places.parent / "pdd-other"
    other.mkdir()
    with scratch(places) as project:
        aged(project.parent / "owner")
        sweep_scratch(places)
        assert (project / "file").exists()
    assert other.exists()
    assert not project.exists()
