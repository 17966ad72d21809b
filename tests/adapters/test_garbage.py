"""What nothing needs, and that nothing else goes."""

import os
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pdd_tasks.adapters.files import raw_digest
from pdd_tasks.adapters.garbage import DAY_S, Garbage
from pdd_tasks.errors import PddError


NOW = datetime(2026, 6, 1, tzinfo=UTC).timestamp()
NEEDED, SPARE, BOTH = (raw_digest(data) for data in (b"needed", b"spare", b"both"))


class State:
    """A ``.pdd`` with a fingerprint that names two digests, in two forms."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.garbage = Garbage(root)
        for data in (b"needed", b"spare", b"both"):
            self.write(f"baseline/{raw_digest(data)}", data)
        text = (
            f'{{"deep": [{{"x": "sha256:{NEEDED} text:{"0" * 64}"}}], "y": "{BOTH}"}}'
        )
        self.write("meta/backend/a_python.json", text.encode())

    def write(self, path: str, data: bytes = b"", age_days: float = 0) -> Path:
        file = self.root / ".pdd" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
        self.age(file, age_days)
        return file

    def age(self, file: Path, days: float) -> None:
        os.utime(file, (NOW - days * DAY_S, NOW - days * DAY_S))

    def spare(self, *saved: str) -> list[str]:
        found = self.garbage.spare(now=NOW, parked_s=90 * DAY_S, saved=saved)
        return [str(one.path).removeprefix(".pdd/") for one in found]

    def remove(self, *, busy: bool = False) -> list[str]:
        found = self.garbage.spare(now=NOW, parked_s=90 * DAY_S, saved=())
        gone = self.garbage.remove(found, busy=lambda: busy)
        return [str(one.path).removeprefix(".pdd/") for one in gone]


@pytest.fixture
def state(tmp_path):
    return State(tmp_path)


def test_a_project_without_state_needs_nothing(tmp_path):
    garbage = Garbage(tmp_path)
    assert garbage.spare(now=NOW, parked_s=0, saved=()) == ()
    assert garbage.remove((), busy=lambda: False) == ()
    assert garbage.sizes() == {}
    assert list(tmp_path.iterdir()) == []


def test_a_baseline_that_nothing_names_is_spare(state):
    assert state.spare() == [f"baseline/{SPARE}"]
    [found] = state.garbage.spare(now=NOW, parked_s=0, saved=())
    assert (found.size, found.because) == (5, "no fingerprint names it")


@pytest.mark.parametrize(
    "path",
    ["meta/x_run.json", "txn/a_python.1/manifest.json", "merge/a.json", "conflict"],
)
def test_a_digest_anywhere_in_the_state_is_needed(state, path):
    state.write(path, b"\0\xff" + SPARE.encode() + b"\0")
    assert state.spare() == []


@pytest.mark.parametrize(
    "path", ["log/x.jsonl", "cache/analysis/x.json", "state.db-wal"]
)
def test_what_only_tells_of_the_past_names_nothing(state, path):
    state.write(path, SPARE.encode())
    assert state.spare() == [f"baseline/{SPARE}"]


def test_only_what_is_spare_goes(state):
    state.write("baseline/README", b"mine")
    assert state.remove() == [f"baseline/{SPARE}"]
    left = {path.name for path in (state.root / ".pdd/baseline").iterdir()}
    assert left == {NEEDED, BOTH, "README"}
    assert state.remove() == []


def test_while_a_run_is_at_work_baselines_stay(state):
    assert state.remove(busy=True) == []
    assert state.spare() == [f"baseline/{SPARE}"]


def test_what_a_run_came_to_need_meanwhile_is_put_back(state):
    found = state.garbage.spare(now=NOW, parked_s=0, saved=())

    def busy() -> bool:  # a run that ends while we look
        state.write("meta/b_python.json", SPARE.encode())
        return False

    assert state.garbage.remove(found, busy=busy) == ()
    assert (state.root / ".pdd/baseline" / SPARE).read_bytes() == b"spare"


def test_what_a_removal_that_was_killed_left_aside_is_put_back_if_needed(state):
    aside = {name: f"baseline/.{name}.tmp" for name in (NEEDED, SPARE)}
    for name, path in aside.items():
        (state.root / ".pdd/baseline" / name).rename(state.root / ".pdd" / path)
        state.age(state.root / ".pdd" / path, 9)
    assert state.spare() == [aside[SPARE]]
    state.remove()
    left = {path.name for path in (state.root / ".pdd/baseline").iterdir()}
    assert left == {NEEDED, BOTH}


def test_parked_files_go_when_they_are_old_and_kept_elsewhere(state):
    old = {"needed": b"needed", "saved": b"saved", "only": b"only", "spare": b"spare"}
    for name, data in old.items():
        state.write(f"parked/a_python.1/src/{name}.py", data, age_days=91)
    state.write("parked/a_python.2/src/new.py", b"needed", age_days=89)
    expected = [f"parked/a_python.1/src/{name}.py" for name in ("needed", "saved")]
    assert state.spare(raw_digest(b"saved"))[1:] == expected
    state.remove()
    assert not (state.root / ".pdd/parked/a_python.1/src/needed.py").exists()
    (state.root / ".pdd/parked/a_python.1/src/saved.py").unlink()
    for name in ("only", "spare"):
        state.write(f"parked/a_python.1/src/{name}.py", b"needed", age_days=91)
    state.remove()
    assert not (state.root / ".pdd/parked/a_python.1").exists()
    assert (state.root / ".pdd/parked/a_python.2/src/new.py").exists()


def test_what_killed_writers_left_goes_after_a_day(state):
    state.write("meta/.a_python.json.1f.tmp", age_days=2)
    state.write("meta/.b_python.json.1f.tmp", age_days=0.5)
    state.write("safety/.20260101T000000Z-a_python.tmp/src/a.py", b"half", age_days=2)
    state.age(state.root / ".pdd/safety/.20260101T000000Z-a_python.tmp", 2)
    for path in ("txn/a_python.1/manifest.json.tmp", "parked/a_python.1/mine.tmp"):
        state.write(path, age_days=2)
    state.write("safety/20260101T000000Z-a_python/mine.tmp", b"mine", age_days=2)
    expected = [
        "meta/.a_python.json.1f.tmp",
        "safety/.20260101T000000Z-a_python.tmp",
    ]
    assert state.spare()[1:] == expected
    assert state.remove()[1:] == expected
    assert (state.root / ".pdd/safety/20260101T000000Z-a_python/mine.tmp").exists()
    assert (state.root / ".pdd/txn/a_python.1/manifest.json.tmp").exists()


def test_a_record_that_cannot_be_read_stops_the_removal(state):
    (state.root / ".pdd/meta/odd").symlink_to("nowhere")
    with pytest.raises(PddError, match="cannot look for what nothing needs"):
        state.spare()
    assert (state.root / ".pdd/baseline" / SPARE).exists()


def test_sizes_are_told_for_each_part(state):
    state.write("cache/generate/x.json", b"12345")
    state.write("cache/test/x.json", b"1")
    sizes = state.garbage.sizes()
    assert sizes["baseline"] == (3, len(b"neededspareboth"))
    assert (sizes["cache/generate"], sizes["cache/test"]) == ((1, 5), (1, 1))
    shutil.rmtree(state.root / ".pdd/cache")
    assert "cache/test" not in state.garbage.sizes()
