import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path, PurePosixPath

import pytest
from publishing import NEW, OLD, UNIT, assert_swept, old_project, put, state, writes

from pdd_tasks.adapters.exchange import exchange
from pdd_tasks.adapters.files import raw_digest
from pdd_tasks.adapters.transactions import Transactions
from pdd_tasks.core.model.artifact import UnitId
from pdd_tasks.core.model.publication import Write
from pdd_tasks.errors import ConfigError, DisplacedError, PddError


SAVED = b"a person's save\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return old_project(tmp_path / "project")


def test_what_was_only_staged_is_discarded(root):
    put(root / ".pdd/txn/a_python.00000000/0", b"half")

    (recovery,) = Transactions(root).recover(UNIT)

    assert not recovery.completed
    assert recovery.transaction == "a_python.00000000"
    assert_swept(root)


def test_another_units_transaction_is_not_touched(root):
    put(root / ".pdd/txn/a_pythonic.00000000/0", b"half")
    put(root / ".pdd/txn/folder%2Fa_python.00000000/0", b"half")

    assert not Transactions(root).pending(UNIT)
    assert Transactions(root).recover(UNIT) == ()
    Transactions(root).publish(UNIT, writes())

    assert len(list((root / ".pdd/txn").iterdir())) == 2
    assert Transactions(root).pending(UnitId("folder/a", "python"))


def test_a_look_writes_nothing(tmp_path):
    assert not Transactions(tmp_path).pending(UNIT)
    assert Transactions(tmp_path).recover(UNIT) == ()
    assert list(tmp_path.iterdir()) == []


def test_what_stands_already_is_not_written_again(root):
    Transactions(root).publish(UNIT, writes())
    before = {path: (root / path).stat() for path in NEW}
    state_before = (root / ".pdd").stat()

    Transactions(root).publish(UNIT, writes())

    assert {path: (root / path).stat() for path in NEW} == before
    assert (root / ".pdd").stat() == state_before


def test_only_files_that_differ_are_written(root):
    put(root / "src/a.py", NEW["src/a.py"])
    before = (root / "src/a.py").stat()

    Transactions(root).publish(UNIT, writes())

    assert state(root) == "new"
    assert (root / "src/a.py").stat() == before


def test_an_edit_made_before_publishing_is_named_and_nothing_is_written(root):
    put(root / "src/a.py", SAVED)

    with pytest.raises(DisplacedError, match=r"src/a\.py changed") as caught:
        Transactions(root).publish(UNIT, writes())

    assert caught.value.hint == "run the command again"
    assert not (root / "tests").exists()
    assert not (root / ".pdd/txn").exists()


def test_mode_bits_are_kept(root):
    (root / "src/a.py").chmod(0o750)
    Transactions(root).publish(UNIT, writes())
    assert (root / "src/a.py").stat().st_mode & 0o777 == 0o750


def test_a_linked_file_is_replaced_where_it_lies(root):
    put(root / "shared/real.py", OLD["src/a.py"] or b"")
    (root / "src/a.py").unlink()
    (root / "src/a.py").symlink_to("../shared/real.py")

    Transactions(root).publish(UNIT, writes())

    assert (root / "src/a.py").is_symlink()
    assert (root / "shared/real.py").read_bytes() == NEW["src/a.py"]


def test_two_artifacts_in_one_file_are_refused(root):
    (root / "src/b.py").symlink_to("a.py")
    double = Write(
        path=PurePosixPath("src/b.py"),
        data=b"other",
        expected=raw_digest(OLD["src/a.py"] or b""),
    )
    with pytest.raises(ConfigError, match=r"one file src/a\.py"):
        Transactions(root).publish(UNIT, [*writes(), double])
    assert_swept(root)


def test_a_file_where_a_folder_is_needed_is_named(root):
    put(root / "tests", b"not a folder\n")

    with pytest.raises(PddError, match="tests: Not a directory") as caught:
        Transactions(root).publish(UNIT, writes())

    assert "folder is needed" in caught.value.hint
    assert (root / "src/a.py").read_bytes() == OLD["src/a.py"]
    assert_swept(root)


def test_a_full_disk_leaves_all_old(root):
    limit = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (800, limit[1]))
    try:
        with pytest.raises(PddError, match="cannot publish unit a_python") as caught:
            Transactions(root).publish(UNIT, writes())
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limit)

    assert "free some space" in caught.value.hint
    assert state(root) == "old"
    assert_swept(root)


def refusing_swap(at: int, error: OSError) -> Callable[[Path, Path], None]:
    """Return an exchange that a disk refuses at one call."""
    left = iter(range(1, 99))

    def swap(first: Path, second: Path) -> None:
        if next(left) == at:
            raise error
        exchange(first, second)

    return swap


@pytest.mark.parametrize("at", [1, 2])
def test_a_disk_that_refuses_an_exchange_leaves_all_old(root, at):
    swap = refusing_swap(at, OSError(5, "Input/output error"))

    with pytest.raises(PddError, match="Input/output error"):
        Transactions(root, swap=swap).publish(UNIT, writes())

    assert state(root) == "old"
    assert_swept(root)


def test_a_disk_that_refuses_to_go_back_leaves_the_journal(root):
    left = iter([True, False, False])

    def swap(first: Path, second: Path) -> None:
        if not next(left):
            raise OSError(5, "Input/output error")
        exchange(first, second)

    with pytest.raises(PddError, match="Input/output error"):
        Transactions(root, swap=swap).publish(UNIT, writes())

    assert Transactions(root).pending(UNIT)
    Transactions(root).recover(UNIT)
    assert state(root) == "new"


UNPRIVILEGED = """
import os, sys
import publishing
from pdd_tasks.errors import PddError
if os.geteuid() == 0:  # root may write to any folder: become somebody else
    os.setuid(65534)
try:
    publishing.main(sys.argv[1], "publish", "exchange")
except PddError as error:
    print(error)
"""


def test_a_read_only_folder_leaves_all_old():
    with tempfile.TemporaryDirectory() as folder:  # tmp_path is closed to others
        root = old_project(Path(folder) / "project")
        for path in (Path(folder), *Path(folder).rglob("*")):
            path.chmod(0o777)
        (root / "src").chmod(0o555)
        done = subprocess.run(
            [sys.executable, "-c", UNPRIVILEGED, str(root)],
            env={"PYTHONPATH": os.pathsep.join(sys.path)},
            check=True,
            capture_output=True,
            text=True,
        )
        assert "src: Permission denied\n  hint: make the file and" in done.stdout
        assert state(root) == "old"
        assert_swept(root)
        (root / "src").chmod(0o755)
