"""The journal over real databases: threads, processes, broken files, closed disks."""

import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from trace_values import calculator_trace

from pdd_tasks.adapters.journal import StateJournal, Told, read_log, rebuilt
from pdd_tasks.adapters.locks.mount import is_remote
from pdd_tasks.adapters.processes import run
from pdd_tasks.adapters.state_db import StateDatabase
from pdd_tasks.adapters.state_schema import SCHEMA
from pdd_tasks.core.model.artifact import UnitId
from pdd_tasks.core.model.ending import Ending, Status
from pdd_tasks.core.model.step import Operation, Step
from pdd_tasks.core.model.unit_state import UnitState
from pdd_tasks.errors import StateError


UNIT = UnitId("calculator", "python")
OTHER = UnitId("backend/widget", "python")
NOW = "2026-03-01T09:30:00Z"
DONE = Ending(status=Status.DONE, cost=1200, calls=2, seconds=1.23456)
FAILED = Ending(status=Status.FAILED, error="it said s3cret")
PROGRAM = """
import sys
from pathlib import Path

from pdd_tasks.adapters.journal import StateJournal, Told
from pdd_tasks.core.model.artifact import UnitId
from pdd_tasks.core.model.ending import Ending, Status
from pdd_tasks.core.model.step import Operation, Step

told = Told(
    past=tuple,
    trace=lambda _: None,
    days=lambda _: 30,
    now=lambda: sys.argv[2],
    announce=print,
)
journal = StateJournal(Path(sys.argv[1]), told)
unit = UnitId(sys.argv[3], "python")
for number in range(20):
    entry = journal.began(unit, Step.GENERATE, Operation.GENERATE, str(number))
    journal.ended(unit, entry, Ending(status=Status.DONE))
"""


class Clock:
    def __init__(self):
        self.at = NOW

    def now(self):
        return self.at


def journal(root, said=None, *, past=(), days=30.0, clock=None):
    told = Told(
        past=lambda: past,
        trace=dict(past).get,
        days=lambda _: days,
        now=(clock or Clock()).now,
        announce=(said if said is not None else []).append,
        redact=lambda text: text.replace("s3cret", "***"),
        run="a-run",
    )
    return StateJournal(root, told)


def begun(one, unit=UNIT, step=Step.GENERATE, because="there is no code"):
    return one.began(unit, step, Operation.GENERATE, because)


def entries(root):
    found = read_log(root)
    assert found is not None
    return found[0]


def database(root):
    return root / ".pdd/state.db"


def test_an_operation_is_recorded_when_it_begins_and_when_it_ends(tmp_path):
    one = journal(tmp_path)
    number = begun(one, because="no s3cret code")
    [running] = entries(tmp_path)
    one.ended(UNIT, number, DONE)
    [done] = entries(tmp_path)

    assert (running.status, running.cost, running.seconds) == (
        Status.RUNNING,
        None,
        None,
    )
    assert (done.status, done.cost, done.calls, done.seconds) == (
        "done",
        1200,
        2,
        1.235,
    )
    assert (done.at, done.unit, done.step) == (NOW, "calculator_python", Step.GENERATE)
    assert (done.operation, done.because) == ("generate", "no *** code")
    assert (done.error, done.run) == ("", "a-run")


def test_a_failure_is_recorded_without_secrets(tmp_path):
    one = journal(tmp_path)
    one.ended(UNIT, begun(one), FAILED)
    [found] = entries(tmp_path)
    assert (found.status, found.error) == (Status.FAILED, "it said ***")
    assert one.state(UNIT) is UnitState.FAILED
    assert b"s3cret" not in database(tmp_path).read_bytes()


def test_the_state_follows_what_is_done(tmp_path):
    one = journal(tmp_path)
    assert one.state(UNIT) is UnitState.INITIAL
    assert not database(tmp_path).exists()
    one.ended(UNIT, begun(one), DONE)
    one.reached(UNIT, Step.GENERATE, at_rest=False)
    assert one.state(UNIT) is UnitState.CODE_GENERATED
    assert one.state(OTHER) is UnitState.INITIAL
    one.reached(UNIT, Step.TEST, at_rest=True)
    assert one.state(UNIT) is UnitState.COMPLETED


