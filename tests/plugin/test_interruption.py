"""Runs of many units that are asked to end: what is left, and how soon."""

import os
import shlex
import signal
import sqlite3
import subprocess
import threading
import time
from contextlib import closing
from pathlib import Path

import psutil
import pytest
from calculator_texts import CODE, PROMPT, TESTS
from model_server import Hang, ModelServer
from project import Project
from surface import live, unit_project

from pdd_tasks.errors import EndedError
from pdd_tasks.plugin.interruption import Activity, command_again


UNITS = tuple(f"u{number}" for number in range(8))
RUN = ("run", "-n", "8", "-P", "thread")
SOON_S = 2.0
HANGS = """
import os
import signal
import subprocess
import sys

child = subprocess.Popen([sys.executable, "-c", "import signal; signal.pause()"])
with open({pipe!r}, "w") as stream:
    stream.write(f"{{os.getpid()}} {{child.pid}}")
signal.pause()
"""


@pytest.mark.parametrize(
    "send",
    [
        pytest.param(lambda pid: os.killpg(pid, signal.SIGINT), id="ctrl-c"),
        pytest.param(lambda pid: os.kill(pid, signal.SIGINT), id="sigint to it alone"),
        pytest.param(lambda pid: os.kill(pid, signal.SIGTERM), id="sigterm"),
    ],
)
def test_eight_units_that_run_programs_end_soon_and_leave_nothing(tmp_path, send):
    project, pipes = hanging_project(tmp_path)
    process = project.started(*RUN, "max_concurrent_runs=8", start_new_session=True)
    children = [int(word) for pipe in pipes for word in pipe.read_text().split()]
    asked = time.monotonic()
    send(process.pid)
    out, err = process.communicate()
    took = time.monotonic() - asked
    assert (process.returncode, "Traceback" in out + err) == (130, False), out + err
    assert len(children) == 2 * len(UNITS)
    assert not any(alive(pid) for pid in children)
    assert f"go on: {said(*RUN, 'max_concurrent_runs=8')}\n" in out
    assert "not finished: u0_python, u1_python, u2_python and 5 more units" in out
    assert statuses(project).count("interrupted") == len(UNITS)
    assert left_behind(project) == []
    assert took < SOON_S


def test_units_that_wait_for_a_model_end_soon(tmp_path):
    with ModelServer(lambda _: Hang()) as server:
        project = unit_project(tmp_path, *UNITS[:3])
        process = project.started(*RUN, *live(server), start_new_session=True)
        wait_for(lambda: len(server.requests) == 3, process)
        asked = time.monotonic()
        process.send_signal(signal.SIGINT)
        out, err = process.communicate()
        took = time.monotonic() - asked
    assert process.returncode == 130, out + err
    assert "Traceback" not in out + err
    assert "not finished: u0_python, u1_python, u2_python\n" in out
    assert "another run holds it" not in project.doit("pending").out
    assert took < SOON_S


def test_a_second_request_ends_it_at_once(tmp_path):
    with ModelServer(lambda _: Hang()) as server:
        project = unit_project(tmp_path, *UNITS[:2])
        process = project.started(*RUN, *live(server), start_new_session=True)
        wait_for(lambda: len(server.requests) == 2, process)
        assert process.stdout is not None
        process.send_signal(signal.SIGINT)
        while "interrupting" not in process.stdout.readline():
            assert process.poll() is None
        process.send_signal(signal.SIGINT)
        out, err = process.communicate()
    assert process.returncode == 130, out + err
    assert "go on" not in out
    assert "Traceback" not in err


def test_what_is_at_work_may_come_to_its_end():
    activity, is_in, goes = Activity(), threading.Event(), threading.Event()

    def work():
        with activity.at_work():
            is_in.set()
            goes.wait()

    thread = threading.Thread(target=work)
    thread.start()
    is_in.wait()
    assert not activity.end(0)
    goes.set()
    assert activity.end(60)
    thread.join()


def test_nothing_begins_once_a_run_ends():
    activity = Activity()
    assert activity.end(0)
    with pytest.raises(EndedError, match="was not begun"), activity.at_work():
        pass


@pytest.mark.parametrize(
    "words, again",
    [
        pytest.param(["/v/bin/doit", "sync:a"], "doit sync:a", id="a program"),
        pytest.param(["/v/doit/__main__.py", "run"], "doit run", id="a module"),
        pytest.param(
            ["doit", "label=two words"], "doit 'label=two words'", id="quoted"
        ),
    ],
)
def test_the_command_to_go_on_can_be_copied(words, again):
    assert command_again(words) == again


def hanging_project(folder: Path) -> tuple[Project, list[Path]]:
    """Return a project of units whose examples say who they are and then hang."""
    project = Project.in_folder(folder / "project")
    pipes = []
    for name in UNITS:
        pipe = folder / name
        os.mkfifo(pipe)
        pipes.append(pipe)
        project.write(f"prompts/{name}_python.prompt", PROMPT)
        project.write(f"src/{name}.py", CODE)
        project.write(f"examples/{name}_example.py", HANGS.format(pipe=str(pipe)))
        project.write(f"tests/test_{name}.py", TESTS.replace("calculator", name))
    return project, pipes


def said(*words: str) -> str:
    """Return a command as it is told to go on."""
    return shlex.join(["doit", *words])


def wait_for(is_so, process: "subprocess.Popen[str]") -> None:
    """Wait until something is so, while a process lives."""
    end = time.monotonic() + 60
    while not is_so():
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < end
        time.sleep(0.01)


def statuses(project: Project) -> list[str]:
    """Return how the operations in the log ended."""
    with closing(sqlite3.connect(project.root / ".pdd/state.db")) as connection:
        return [row[0] for row in connection.execute("SELECT status FROM operation")]


def left_behind(project: Project) -> list[str]:
    """Return open transactions, and proofs of life of who holds a lock."""
    state = project.root / ".pdd"
    found = [*state.glob("txn/*"), *state.glob("locks/alive/*")]
    return [str(path) for path in found]


def alive(pid: int) -> bool:
    """Return whether a process runs."""
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
