"""``doit log``, and what becomes of a run that is interrupted or killed."""

import json
import os
import pty
import signal
import subprocess
import sys
import time

import pytest
from model_server import Hang, ModelServer
from project import unmeasured_environment
from surface import live, server_of, unit_project

from pdd_tasks.adapters.journal import read_log
from pdd_tasks.core.model.ending import Status
from pdd_tasks.errors import ConfigError
from pdd_tasks.plugin.logbook import since


NAME = "calculator_python"
STEPS = ["auto-deps", "generate", "example", "crash", "verify", "test"]
LIMIT_S = 60.0


def table(project, *words):
    said = project.doit("log", *words)
    assert said.code == 0, said.text
    assert said.err == ""
    return said.out.splitlines()


def operations(project, *words):
    said = project.doit("log", "--json", *words)
    assert said.code == 0, said.text
    found = json.loads(said.out)
    assert found["schema"] == 1
    return found["operations"], found["units"]


def test_a_word_may_ask_for_a_step_of_a_unit(synced):
    for words in (["calculator:crash"], ["+calculator:cra*"], ["sync:*:crash"]):
        found, _ = operations(synced, *words, "--all-affected")
        assert [one["step"] for one in found] == ["crash"]
    both, _ = operations(synced, "calculator:crash", "calculator_python:test")
    assert [one["step"] for one in both] == ["crash", "test"]
    found, _ = operations(synced, "calculator:crash", "calculator")
    assert [one["step"] for one in found] == STEPS


def test_every_operation_of_a_sync_is_shown_the_newest_last(synced):
    before = synced.files()
    head, *rows, state = table(synced)
    assert head.split()[:3] == ["began", "(UTC)", "unit"]
    assert [row.split()[3] for row in rows] == STEPS
    assert all(" done " in row for row in rows)
    assert rows[1].endswith("there is no code")
    assert state == f"{NAME}: completed"
    assert synced.files() == before


def test_programs_get_one_object(synced):
    found, units = operations(synced)
    assert [one["step"] for one in found] == STEPS
    assert {one["status"] for one in found} == {"done"}
    assert len({one["run"] for one in found}) == 1
    assert found[1]["calls"] == 1
    assert all(one["seconds"] >= 0 for one in found)
    assert units == [{"unit": NAME, "state": "completed"}]


@pytest.mark.parametrize(
    "words, steps",
    [
        pytest.param(("calculator", "-n", "2"), STEPS[-2:], id="last"),
        pytest.param((NAME, "--last=1"), STEPS[-1:], id="last-one"),
        pytest.param(("--unit", "sync:calculator"), STEPS, id="unit"),
        pytest.param(("--step=verify",), ["verify"], id="step"),
        pytest.param(("--status", "failed"), [], id="status"),
        pytest.param(("--since=1h",), STEPS, id="since"),
        pytest.param(("--since=2999-01-01",), [], id="since-then"),
    ],
)
def test_filters(synced, words, steps):
    found, _ = operations(synced, *words)
    assert [one["step"] for one in found] == steps


def test_a_table_without_operations_says_so(synced):
    assert table(synced, "--status=failed") == ["no operations", f"{NAME}: completed"]


@pytest.mark.parametrize(
    "words, said",
    [
        pytest.param(("--step=tset",), "write --step=test", id="step"),
        pytest.param(("--status=dome",), "write --status=done", id="status"),
        pytest.param(("--status=x",), "write --status=running", id="no-status"),
        pytest.param(("--since=soon",), "write --since=2h", id="since"),
        pytest.param(("calculater",), "the nearest are calculator", id="unit"),
    ],
)
def test_what_cannot_be_meant_is_refused(synced, words, said):
    found = synced.doit("log", *words)
    assert found.code == 3
    assert said in found.text
    assert "Traceback" not in found.text


def test_without_a_log_fingerprints_tell_and_nothing_is_written(synced):
    (synced.root / ".pdd/state.db").unlink()
    found, units = operations(synced)
    assert [one["step"] for one in found] == STEPS
    assert {one["seconds"] for one in found} == {None}
    assert units == [{"unit": NAME, "state": "completed"}]
    assert not (synced.root / ".pdd/state.db").exists()


def test_a_broken_log_is_told_and_the_next_sync_mends_it(synced):
    path = synced.root / ".pdd/state.db"
    path.write_bytes(b"no database " * 500)
    said = synced.doit("log")
    assert said.code == 0
    assert "what fingerprints remember is shown" in said.err
    assert synced.doit("sync").err == ""

    (synced.root / "tests/test_calculator.py").write_text("")
    again = synced.doit("sync")

    assert "was broken and is now state.db.broken" in again.err
    assert read_log(synced.root) is not None


def test_operations_leave_the_log_after_their_time(synced):
    tests = synced.root / "tests/test_calculator.py"
    tests.write_text(tests.read_text() + "\n\ndef test_mine():\n    assert True\n")
    assert synced.doit("sync", PDD_LOG_TTL="none").code == 0
    kept, _ = operations(synced)
    assert len(kept) > len(STEPS)
    tests.write_text(tests.read_text() + "\n\ndef test_ours():\n    assert True\n")
    assert synced.doit("sync", PDD_LOG_TTL="0").code == 0
    left, _ = operations(synced)
    assert 0 < len(left) < len(kept)