def test_what_never_ended_was_interrupted_once_its_unit_is_worked_on_again(tmp_path):
    one = journal(tmp_path)
    begun(one)
    begun(one, OTHER)
    begun(journal(tmp_path), step=Step.TEST)
    statuses = [(one.unit, one.status) for one in entries(tmp_path)]
    assert statuses == [
        ("calculator_python", Status.INTERRUPTED),
        ("backend/widget_python", Status.RUNNING),
        ("calculator_python", Status.RUNNING),
    ]
    assert one.state(UNIT) is UnitState.INTERRUPTED
    assert one.state(OTHER) is UnitState.INITIAL


def test_a_run_whose_unit_was_taken_over_changes_nothing_any_more(tmp_path):
    late = journal(tmp_path)
    number = begun(late)
    one = journal(tmp_path)
    one.ended(UNIT, begun(one), DONE)
    one.reached(UNIT, Step.GENERATE, at_rest=False)
    late.ended(UNIT, number, FAILED)
    statuses = [found.status for found in entries(tmp_path)]
    assert statuses == [Status.INTERRUPTED, Status.DONE]
    assert one.state(UNIT) is UnitState.CODE_GENERATED


def test_an_interruption_is_recorded_as_one(tmp_path):
    one = journal(tmp_path)
    one.ended(UNIT, begun(one), Ending(status=Status.INTERRUPTED))
    assert one.state(UNIT) is UnitState.INTERRUPTED


def test_a_change_that_cannot_be_is_told_and_the_fingerprint_counts(tmp_path):
    said: list[str] = []
    one = journal(tmp_path, said)
    one.ended(UNIT, begun(one), DONE)
    one.reached(UNIT, Step.VERIFY, at_rest=False)
    assert any("a bug in the operation log" in line for line in said)
    assert one.state(UNIT) is UnitState.INITIAL


def test_a_unit_that_came_with_its_fingerprint_goes_on_from_there(tmp_path):
    said: list[str] = []
    begun(journal(tmp_path), OTHER)
    one = journal(tmp_path, said, past=[(UNIT, calculator_trace())])
    one.ended(UNIT, begun(one), DONE)
    one.reached(UNIT, Step.VERIFY, at_rest=False)
    assert said == []
    assert one.state(UNIT) is UnitState.VERIFIED


@pytest.mark.parametrize(
    "days, left",
    [
        pytest.param(30.0, 2, id="thirty"),
        pytest.param(None, 3, id="for-ever"),
        pytest.param(1e300, 3, id="nearly-for-ever"),
        pytest.param(0.0, 1, id="none"),
    ],
)
def test_old_operations_are_dropped_when_a_new_one_begins(tmp_path, days, left):
    clock = Clock()
    for at in ("2026-01-01T00:00:00Z", "2026-02-20T00:00:00Z", NOW):
        clock.at = at
        one = journal(tmp_path, clock=clock, days=days)
        one.ended(UNIT, begun(one), DONE)
    assert len(entries(tmp_path)) == left


def test_a_lost_log_is_made_anew_from_fingerprints_with_one_notice(tmp_path):
    said: list[str] = []
    trace = calculator_trace()
    one = journal(tmp_path, said, past=[(UNIT, trace)])
    begun(one)
    begun(one, OTHER)
    found = [one for one in entries(tmp_path) if one.run == ""]
    assert [one.because for one in found] == [one.because for one in trace.history]
    assert {one.status for one in found} == {Status.DONE}
    assert len(said) == 1
    assert "was not there and is made anew" in said[0]
    assert [one.at for one in rebuilt(UNIT, trace)] == [one.at for one in trace.history]


def test_a_new_project_has_nothing_to_be_told(tmp_path):
    said: list[str] = []
    begun(journal(tmp_path, said))
    assert said == []


