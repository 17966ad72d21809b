"""Recovery from every state in which a crash can leave the disk.

The states come from a record of what publishing and recovering really ask of the
system, so that a call left out, or one in the wrong place, is a bad state here.
"""

import errno
import re
import shutil
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import publishing
import pytest
from crash_states import Record, State, killed, ordered, worst
from faults import recorded
from publishing import OLD, UNIT, assert_swept, old_project, put, state, writes

from pdd_tasks.adapters.transactions import Transactions
from pdd_tasks.errors import DisplacedError, StateError


Model = Callable[[Record], Iterator[State]]
SCRIPT = Path(publishing.__file__)
START = {path: data for path, data in OLD.items() if data is not None}


def published(
    folder: Path, way: str, *, refused: str = "", unsynced: str = ""
) -> Record:
    """Return a record of publishing.

    Calls that the log shows so are refused, or left out of the record.
    """
    root = old_project(folder / "project")
    words = (str(root), "publish", way)
    log = recorded(root, SCRIPT, *words)
    if refused:
        (at,) = [
            n for n, line in enumerate(log.splitlines()) if re.match(refused, line)
        ]
        shutil.rmtree(root)
        old_project(root)
        log = recorded(root, SCRIPT, *words, at=at + 1, do=errno.EIO)
    shutil.rmtree(root)
    lines = log.splitlines(keepends=True)
    if unsynced:
        log = "".join(line for line in lines if not re.match(unsynced, line))
    return Record.of(log, str(root), START)


def recovered(folder: Path, way: str, start: State) -> Record:
    """Return a record of recovering from a state."""
    root = materialised(folder / "project", start)
    log = recorded(root, SCRIPT, str(root), "recover", way)
    shutil.rmtree(root)
    return Record.of(log, str(root), start)


def materialised(root: Path, files: State) -> Path:
    """Make a project that holds some files."""
    shutil.rmtree(root, ignore_errors=True)
    root.mkdir(parents=True)
    for path, data in files.items():
        if path.endswith("/"):
            (root / path).mkdir(parents=True, exist_ok=True)
        else:
            put(root / path, data)
    return root


def different(states: Iterable[State]) -> list[State]:
    """Return states, each once."""
    return list({frozenset(one.items()): one for one in states}.values())


def reached(root: Path, files: State) -> str:
    """Return to what a state of the disk is recovered; assert that it is usable."""
    project = materialised(root, files)
    Transactions(project).recover(UNIT)
    found = state(project)
    assert_swept(project)
    Transactions(project).publish(UNIT, writes())
    assert state(project) == "new"
    return found


def all_reached(folder: Path, states: list[State]) -> dict[str, int]:
    """Return how many states are recovered to which."""
    found = {"old": 0, "new": 0}
    for one in states:
        found[reached(folder / "state", one)] += 1
    return found


@pytest.mark.parametrize("way", ["exchange", "link"])
@pytest.mark.parametrize("model", [killed, ordered])
def test_a_crash_while_publishing_leaves_all_old_or_all_new(memory_path, way, model):
    states = different(model(published(memory_path, way)))
    found = all_reached(memory_path, states)
    assert min(found.values()) >= 5


def test_without_a_sync_a_crash_leaves_what_is_neither(memory_path):
    record = published(memory_path, "exchange", unsynced=r"fsync\t\S+/[0-9]\t")
    states = (one for one in ordered(record) if "manifest.json" in "".join(one))
    assert any(is_bad(memory_path / "state", one) for one in states)


def is_bad(root: Path, files: State) -> bool:
    """Return whether a state of the disk is recovered to neither the old nor new."""
    try:
        reached(root, files)
    except (AssertionError, StateError, DisplacedError):
        return True
    return False


@pytest.mark.slow
@pytest.mark.parametrize("way", ["exchange", "link"])
def test_the_worst_crash_while_publishing_leaves_all_old_or_all_new(
    memory_path, way, tell
):
    every = list(worst(published(memory_path, way)))
    states = different(every)
    found = all_reached(memory_path, states)
    tell(f"worst crash ({way}): {len(every)} states, {len(states)} differ, {found}")
    assert len(every) >= 1000
    assert min(found.values()) >= 90


@pytest.mark.slow
def test_the_worst_crash_while_rolling_back_leaves_all_old_or_all_new(
    memory_path, tell
):
    record = published(memory_path, "exchange", refused=r"exchange\t\S+/2\t")
    states = different(worst(record))
    found = all_reached(memory_path, states)
    tell(f"worst crash while rolling back: {len(states)} states, {found}")
    assert min(found.values()) >= 10


@pytest.mark.slow
@pytest.mark.parametrize("way", ["exchange", "link"])
def test_the_worst_crash_while_recovering_changes_nothing_in_the_end(
    memory_path, way, tell
):
    starts = different(killed(published(memory_path, way)))
    wanted: dict[frozenset[tuple[str, bytes]], str] = {}
    for start in starts:
        found = reached(memory_path / "state", start)
        for one in worst(recovered(memory_path, way, start)):
            assert wanted.setdefault(frozenset(one.items()), found) == found
    for files, found in wanted.items():
        assert reached(memory_path / "state", dict(files)) == found
    tell(f"worst crash while recovering ({way}): {len(wanted)} states differ")
    assert len(wanted) >= 300
