import shutil
from pathlib import Path

import pytest
from publishing import (
    NEW,
    OLD,
    UNIT,
    assert_swept,
    assert_whole,
    killed,
    old_project,
    put,
    state,
    tree,
    writes,
)

from pdd_tasks.adapters.transactions import Transactions


WAYS = [pytest.param("exchange", id="exchange"), pytest.param("link", id="link")]
SAVED = b"a person's save\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return old_project(tmp_path / "project")


@pytest.mark.parametrize("way", WAYS)
def test_a_kill_at_any_point_of_publishing_leaves_all_old_or_all_new(tmp_path, way):
    reached = {"old": 0, "new": 0}
    point = 1
    while killed(point, root := old_project(tmp_path / str(point)), "publish", way):
        assert_whole(root)
        Transactions(root).recover(UNIT)
        reached[state(root)] += 1
        assert_swept(root)
        Transactions(root).publish(UNIT, writes())
        assert state(root) == "new"
        assert_swept(root)
        point += 1
    print(f"publish ({way}): killed at {point - 1} points, then {reached}")  # noqa: T201 - it is to be seen
    assert state(root) == "new"
    assert reached["old"] >= 10
    assert reached["new"] >= 6


@pytest.mark.slow
@pytest.mark.parametrize("way", WAYS)
def test_a_kill_at_any_point_of_recovery_changes_nothing_in_the_end(tmp_path, way):
    points = 0
    seen: set[tuple[str, ...]] = set()
    for first in range(1, 99):
        base = old_project(tmp_path / f"{first}")
        if not killed(first, base, "publish", way):
            break
        if (shape := tree(base)) in seen:  # a kill here leaves what another one left
            continue
        seen.add(shape)
        points += recovery_points(base, way)
    print(f"recover ({way}): {len(seen)} states, killed at {points} points")  # noqa: T201 - it is to be seen
    assert points >= 40


def recovery_points(base: Path, way: str) -> int:
    """Kill the recovery of one state at every point; return how many there are."""
    expected = ""
    point = 1
    while True:
        root = base.with_name(f"{base.name}-{point}")
        shutil.copytree(base, root)
        ended = not killed(point, root, "recover", way)
        assert_whole(root)
        Transactions(root).recover(UNIT)
        assert_swept(root)
        expected = expected or state(root)
        assert state(root) == expected
        if ended:
            return point - 1
        point += 1


def commit_and_die(root: Path) -> None:
    """Leave a transaction that is committed and not applied at all."""
    assert killed("^pdd_tasks.exchange", root, "publish", "exchange")
    assert list((root / ".pdd/txn").glob("*/manifest.json"))


def test_a_file_made_a_folder_after_a_kill_is_left_alone(root):
    commit_and_die(root)
    (root / "src/a.py").unlink()
    (root / "src/a.py").mkdir()

    (recovery,) = Transactions(root).recover(UNIT)

    assert (root / "src/a.py").is_dir()
    assert [path.name for path in recovery.parked] == ["a.py"]


@pytest.mark.parametrize(
    "path", [pytest.param(path, id=path.rpartition("/")[2]) for path in NEW]
)
def test_half_an_exchange_that_a_power_cut_kept_is_made_whole(root, path):
    commit_and_die(root)
    (slot,) = (root / ".pdd/txn").glob(f"*/{list(NEW).index(path)}")
    old = OLD[path]
    slot.unlink()  # its other name keeps the new bytes
    if old is not None:
        slot.write_bytes(old)

    (recovery,) = Transactions(root).recover(UNIT)

    assert recovery.completed
    assert state(root) == "new"
    assert_swept(root)


def test_half_an_exchange_without_the_new_bytes_is_left_as_it_is(root):
    commit_and_die(root)
    (slot,) = (root / ".pdd/txn").glob("*/0")
    slot.unlink()
    slot.with_name("0.new").write_bytes(b"")

    Transactions(root).recover(UNIT)

    assert (root / "src/a.py").read_bytes() == OLD["src/a.py"]
    assert_swept(root)


def test_an_edit_made_after_a_kill_stands_and_ours_is_parked(root):
    commit_and_die(root)
    put(root / "src/a.py", SAVED)

    assert Transactions(root).pending(UNIT)
    (recovery,) = Transactions(root).recover(UNIT)

    assert recovery.completed
    (parked,) = recovery.parked
    assert (root / parked).read_bytes() == NEW["src/a.py"]
    assert (root / "src/a.py").read_bytes() == SAVED
    assert (root / ".pdd/meta/a_python.json").read_bytes() == b"new trace\n"
    assert Transactions(root).recover(UNIT) == ()
