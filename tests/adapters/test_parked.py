import pickle
import sys
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath

import pytest
from publishing import NEW, OLD, UNIT, old_project, put, writes

from pdd_tasks.adapters.files import raw_digest
from pdd_tasks.adapters.manifest import Entry
from pdd_tasks.adapters.parked import Parked
from pdd_tasks.adapters.transactions import Transactions
from pdd_tasks.core.model.artifact import UnitId
from pdd_tasks.errors import DisplacedError, Saved


CODE = PurePosixPath("src/a.py")
SAVED = b"a person's save\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return old_project(tmp_path / "project")


class Saving:
    """Saves a file right before the first exchange in a project."""

    def __init__(self) -> None:
        self.save: Callable[[], None] | None = None

    def __call__(self, event: str, _: tuple[object, ...]) -> None:
        if event == "pdd_tasks.exchange" and self.save is not None:
            save, self.save = self.save, None
            save()


@pytest.fixture(scope="module")
def hooked() -> Saving:
    saving = Saving()  # an audit hook can never be taken away: one for the module
    sys.addaudithook(saving)
    return saving


@pytest.fixture
def saving(hooked: Saving) -> Iterator[Saving]:
    yield hooked
    hooked.save = None


def displaced(root: Path) -> tuple[Saved, ...]:
    """Publish, and return what a person saved meanwhile."""
    with pytest.raises(DisplacedError) as caught:
        Transactions(root).publish(UNIT, writes())
    again = pickle.loads(pickle.dumps(caught.value))  # noqa: S301 - our own
    assert str(again) == str(caught.value)
    assert again.saved == caught.value.saved
    return caught.value.saved


def test_every_file_saved_before_the_commit_is_named_with_its_digests(root):
    put(root / CODE, SAVED)
    put(root / "tests/unit/test_a.py", SAVED)

    assert displaced(root) == (
        Saved(
            path=CODE,
            old=raw_digest(OLD[str(CODE)] or b""),
            ours=raw_digest(NEW[str(CODE)]),
        ),
        Saved(
            path=PurePosixPath("tests/unit/test_a.py"),
            old=None,
            ours=raw_digest(NEW["tests/unit/test_a.py"]),
        ),
    )


def test_a_file_saved_in_the_exchange_is_named_with_where_ours_lies(root, saving):
    saving.save = lambda: put(root / CODE, SAVED)

    (saved,) = displaced(root)

    assert saved.path == CODE
    assert saved.old == raw_digest(OLD[str(CODE)] or b"")
    assert saved.parked is not None
    assert raw_digest((root / saved.parked).read_bytes()) == saved.ours
    assert (root / CODE).read_bytes() == SAVED


def test_a_saved_file_has_the_name_the_step_gave_it(root, saving):
    (root / CODE).rename(root / "src/real.py")
    (root / CODE).symlink_to("real.py")
    saving.save = lambda: put(root / CODE, SAVED)

    (saved,) = displaced(root)

    assert saved.path == CODE
    assert (root / "src/real.py").read_bytes() == SAVED


def test_what_was_merged_is_discarded_and_leaves_no_folder(root, saving):
    saving.save = lambda: put(root / CODE, SAVED)
    saved = displaced(root)

    Transactions(root).discard_parked(UNIT, saved)

    assert not (root / ".pdd/parked").exists()
    Transactions(root).discard_parked(UNIT, saved)  # gone already


def test_a_persons_older_save_is_never_discarded(root, saving):
    saving.save = lambda: put(root / CODE, SAVED)
    (saved,) = displaced(root)
    assert saved.parked is not None
    put(root / saved.parked, b"an older save\n")

    Transactions(root).discard_parked(UNIT, [saved])

    assert (root / saved.parked).read_bytes() == b"an older save\n"


@pytest.mark.parametrize("parked", ["src/a.py", ".pdd/parked/b_python.1/src/a.py"])
def test_nothing_but_the_units_parked_files_is_discarded(root, parked):
    put(root / parked, NEW["src/a.py"])
    saved = Saved(
        path=CODE,
        old=None,
        ours=raw_digest(NEW["src/a.py"]),
        parked=PurePosixPath(parked),
    )
    Transactions(root).discard_parked(UNIT, [saved])
    assert (root / parked).exists()


def test_nothing_is_parked_before_the_commit_and_so_nothing_is_discarded(root):
    put(root / CODE, SAVED)
    Transactions(root).discard_parked(UnitId("a", "python"), displaced(root))
    assert (root / CODE).read_bytes() == SAVED


def test_two_files_parked_for_one_path_keep_both(root):
    parked = Parked(root=root, transaction="a_python.00000000")
    for data in (b"first\n", b"second\n"):
        put(root / "file", data)
        parked.put(root / "file", CODE)
    digest = raw_digest(b"first\n")
    entry = Entry(path=CODE, slot="0", old=None, new=digest, mode=0o644)

    first, second = parked.saves([entry])

    assert first.parked is not None
    assert second.parked is not None
    assert (root / first.parked).read_bytes() == b"first\n"
    assert (root / second.parked).read_bytes() == b"second\n"