def test_a_run_that_finds_nothing_to_do_does_not_open_the_log(synced):
    (synced.root / ".pdd/state.db").unlink()
    before = synced.files()
    program = (
        "import sys; from doit.doit_cmd import DoitMain; DoitMain().run(['sync']);"
        "assert not {'sqlite3', 'pdd_tasks.adapters.journal'} & set(sys.modules)"
    )
    environment = unmeasured_environment()  # what measures coverage imports sqlite3
    command = [sys.executable, "-c", program]
    subprocess.run(command, cwd=synced.root, env=environment, check=True)
    assert synced.files() == before


def test_a_unit_that_was_never_synced_has_no_log(tmp_path):
    project = unit_project(tmp_path, "calculator")
    assert table(project) == ["no operations", f"{NAME}: initial"]
    assert not (project.root / ".pdd").exists()


def until(found):
    """Wait for something to be found, at most as long as allowed; return it."""
    end = time.monotonic() + LIMIT_S
    while not (value := found()):
        assert time.monotonic() < end
        time.sleep(0.02)
    return value


@pytest.fixture
def at_work(tmp_path):
    """Return a project, and its sync that waits for a model's answer."""
    project = unit_project(tmp_path, "calculator")
    with ModelServer([Hang()]) as server:
        words = live(server, "sync:calculator")
        with subprocess.Popen(
            [sys.executable, "-m", "doit", *words],
            cwd=project.root,
            env=unmeasured_environment() | {"OPENAI_API_KEY": "nobodys-key"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        ) as process:
            until(lambda: server.requests)
            yield project, process
            process.kill()


def test_what_is_at_work_is_shown_as_running(at_work):
    project, _ = at_work
    found, _ = operations(project, "-n", "1")
    assert [(one["step"], one["status"]) for one in found] == [("generate", "running")]


@pytest.mark.parametrize(
    "number",
    [
        pytest.param(signal.SIGKILL, id="kill"),
        pytest.param(signal.SIGTERM, id="term", marks=pytest.mark.slow),
        pytest.param(signal.SIGINT, id="int", marks=pytest.mark.slow),
    ],
)
def test_whatever_ends_a_run_its_operation_was_interrupted(at_work, number):
    project, process = at_work
    process.send_signal(number)
    process.wait(LIMIT_S)

    found, units = operations(project, "-n", "1")
    assert [(one["step"], one["status"]) for one in found] == [
        ("generate", "interrupted")
    ]
    assert units == [{"unit": NAME, "state": "interrupted"}]
    said = project.doit("pending")
    assert f"{NAME}: the last run was interrupted in generate" in said.out

    with server_of() as server:
        again = project.doit(*live(server, "sync:calculator"), OPENAI_API_KEY="nobodys")
    assert again.code == 0, again.text
    found = read_log(project.root)
    assert found is not None
    entries, states = found
    statuses = [one.status for one in entries if str(one.step) == "generate"]
    assert statuses == [Status.INTERRUPTED, Status.DONE]
    assert states[NAME] == "completed"
    assert "interrupted" not in project.doit("pending").out


@pytest.mark.parametrize(
    "lines, words, is_paged",
    [
        pytest.param("3", (), True, id="long"),
        pytest.param("99", (), False, id="short"),
        pytest.param("3", ("--no-pager",), False, id="asked-not-to"),
        pytest.param("3", ("--json",), False, id="for-programs"),
    ],
)
def test_a_long_table_on_a_terminal_has_pages(synced, lines, words, is_paged):
    ours, theirs = pty.openpty()
    variables = {"PAGER": "sed s/^/PAGE/", "LINES": lines, "TERM": "xterm"}
    with subprocess.Popen(
        [sys.executable, "-m", "doit", "log", *words],
        cwd=synced.root,
        env=unmeasured_environment() | variables,
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
    ) as process:
        os.close(theirs)
        shown = b""
        while piece := read_some(ours):
            shown += piece
    os.close(ours)
    assert process.returncode == 0
    assert b"completed" in shown
    assert (b"PAGEbegan" in shown) is is_paged


def read_some(descriptor):
    """Return what a terminal shows next; nothing once its program has ended."""
    try:
        return os.read(descriptor, 4096)
    except OSError:
        return b""


@pytest.mark.parametrize(
    "text, then",
    [
        pytest.param("90m", "2026-03-01T08:00:00Z", id="minutes"),
        pytest.param("2 h", "2026-03-01T07:30:00Z", id="hours"),
        pytest.param("1d", "2026-02-28T09:30:00Z", id="days"),
        pytest.param("1w", "2026-02-22T09:30:00Z", id="weeks"),
        pytest.param("2026-01-31", "2026-01-31T00:00:00Z", id="date"),
        pytest.param("2026-01-31T12:00", "2026-01-31T12:00:00Z", id="time"),
        pytest.param("2026-01-31T12:00+02:00", "2026-01-31T10:00:00Z", id="zone"),
    ],
)
def test_times_are_understood(text, then):
    assert since(text, "2026-03-01T09:30:00Z") == then


@pytest.mark.parametrize("text", ["soon", "3 fortnights", "999999w", "0001-13-01"])
def test_what_is_no_time_is_refused(text):
    with pytest.raises(ConfigError, match="expected a time"):
        since(text, "2026-03-01T09:30:00Z")