@pytest.mark.parametrize(
    "harm",
    [
        pytest.param(
            lambda path: path.write_bytes(b"no database " * 500), id="foreign"
        ),
        pytest.param(
            lambda path: path.write_bytes(path.read_bytes()[:6000]), id="cut-off"
        ),
        pytest.param(
            lambda path: path.write_bytes(
                path.read_bytes()[:4096] + b"\xff" * (path.stat().st_size - 4096)
            ),
            id="torn",
        ),
        pytest.param(lambda path: dropped(path, "operation"), id="no-table"),
    ],
)
def test_a_broken_log_is_moved_aside_and_made_anew(tmp_path, harm):
    begun(journal(tmp_path))
    harm(database(tmp_path))
    said: list[str] = []
    one = journal(tmp_path, said, past=[(UNIT, calculator_trace())])
    number = begun(one)
    one.ended(UNIT, number, DONE)
    assert len(said) == 1
    assert "was broken and is now state.db.broken" in said[0]
    assert (tmp_path / ".pdd/state.db.broken").exists()
    assert entries(tmp_path)[-1].status is Status.DONE


def dropped(path, table):
    connection = sqlite3.connect(path)
    connection.execute(f"DROP TABLE {table}")
    connection.commit()
    connection.close()


def test_an_empty_file_becomes_a_log(tmp_path):
    database(tmp_path).parent.mkdir()
    database(tmp_path).touch()
    assert read_log(tmp_path) is None
    begun(journal(tmp_path))
    assert len(entries(tmp_path)) == 1


@pytest.mark.parametrize("place", ["state.db", ""])
def test_a_disk_that_refuses_costs_one_warning_and_nothing_else(tmp_path, place):
    if place:
        (tmp_path / ".pdd" / place).mkdir(parents=True)
    else:
        (tmp_path / ".pdd").write_text("in the way")
    said: list[str] = []
    one = journal(tmp_path, said)
    assert begun(one) == 0
    one.ended(UNIT, 0, DONE)
    one.reached(UNIT, Step.GENERATE, at_rest=True)
    assert len(said) == 1
    assert said[0].startswith("warning: the operations of this run are not in the log")
    assert one.state(UNIT) is UnitState.INITIAL


def test_a_log_of_a_newer_program_is_left_alone(tmp_path):
    begun(journal(tmp_path))
    connection = sqlite3.connect(database(tmp_path))
    connection.execute(f"PRAGMA user_version = {SCHEMA + 1}")
    connection.close()
    before = database(tmp_path).read_bytes()
    said: list[str] = []
    assert begun(journal(tmp_path, said)) == 0
    assert "newer than this program" in said[0]
    assert database(tmp_path).read_bytes() == before
    with pytest.raises(StateError, match="newer"):
        read_log(tmp_path)


