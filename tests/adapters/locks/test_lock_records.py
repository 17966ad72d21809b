"""What a holder's record is good for: beats, evictions, fences, and its damage."""

import fcntl
import json
import os
import time

import pytest
from locking import FILE, UNIT, Worker, timing
from unit_locks import OTHER, folder, locks_of, read, record, refuse

from pdd_tasks.adapters.locks.look import Timing
from pdd_tasks.adapters.locks.unit_locks import UnitLocks
from pdd_tasks.core.model.lock import Standing
from pdd_tasks.errors import (
    LockedError,
    LockLostError,
    StateError,
)


IDLE_MS = 100


def test_an_evicted_holder_can_publish_nothing(tmp_path):
    said: list[str] = []
    ours = UnitLocks(tmp_path, say=said.append, timing=timing(IDLE_MS))
    with Worker.start(tmp_path, IDLE_MS) as holder:
        assert holder.does("hold") == "1"
        holder.stop()
        with ours.hold(UNIT, lambda _: None) as hold:
            assert hold.record.generation == 2
            holder.go_on()
            before = read(tmp_path)
            assert holder.does("publish theirs") == "LockLostError"
            assert read(tmp_path) == before
            assert not (tmp_path / FILE).exists()
            assert list((tmp_path / ".pdd/txn").iterdir()) == []
            assert holder.does("beat") == "LockLostError"
            assert holder.does("release") == "done"
            assert ours.busy(UNIT)
        assert holder.does("hold") == "3"
        assert holder.does("publish theirs") == "done"
    (line,) = said
    assert line.startswith(f"backend/widget_typescript: process {holder.pid} (")
    assert "is evicted after" in line


def test_a_silent_holder_is_busy_until_it_is_evicted(tmp_path):
    with Worker.start(tmp_path, IDLE_MS) as holder:
        holder.does("hold")
        locks = UnitLocks(tmp_path, timing=timing(IDLE_MS))
        deadline = time.monotonic() + 30
        while locks.look(UNIT).standing is not Standing.SILENT:
            assert time.monotonic() < deadline
        assert locks.busy(UNIT)
        assert holder.does("publish mine") == "done"  # nobody wanted it meanwhile


def test_a_holder_that_beats_is_not_evicted(tmp_path):
    with Worker.start(tmp_path, IDLE_MS) as holder:
        holder.does("hold")
        first = read(tmp_path)["heartbeat"]
        deadline = time.monotonic() + 30
        while read(tmp_path)["heartbeat"] < first + 3 * IDLE_MS:
            assert holder.does("beat") == "done"
            assert time.monotonic() < deadline
        assert read(tmp_path)["generation"] == 1


def test_a_beat_is_written_once_in_a_while(tmp_path):
    now = [1_000_000]
    locks = UnitLocks(tmp_path, timing=Timing(now_ms=lambda: now[0]))
    with locks.hold(UNIT, refuse):
        for later, written in ((29_999, 1_000_000), (30_000, 1_030_000)):
            now[0] = 1_000_000 + later
            locks.beat(UNIT)
            assert read(tmp_path)["heartbeat"] == written


def test_a_beat_without_a_lock_is_none(tmp_path):
    UnitLocks(tmp_path).beat(UNIT)
    assert list(tmp_path.iterdir()) == []


def test_a_beat_under_a_fence_comes_later(tmp_path):
    locks = UnitLocks(tmp_path, timing=timing(0))
    with locks.hold(UNIT, refuse), locks.fence(UNIT), locks.fence(UNIT):
        first = read(tmp_path)["heartbeat"]
        locks.beat(UNIT)
        assert read(tmp_path)["heartbeat"] == first


def test_a_fence_waits_for_whoever_has_the_mutex(tmp_path):
    said: list[str] = []
    path = folder(tmp_path) / "backend/widget_typescript.lock"

    def say(line):
        said.append(line)
        os.close(taken)  # which frees it

    locks = UnitLocks(tmp_path, say=say, timing=Timing(mutex_s=0.01))
    with locks.hold(UNIT, refuse):
        taken = os.open(path, os.O_RDWR)
        fcntl.flock(taken, fcntl.LOCK_EX)
        with locks.fence(UNIT):
            pass
    assert said == [f"{UNIT}: waits for a process that has {path} locked"]


def test_a_mutex_that_is_taken_is_waited_for_with_the_lock(tmp_path):
    with UnitLocks(tmp_path).hold(UNIT, refuse):
        pass
    taken = os.open(folder(tmp_path) / "backend/widget_typescript.lock", os.O_RDWR)
    fcntl.flock(taken, fcntl.LOCK_EX)
    with (
        pytest.raises(LockedError, match="another run that is taking or publishing"),
        locks_of(tmp_path, wait_s=0.05).hold(UNIT, lambda _: None),
    ):
        pass
    os.close(taken)


