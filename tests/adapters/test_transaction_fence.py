"""What the commit and the settling are fenced by: the lock, looked at once more."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from publishing import (
    NEW,
    UNIT,
    assert_swept,
    killed,
    old_project,
    state,
    writes,
)

from pdd_tasks.adapters.transactions import Transactions
from pdd_tasks.core.model.artifact import UnitId
from pdd_tasks.errors import ConflictError, PddError


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return old_project(tmp_path / "project")


class Fence:
    """Says what stood when it was entered and left; can refuse to be entered."""

    def __init__(self, root: Path, *, lost: bool = False) -> None:
        self.root, self.lost = root, lost
        self.seen: list[tuple[str, int, int]] = []
        self.units: list[UnitId] = []

    def look(self) -> None:
        transactions = self.root / ".pdd/txn"
        staged = len(list(transactions.glob("*/[0-9]")))
        committed = len(list(transactions.glob("*/manifest.json")))
        self.seen.append((state(self.root), staged, committed))

    @contextmanager
    def __call__(self, unit: UnitId) -> Iterator[None]:
        self.units.append(unit)
        if self.lost:
            raise ConflictError("the lock is another run's now")
        self.look()
        yield
        self.look()


def test_what_is_staged_is_committed_and_settled_inside_the_fence(root):
    fence = Fence(root)

    Transactions(root, fence=fence).publish(UNIT, writes())

    assert fence.units == [UNIT]
    assert fence.seen == [("old", 3, 0), ("new", 0, 0)]


def test_without_the_lock_nothing_is_written(root):
    fence = Fence(root, lost=True)

    with pytest.raises(ConflictError, match="another run's"):
        Transactions(root, fence=fence).publish(UNIT, writes())

    assert state(root) == "old"
    assert_swept(root)


def test_what_stands_already_needs_no_fence(root):
    Transactions(root).publish(UNIT, writes())
    fence = Fence(root, lost=True)

    Transactions(root, fence=fence).publish(UNIT, writes())

    assert Transactions(root, fence=fence).recover(UNIT) == ()
    assert fence.units == []


def test_recovery_goes_on_inside_the_fence_only(root):
    assert killed("^pdd_tasks.exchange", root, "publish", "exchange")

    with pytest.raises(ConflictError, match="another run's"):
        Transactions(root, fence=Fence(root, lost=True)).recover(UNIT)
    assert state(root) == "old"
    assert Transactions(root).pending(UNIT)

    fence = Fence(root)
    (recovery,) = Transactions(root, fence=fence).recover(UNIT)
    assert recovery.completed
    assert fence.seen == [("old", 3, 1), ("new", 0, 0)]


class Evictor:
    """Recovers the unit from elsewhere while its old holder stages its n-th file."""

    def __init__(self) -> None:
        self.root = Path()
        self.left = 0

    def __call__(self, event: str, arguments: tuple[object, ...]) -> None:
        if self.left and event == "open" and f"{self.root}/.pdd/txn/" in str(arguments):
            self.left -= 1
            if not self.left:
                Transactions(self.root).recover(UNIT)


@pytest.fixture(scope="module")
def evictor() -> Evictor:
    evictor = Evictor()  # an audit hook can never be taken away: one for the module
    sys.addaudithook(evictor)
    return evictor


@pytest.mark.parametrize("at", [1, 2, 3, 4, 5])
def test_who_was_evicted_while_staging_is_told_of_the_lock(root, evictor, at):
    evictor.root, evictor.left = root, at

    with pytest.raises(ConflictError, match="another run's"):
        Transactions(root, fence=Fence(root, lost=True)).publish(UNIT, writes())

    assert not evictor.left
    assert state(root) == "old"
    assert_swept(root)


def test_a_staging_that_somebody_deleted_is_a_refusal(root, evictor):
    evictor.root, evictor.left = root, 2

    with pytest.raises(PddError, match="No such file"):
        Transactions(root).publish(UNIT, writes())

    assert {path for path in NEW if (root / path).exists()} == {
        "src/a.py",
        ".pdd/meta/a_python.json",
    }
    assert_swept(root)
