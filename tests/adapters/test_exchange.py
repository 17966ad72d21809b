import shutil
import sys
import tempfile
from pathlib import Path

import pytest

from pdd_tasks.adapters.exchange import (
    exchange,
    exchanged,
    mend,
    place,
    place_by_link,
    swap_by_link,
)


SHARED_MEMORY = Path("/dev/shm")  # noqa: S108 - the other file system of a Linux machine


@pytest.fixture
def first(tmp_path):
    return put(tmp_path / "slots/0", b"first")


@pytest.fixture
def second(tmp_path):
    return put(tmp_path / "src/a.py", b"second")


@pytest.fixture
def elsewhere(tmp_path):
    """A folder on another file system than `first`."""
    if (
        not SHARED_MEMORY.is_dir()
        or SHARED_MEMORY.stat().st_dev == tmp_path.stat().st_dev
    ):
        pytest.skip("this machine has no second file system to write to")
    folder = Path(tempfile.mkdtemp(dir=SHARED_MEMORY))
    yield folder
    shutil.rmtree(folder)


def put(path, data):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def names(folder):
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize("swap", [exchange, swap_by_link])
def test_two_files_change_places(first, second, swap):
    swap(first, second)
    assert (first.read_bytes(), second.read_bytes()) == (b"second", b"first")
    assert names(first.parent) == ["0"]
    assert names(second.parent) == ["a.py"]


@pytest.mark.parametrize("swap", [exchange, swap_by_link])
def test_two_files_on_two_file_systems_change_places(first, elsewhere, swap):
    second = put(elsewhere / "a.py", b"second")
    first.chmod(0o640)

    swap(first, second)

    assert (first.read_bytes(), second.read_bytes()) == (b"second", b"first")
    assert second.stat().st_mode & 0o777 == 0o640
    assert names(first.parent) == ["0"]
    assert names(elsewhere) == ["a.py"]


@pytest.mark.parametrize("swap", [exchange, swap_by_link])
def test_nothing_is_exchanged_with_a_file_that_is_not_there(first, second, swap):
    second.unlink()
    with pytest.raises(FileNotFoundError):
        swap(first, second)
    assert first.read_bytes() == b"first"
    assert names(second.parent) == []


def test_what_cannot_be_exchanged_is_an_error_with_both_names(first, second):
    second.parent.chmod(0o755)
    shutil.rmtree(second.parent)
    put(second.parent, b"a file where the folder was")
    with pytest.raises(NotADirectoryError) as caught:
        swap_by_link(first, second)
    with pytest.raises(NotADirectoryError) as caught:
        exchange(first, second)
    assert (caught.value.filename, caught.value.filename2) == (str(first), str(second))


@pytest.mark.parametrize("move", [place, place_by_link])
def test_a_file_is_moved_to_a_free_name(first, second, move):
    second.unlink()
    move(first, second)
    assert second.read_bytes() == b"first"
    assert not first.exists()


@pytest.mark.parametrize("move", [place, place_by_link])
def test_what_has_the_name_is_left_alone(first, second, move):
    with pytest.raises(FileExistsError):
        move(first, second)
    assert (first.read_bytes(), second.read_bytes()) == (b"first", b"second")


@pytest.mark.parametrize("move", [place, place_by_link])
def test_a_file_is_moved_to_another_file_system(first, elsewhere, move):
    move(first, elsewhere / "a.py")
    assert (elsewhere / "a.py").read_bytes() == b"first"
    assert not first.exists()
    assert names(elsewhere) == ["a.py"]


def test_what_has_the_name_on_another_file_system_is_left_alone(first, elsewhere):
    put(elsewhere / "a.py", b"second")
    with pytest.raises(FileExistsError):
        place(first, elsewhere / "a.py")
    assert (elsewhere / "a.py").read_bytes() == b"second"
    assert first.exists()


def test_what_cannot_be_linked_is_moved_to_a_free_name_only(first, second):
    # A folder can never be linked, like a file on a file system without links.
    place_by_link(first.parent, second.parent.with_name("free"))
    assert names(second.parent.with_name("free")) == ["0"]
    with pytest.raises(FileExistsError):
        place_by_link(second.parent.with_name("free"), second.parent)
    assert second.read_bytes() == b"second"


@pytest.mark.parametrize(
    "first_bytes, kept_bytes, second_bytes, after",
    [
        pytest.param(b"new", None, b"old", b"new", id="not begun"),
        pytest.param(b"new", b"old", b"old", b"new", id="kept, not replaced"),
        pytest.param(None, b"old", b"new", b"old", id="replaced"),
        pytest.param(b"new", b"old", b"new", b"old", id="replaced by a copy"),
        pytest.param(None, b"old", None, b"old", id="replaced, then deleted"),
        pytest.param(b"new", b"old", None, b"new", id="kept, then deleted"),
    ],
)
def test_an_interrupted_exchange_is_finished_or_undone(
    first, second, first_bytes, kept_bytes, second_bytes, after
):
    kept = first.with_name("0.displaced")
    beside = second.with_name(".a.py.pdd.tmp")
    for path, data in [
        (first, first_bytes),
        (kept, kept_bytes),
        (second, second_bytes),
        (beside, first_bytes),
    ]:
        path.unlink(missing_ok=True)
        if data is not None:
            put(path, data)

    mend(first, second)

    assert first.read_bytes() == after
    assert (second.read_bytes() if second.exists() else None) == second_bytes
    assert not kept.exists()
    assert not beside.exists()


def test_an_exchange_is_audited_before_it_is_made(first, second):
    seen: list[tuple[object, ...]] = []
    name = str(first)  # a hook stays for good: this one hears of no other file

    def hook(event, arguments):
        if event == "pdd_tasks.exchange" and arguments[0] == name:
            seen.append((*arguments, second.read_bytes()))

    sys.addaudithook(hook)
    exchange(first, second)
    assert seen == [(name, str(second), 2, b"second")]


def test_a_person_who_writes_into_the_file_meanwhile_is_heard(first, second):
    with second.open("r+b", buffering=0) as handle:
        exchange(first, second)
        handle.write(b"SECOND")
    assert first.read_bytes() == b"SECOND"
    assert second.read_bytes() == b"first"


def test_two_files_are_exchanged_or_nothing_is_done(tmp_path):
    first, second = tmp_path / "first", tmp_path / "second"
    first.write_text("1")
    assert not exchanged(first, second)
    assert first.read_text() == "1"
    second.write_text("2")
    assert exchanged(first, second)
    assert (first.read_text(), second.read_text()) == ("2", "1")