@pytest.mark.parametrize(
    "text, generation",
    [
        pytest.param("{", 1, id="no JSON"),
        pytest.param("[]", 1, id="no object"),
        pytest.param('{"pid": "1"}', 1, id="no schema"),
        pytest.param('{"schema": 1, "generation": 8}', 9, id="its generation is kept"),
        pytest.param('{"schema": 1, "generation": true}', 1, id="no generation"),
    ],
)
def test_a_broken_record_of_a_dead_holder_is_taken_over(tmp_path, text, generation):
    with UnitLocks(tmp_path).hold(UNIT, refuse):
        pass
    record(tmp_path).write_text(text)
    said: list[str] = []
    with UnitLocks(tmp_path, say=said.append).hold(UNIT, refuse) as ours:
        assert ours.record.generation == generation
    (line,) = said
    assert line.startswith("backend/widget_typescript: the lock is taken over")
    assert "its record was broken" in line


@pytest.mark.parametrize(
    "text", [pytest.param(None, id="gone"), pytest.param("{", id="broken")]
)
def test_a_holder_without_a_record_is_waited_for_and_publishes_nothing(tmp_path, text):
    told: list[str] = []
    with Worker.start(tmp_path) as holder:
        holder.does("hold")
        record(tmp_path).unlink()
        if text is not None:
            record(tmp_path).write_text(text)

        def waiting(who):
            told.append(who)
            assert holder.does("publish theirs") == "LockLostError"
            holder.begin("release")

        with UnitLocks(tmp_path).hold(UNIT, waiting):
            assert not (tmp_path / FILE).exists()
    assert told == ["a run that left no name"]


def test_a_newer_record_is_refused(tmp_path):
    with UnitLocks(tmp_path).hold(UNIT, refuse):
        pass
    newer = json.dumps({**read(tmp_path), "schema": 2})
    record(tmp_path).write_text(newer)
    locks = UnitLocks(tmp_path)
    with pytest.raises(StateError, match="2 is newer"), locks.hold(UNIT, refuse):
        pass
    assert record(tmp_path).read_text() == newer
    assert not locks.busy(UNIT)


def test_a_holder_of_a_newer_program_is_busy_without_a_name(tmp_path):
    with Worker.start(tmp_path) as holder:
        holder.does("hold")
        record(tmp_path).write_text(json.dumps({**read(tmp_path), "schema": 2}))
        assert UnitLocks(tmp_path).busy(UNIT)
        assert UnitLocks(tmp_path).holder(UNIT) == "a run that left no name"


@pytest.mark.parametrize(
    "token, said",
    [
        pytest.param("another", "it is held by process", id="another's"),
        pytest.param(None, "its record is gone", id="gone"),
    ],
)
def test_a_fence_looks_at_the_record(tmp_path, token, said):
    locks = UnitLocks(tmp_path)
    with locks.hold(UNIT, refuse):
        if token is None:
            record(tmp_path).unlink()
        else:
            other = {**read(tmp_path), "token": token}
            record(tmp_path).write_text(json.dumps(other))
        with pytest.raises(LockLostError, match=said), locks.fence(UNIT):
            raise AssertionError("inside")


def test_a_fence_is_for_the_holder(tmp_path):
    locks = UnitLocks(tmp_path)
    with (
        pytest.raises(LockLostError, match="this process does not hold its lock"),
        locks.fence(UNIT),
    ):
        raise AssertionError("inside")


def test_lock_files_deleted_while_held_let_nobody_overwrite(tmp_path):
    with Worker.start(tmp_path) as holder:
        holder.does("hold")
        for path in sorted(folder(tmp_path).rglob("*"), reverse=True):
            path.rmdir() if path.is_dir() else path.unlink()
        with UnitLocks(tmp_path).hold(UNIT, refuse):
            assert holder.does("publish theirs") == "LockLostError"
        assert not (tmp_path / FILE).exists()


def test_a_look_at_a_unit_writes_nothing(tmp_path):
    locks = UnitLocks(tmp_path)
    assert not locks.busy(UNIT)
    assert locks.look(UNIT).standing is Standing.FREE
    assert locks.units() == ()
    assert list(tmp_path.iterdir()) == []


def test_units_that_were_locked_are_listed(tmp_path):
    locks = UnitLocks(tmp_path)
    with locks.hold(UNIT, refuse), locks.hold(OTHER, refuse):
        assert locks.units() == (UNIT, OTHER)


def test_a_folder_that_is_none_is_not_busy(tmp_path):
    (tmp_path / ".pdd").mkdir()
    (tmp_path / ".pdd/locks").write_text("")
    assert not UnitLocks(tmp_path).busy(UNIT)
