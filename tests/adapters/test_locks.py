import json
import os
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest

from pdd_tasks.adapters.locks.unit_locks import UnitLocks
from pdd_tasks.core.model.artifact import UnitId
from pdd_tasks.errors import PddError


UNIT = UnitId("backend/widget", "typescript")
HOLD = """
import sys
from pathlib import Path
from pdd_tasks.adapters.locks.unit_locks import UnitLocks
from pdd_tasks.core.model.artifact import UnitId
with UnitLocks(Path(sys.argv[1])).hold(UnitId("backend/widget", "typescript"), print):
    print("held", flush=True)
    sys.stdin.read()
"""


@contextmanager
def another_process(root):
    """Another process that holds the unit until its input ends."""
    command = [sys.executable, "-c", HOLD, str(root), "sync:widget"]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"held\n"
        yield process


def refuse(who):
    raise AssertionError(f"waited for {who}")


def note(root):
    return root / ".pdd/locks/backend/widget_typescript.json"


def test_a_free_unit_is_held_at_once(tmp_path):
    locks = UnitLocks(tmp_path)
    with locks.hold(UNIT, refuse):
        assert locks.busy(UNIT)
    assert not locks.busy(UNIT)
    with locks.hold(UNIT, refuse):
        assert locks.busy(UNIT)


def test_units_do_not_wait_for_each_other(tmp_path):
    locks = UnitLocks(tmp_path)
    with locks.hold(UNIT, refuse), locks.hold(UnitId("widget", "typescript"), refuse):
        assert not locks.busy(UnitId("widget", "python"))


def test_who_waits_is_told_once_who_holds(tmp_path):
    told = []
    with another_process(tmp_path) as holder:

        def waiting(who):
            told.append(who)
            holder.stdin.close()

        with UnitLocks(tmp_path).hold(UNIT, waiting):
            pass

    (who,) = told
    assert who.startswith(f"process {holder.pid} (-c {tmp_path} sync:widget), since 2")


def test_a_unit_held_by_another_process_is_busy(tmp_path):
    with another_process(tmp_path) as holder:
        assert UnitLocks(tmp_path).busy(UNIT)
        holder.stdin.close()
        holder.wait()
        assert not UnitLocks(tmp_path).busy(UNIT)


def test_a_killed_holder_leaves_the_unit_free(tmp_path):
    with another_process(tmp_path) as holder:
        holder.kill()
        holder.wait()
    with UnitLocks(tmp_path).hold(UNIT, refuse):
        assert json.loads(note(tmp_path).read_bytes())["pid"] == os.getpid()


def test_a_look_at_a_unit_writes_nothing(tmp_path):
    assert not UnitLocks(tmp_path).busy(UNIT)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(None, id="absent"),
        pytest.param("{", id="broken"),
        pytest.param("[]", id="not a note"),
        pytest.param('{"pid": "1"}', id="no process"),
        pytest.param(json.dumps({"pid": 2**22 + 1}), id="an ended process"),
        pytest.param(json.dumps({"pid": 2**80}), id="no process number"),
    ],
)
def test_a_note_that_says_nothing_is_tolerated(tmp_path, text):
    told = []
    with another_process(tmp_path) as holder:
        note(tmp_path).unlink()
        if text is not None:
            note(tmp_path).write_text(text)

        def waiting(who):
            told.append(who)
            holder.stdin.close()

        with UnitLocks(tmp_path).hold(UNIT, waiting):
            pass
    assert told == ["another run"]


def test_threads_of_one_process_exclude_each_other(tmp_path):
    locks = UnitLocks(tmp_path)
    inside = []
    overlaps = []
    start = threading.Barrier(4)

    def work(number):
        start.wait()
        for _ in range(10):
            with locks.hold(UNIT, lambda _: None):
                inside.append(number)
                (tmp_path / "touched").touch()  # gives the other threads a chance
                overlaps.append(list(inside) != [number])
                inside.remove(number)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, range(4)))

    assert overlaps == [False] * 40


def test_a_failure_inside_frees_the_unit(tmp_path):
    locks = UnitLocks(tmp_path)
    with pytest.raises(KeyError), locks.hold(UNIT, refuse):
        raise KeyError
    assert not locks.busy(UNIT)


def test_a_lock_file_is_never_removed(tmp_path):
    locks = UnitLocks(tmp_path)
    with locks.hold(UNIT, refuse):
        pass
    lock = tmp_path / ".pdd/locks/backend/widget_typescript.lock"
    first = lock.stat().st_ino
    with locks.hold(UNIT, refuse):
        assert lock.stat().st_ino == first


def test_a_lock_that_cannot_be_made_is_an_error_for_people(tmp_path):
    (tmp_path / ".pdd").write_text("a file where the folder belongs")
    with (
        pytest.raises(PddError, match="cannot lock unit backend/widget_typescript"),
        UnitLocks(tmp_path).hold(UNIT, refuse),
    ):
        pass
