import errno
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import kill
import pytest
from publishing import NEW, OLD, UNIT, assert_swept, old_project, state, writes

from pdd_tasks.adapters.exchange import exchange, swap_by_link
from pdd_tasks.adapters.transactions import Transactions
from pdd_tasks.errors import DisplacedError, PddError


SAVED = b"a person's save\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return old_project(tmp_path / "project")


class Person:
    """Saves one file at the n-th thing that happens in a folder, in this process."""

    def __init__(self) -> None:
        self.folder = ""
        self.event = ""
        self.left = 0
        self.save: Callable[[], None] | None = None

    def arm(
        self, folder: Path, at: int, save: Callable[[], None], event: str = ""
    ) -> None:
        self.folder, self.event = f"{folder}{os.sep}", event
        self.left, self.save = at, save

    def disarm(self) -> bool:
        """Return whether the save was made."""
        done, self.save = self.save is None, None
        return done

    def __call__(self, event: str, arguments: tuple[object, ...]) -> None:
        if self.save is None or not event.startswith(("open", "os.", "pdd_tasks.")):
            return
        if self.event not in {"", event}:
            return
        if not kill.concerns(event, arguments, self.folder):
            return
        self.left -= 1
        if self.left == 0:
            save, self.save = self.save, None
            save()


@pytest.fixture(scope="module")
def hooked() -> Person:
    person = Person()  # an audit hook can never be taken away: one for the module
    sys.addaudithook(person)
    return person


@pytest.fixture
def person(hooked: Person) -> Iterator[Person]:
    yield hooked
    hooked.disarm()


def save_by_rename(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name("editor~")
    beside.write_bytes(SAVED)
    beside.rename(path)


def save_in_place(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as stream:
        stream.write(SAVED)


@pytest.mark.parametrize("swap", [exchange, swap_by_link])
@pytest.mark.parametrize("save", [save_by_rename, save_in_place])
@pytest.mark.parametrize("path", list(NEW))
def test_a_save_at_any_point_stands(tmp_path, person, path, save, swap):
    found = {"refused": 0, "parked": 0, "published": 0}
    lost = 0
    for point in range(1, 999):
        root = old_project(tmp_path / str(point))
        target = root / path
        person.arm(root, point, lambda target=target: save(target))
        outcome = publish(root, swap)
        if not person.disarm():
            break
        found[outcome] += 1
        lost += target.read_bytes() != SAVED
        assert_others(root, path, outcome)
        assert_swept(root)
    # The fallback has one gap, between its link and its replacing, and says so.
    has_gap = swap is swap_by_link and save is save_by_rename and OLD[path] is not None
    assert lost == int(has_gap)
    assert min(found.values()) > 5


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EIO])
@pytest.mark.parametrize("swap", [exchange, swap_by_link])
def test_a_disk_that_refuses_any_one_call_leaves_all_old_or_all_new(
    tmp_path, person, swap, number
):
    found = {"refused, old": 0, "refused, new": 0, "published, new": 0}

    def refuse():
        raise OSError(number, os.strerror(number))

    for point in range(1, 999):
        root = old_project(tmp_path / str(point))
        person.arm(root, point, refuse)
        outcome = "published"
        try:
            Transactions(root, swap=swap).publish(UNIT, writes())
        except DisplacedError:
            outcome = "displaced"
        except PddError:
            outcome = "refused"
        if not person.disarm():
            break
        found[f"{outcome}, {state(root)}"] += 1
        Transactions(root).recover(UNIT)
        assert_swept(root)
        assert state(root) == "new" or outcome == "refused"
    assert found["refused, new"] == 0
    assert min(found["refused, old"], found["published, new"]) > 5


def publish(root: Path, swap: Callable[[Path, Path], None]) -> str:
    """Publish and return what came of it."""
    try:
        Transactions(root, swap=swap).publish(UNIT, writes())
    except DisplacedError as error:
        return "parked" if "kept as" in error.message else "refused"
    return "published"


def assert_others(root: Path, path: str, outcome: str) -> None:
    """Assert that the files nobody saved are all old or all new."""
    wanted = OLD if outcome == "refused" else NEW
    for other in NEW:
        if other != path:
            data = (root / other).read_bytes() if (root / other).exists() else None
            assert data == wanted[other]
    parked = (root / ".pdd/parked").rglob("*")
    kept = [found.read_bytes() for found in parked if found.is_file()]
    assert kept == ([NEW[path]] if outcome == "parked" else [])


def test_a_save_through_an_older_handle_is_found_in_the_displaced_file(root, person):
    target = root / "src/a.py"
    with target.open("r+b", buffering=0) as handle:

        def late() -> None:
            handle.truncate()
            handle.write(SAVED)

        # The third exchange is the fingerprint's: the code was displaced before it.
        person.arm(root, 3, late, event="pdd_tasks.exchange")
        with pytest.raises(DisplacedError, match="kept as"):
            Transactions(root).publish(UNIT, writes())

    assert person.disarm()
    assert target.read_bytes() == SAVED


def test_the_newer_of_two_saves_stands_and_the_older_is_kept(root, person):
    target = root / "src/a.py"

    def twice() -> None:
        target.write_bytes(b"an older save\n")
        # The next exchange is the one that puts the older save back.
        person.arm(root, 1, lambda: save_by_rename(target), event="pdd_tasks.exchange")

    person.arm(root, 1, twice, event="pdd_tasks.exchange")
    with pytest.raises(DisplacedError, match=r"kept as \.pdd/parked/"):
        Transactions(root).publish(UNIT, writes())

    assert person.disarm()
    assert target.read_bytes() == SAVED
    kept = [p.read_bytes() for p in (root / ".pdd/parked").rglob("a.py")]
    assert kept == [b"an older save\n"]


def test_a_file_deleted_while_it_is_published_stays_deleted(root, person):
    target = root / "src/a.py"
    person.arm(root, 1, target.unlink, event="pdd_tasks.exchange")

    with pytest.raises(DisplacedError, match="kept as"):
        Transactions(root).publish(UNIT, writes())

    assert not target.exists()