def test_a_log_that_another_holds_too_long_misses_one_operation(tmp_path):
    said: list[str] = []
    one = journal(tmp_path, said)
    begun(one)
    holder = sqlite3.connect(database(tmp_path), isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    assert begun(one, because="lost") == 0
    holder.execute("ROLLBACK")
    holder.close()
    assert begun(one, because="kept") > 0
    assert len(said) == 1
    assert "one operation is not in the log" in said[0]
    assert [one.because for one in entries(tmp_path)][1:] == ["kept"]


def test_reading_writes_nothing_whether_or_not_the_log_is_in_use(tmp_path):
    assert read_log(tmp_path) is None
    assert not (tmp_path / ".pdd").exists()
    begun(journal(tmp_path))
    names = sorted(path.name for path in (tmp_path / ".pdd").iterdir())
    assert len(entries(tmp_path)) == 1
    assert sorted(path.name for path in (tmp_path / ".pdd").iterdir()) == names
    user = sqlite3.connect(database(tmp_path), isolation_level=None)
    user.execute("UPDATE operation SET because = 'in use'")
    assert [one.because for one in entries(tmp_path)] == ["in use"]
    user.close()


def test_a_broken_log_cannot_be_read(tmp_path):
    database(tmp_path).parent.mkdir()
    database(tmp_path).write_bytes(b"no database " * 500)
    with pytest.raises(StateError, match="cannot be read") as caught:
        read_log(tmp_path)
    assert "remove it" in caught.value.hint


def test_a_state_that_nobody_knows_any_more_counts_as_none(tmp_path):
    one = journal(tmp_path)
    one.reached(UNIT, Step.GENERATE, at_rest=False)
    connection = sqlite3.connect(database(tmp_path))
    connection.execute("UPDATE unit_state SET state = 'of old'")
    connection.commit()
    connection.close()
    assert one.state(UNIT) is UnitState.INITIAL
    one.reached(UNIT, Step.GENERATE, at_rest=False)
    assert one.state(UNIT) is UnitState.CODE_GENERATED


def test_threads_and_processes_write_into_one_log(tmp_path):
    def run(name):
        arguments = [sys.executable, "-c", PROGRAM, str(tmp_path), NOW, name]
        return subprocess.run(arguments, check=True, capture_output=True, text=True)

    one = journal(tmp_path)

    def work(number):
        unit = UnitId(f"thread{number}", "python")
        one.ended(unit, begun(one, unit), DONE)

    with ThreadPoolExecutor(8) as pool:
        ended = [*pool.map(run, ["a", "b", "c"]), *pool.map(work, range(20))]
    assert [one.stdout for one in ended[:3]] == ["", "", ""]
    found = entries(tmp_path)
    assert len(found) == 80
    assert {one.status for one in found} == {Status.DONE}
    names = sorted(path.name for path in (tmp_path / ".pdd").glob("state.db*"))
    assert names == ["state.db"]


@pytest.mark.parametrize(
    "remote, mode",
    [
        pytest.param(False, "wal", id="local"),
        pytest.param(True, "delete", id="network"),
    ],
)
def test_on_a_network_there_is_no_log_beside_the_database(tmp_path, remote, mode):
    said: list[str] = []
    one = StateDatabase(tmp_path, lambda _: 0, said.append, remote=lambda _: remote)
    one.write(lambda connection: connection.execute("DELETE FROM operation"), None)
    connection = sqlite3.connect(database(tmp_path))
    assert connection.execute("PRAGMA journal_mode").fetchone()[0] == mode
    connection.close()
    assert said == []


def test_a_folder_on_a_network_is_told_from_one_that_is_not():
    mounts = "/dev/x / ext4 rw 0 0\nserver:/y /net nfs4 rw 0 0\n"
    assert is_remote(Path("/net/project"), mounts)
    assert not is_remote(Path("/home/project"), mounts)
    assert not is_remote(Path("/home/project"), "")
    assert not is_remote(Path("/proc"))


def test_what_an_operation_takes_of_the_machine_is_on_record(tmp_path):
    kept = journal(tmp_path)
    entry = kept.began(UNIT, Step.TEST, Operation.RUN_TESTS, "due")
    run(
        [sys.executable, "-c", ""],
        cwd=tmp_path,
        environment={},
        timeout_s=60,
        output_limit_bytes=10,
    )
    kept.ended(UNIT, entry, DONE)
    found = read_log(tmp_path)
    assert found is not None
    (one,) = found[0]
    assert one.cpu is not None
    assert one.cpu > 0
    assert (one.memory or 0) > 1_000_000
    assert one.children == 1


def test_a_log_of_the_first_schema_is_shown_and_brought_up_to_date(tmp_path):
    kept = journal(tmp_path)
    kept.ended(UNIT, kept.began(UNIT, Step.TEST, Operation.RUN_TESTS, "due"), DONE)
    path = tmp_path / ".pdd/state.db"
    connection = sqlite3.connect(path)
    for column in ("cpu", "memory", "children"):
        connection.execute(f"ALTER TABLE operation DROP COLUMN {column}")
    connection.execute("DROP TABLE charge")
    connection.execute("PRAGMA user_version = 1")
    connection.close()

    before = read_log(tmp_path)
    assert before is not None
    assert [(one.cost, one.cpu) for one in before[0]] == [(1200, None)]
    kept.ended(UNIT, kept.began(UNIT, Step.FIX, Operation.FIX, "due"), DONE)
    after = read_log(tmp_path)
    assert after is not None
    assert [one.cpu is None for one in after[0]] == [True, False]
