"""Several runs at once, several units at once, and runs that are interrupted."""

import json
import os
import shutil
import signal
from collections import Counter

import psutil
import pytest
from project import DODO, Project
from stages import artifacts, copied, paused, resumed, state

from pdd_tasks.core.model.lock import SILENCE_S


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
HEARS = """
import signal
from pathlib import Path

signal.signal(signal.SIGTERM, lambda *_: Path("heard").touch())
"""
LIMIT = "max_concurrent_syncs=1"
STARTED = "baseline/"  # the first change after generate has its reply


def test_the_second_of_two_runs_waits_and_finds_nothing_to_do(calculator, tmp_path):
    project = copied(calculator.stage("test").before, tmp_path / "project")
    first = paused(project, STARTED, "doit", "sync:calculator")
    second = project.started("sync:calculator")
    assert second.stderr is not None
    waiting = second.stderr.readline()
    done, waited = resumed(first), second.communicate()[0]
    assert f"process {first.pid}" in waiting
    assert "calculator_python" in waiting
    assert "waits" in waiting
    assert done.code == second.returncode == 0
    assert "calculator_python test: nothing left to do" in waited
    assert "sync: 1 unit in sync; nothing to do" in waited
    assert state(project) == state(calculator.end)


def test_two_runs_from_the_beginning_do_each_step_once(calculator, tmp_path):
    project = copied(calculator.stages[0].before, tmp_path / "project")
    first = paused(project, STARTED, "doit", "sync:calculator")
    second = project.started("sync:calculator")
    assert second.stderr is not None
    assert str(first.pid) in second.stderr.readline()
    assert resumed(first).code == 0
    second.communicate()
    assert second.returncode == 0
    meta = json.loads(project.read(".pdd/meta/calculator_python.json"))
    steps = Counter(entry["step"] for entry in meta["history"])
    assert set(steps.values()) == {1}
    assert state(project) == state(calculator.end)
    assert project.pending() == []


def test_a_look_during_a_run_neither_waits_nor_writes(calculator, tmp_path):
    project = copied(calculator.stage("generate").before, tmp_path / "project")
    process = paused(project, STARTED, "doit", "sync:calculator_python:generate")
    before = project.files()
    said = project.doit("pending")
    listed = project.doit("list", "--all", "--status")
    assert project.files() == before
    assert said.code == listed.code == 0
    assert (
        f"calculator_python: another run holds it now: process {process.pid} ("
        in said.out
    )
    assert resumed(process).code == 0


@pytest.mark.parametrize(
    "options, number",
    [
        pytest.param((), signal.SIGINT, id="ctrl-c"),
        pytest.param((), signal.SIGTERM, id="sigterm"),
        pytest.param(("-n", "4", "-P", "thread"), signal.SIGINT, id="ctrl-c-threads"),
        pytest.param(("-n", "4", "-P", "thread"), signal.SIGTERM, id="sigterm-threads"),
    ],
)
def test_an_interrupted_run_ends_its_children_and_the_next_one_completes(
    calculator, tmp_path, options, number
):
    project = copied(calculator.end, tmp_path / "project")
    example = "examples/calculator_example.py"
    good = project.read(example)
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    project.write(example, HANGS.format(pipe=str(pipe)))
    process = project.started("run", *options, "sync:calculator")
    children = [int(word) for word in pipe.read_text().split()]
    process.send_signal(number)
    out, err = process.communicate()
    assert process.returncode == 130, out + err
    assert "Traceback" not in out + err
    assert "interrupted: run the same command again to go on" in out
    assert not any(alive(pid) for pid in children)
    assert "another run holds it" not in project.doit("pending").out
    project.write(example, good)
    said = project.doit("sync:calculator")
    assert said.code == 0, said.text
    assert project.pending() == []


@pytest.mark.parametrize(
    "options",
    [
        pytest.param((), id="alone"),
        pytest.param(("-n", "4", "-P", "thread"), id="threads"),
    ],
)
def test_a_run_that_waits_can_be_interrupted(calculator, tmp_path, options):
    project = copied(calculator.stage("test").before, tmp_path / "project")
    first = paused(project, STARTED, "doit", "sync:calculator")
    second = project.started("run", *options, "sync:calculator")
    assert second.stderr is not None
    assert "waits for process" in second.stderr.readline()
    second.send_signal(signal.SIGINT)
    out, err = second.communicate(timeout=60)
    assert second.returncode == 130, out + err
    assert "Traceback" not in out + err
    assert resumed(first).code == 0
    assert state(project) == state(calculator.end)


def test_whoever_handled_the_signal_before_is_asked_first(calculator, tmp_path):
    project = copied(calculator.end, tmp_path / "project")
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    project.write("examples/calculator_example.py", HANGS.format(pipe=str(pipe)))
    project.write("dodo.py", f"{DODO}{HEARS}")
    process = project.started("sync:calculator")
    pipe.read_text()
    process.terminate()
    out, err = process.communicate()
    assert process.returncode == 130, out + err
    assert (project.root / "heard").exists()


@pytest.mark.parametrize(
    "wait, said",
    [
        pytest.param("0", "does not wait for process", id="not at all"),
        pytest.param("0.2", "waited 0.2 s for process", id="for a while"),
    ],
)
def test_a_run_waits_as_long_as_it_is_told(calculator, tmp_path, wait, said):
    project = copied(calculator.stage("test").before, tmp_path / "project")
    first = paused(project, STARTED, "doit", "sync:calculator")
    second = project.doit("sync:calculator", f"wait={wait}")
    assert second.code == 3, second.text
    assert f"unit calculator_python: {said} {first.pid} (" in second.out
    assert f"`kill {first.pid}`" in second.out
    assert "Traceback" not in second.text
    assert resumed(first).code == 0
    assert state(project) == state(calculator.end)


def test_only_so_many_units_are_worked_on_at_a_time(tmp_path):
    both = tmp_path / "both"
    for name in ("calculator", "roman"):
        inner = Project.of_example(name, tmp_path)
        shutil.copytree(inner.root, both, dirs_exist_ok=True)
    project = Project.in_folder(both)
    first = paused(project, STARTED, "doit", "sync:calculator", LIMIT)
    second = project.doit("sync:roman", LIMIT, "wait=0")
    assert second.code == 3, second.text
    assert "does not wait for a place: 1 at a time (max_concurrent_syncs)" in second.out
    assert resumed(first).code == 0
    all_of_it = project.doit("run", "-n", "4", "-P", "thread", LIMIT)
    assert all_of_it.code == 0, all_of_it.text
    assert "2 units in sync" in all_of_it.out


def test_locks_may_lie_outside_of_the_project(synced, tmp_path):
    synced.doit("forget", "sync:calculator_python:crash")
    shutil.rmtree(synced.root / ".pdd/locks")
    runtime = {"XDG_RUNTIME_DIR": str(tmp_path / "runtime")}
    said = synced.doit("sync:calculator", "lock_dir=runtime", **runtime)
    assert said.code == 0, said.text
    assert not (synced.root / ".pdd/locks").exists()
    assert len(list((tmp_path / "runtime/pdd/locks").iterdir())) == 1
    refused = synced.doit("sync:calculator", "lock_dir=runtime")
    assert refused.code == 3
    assert "XDG_RUNTIME_DIR is not set" in refused.err


def test_a_run_that_was_stopped_for_long_publishes_nothing(calculator, tmp_path):
    project = copied(calculator.stage("test").before, tmp_path / "project")
    first = paused(project, STARTED, "doit", "sync:calculator")
    path = project.root / ".pdd/locks/calculator_python.json"
    record = json.loads(path.read_bytes())
    long_ago = record["heartbeat"] - round(SILENCE_S * 2000)
    path.write_text(json.dumps({**record, "heartbeat": long_ago, "idle": 0}))
    second = project.doit("sync:calculator")
    assert second.code == 0, second.text
    assert f"process {first.pid} (" in second.err
    assert "is evicted after" in second.err
    after = state(project)
    late = resumed(first)
    assert late.code == 1
    assert "its lock was taken over while this run was silent" in late.out
    assert state(project) == after
    assert after == state(calculator.end)


def test_units_sync_side_by_side_in_threads(tmp_path):
    for name in ("calculator", "roman"):
        inner = Project.of_example(name, tmp_path)
        (inner.root / "dodo.py").unlink()
    (tmp_path / "dodo.py").write_text(DODO.replace("()\n", '("*")\n'))
    project = Project(tmp_path)
    said = project.doit("run", "-n", "4", "-P", "thread")
    assert said.code == 0, said.text
    assert "2 units in sync" in said.out
    assert project.pending() == []
    again = project.doit("run", "-n", "4", "-P", "thread")
    assert (again.code, again.out) == (0, "sync: 2 units in sync; nothing to do\n")


def test_processes_are_refused_before_anything_runs(calculator, tmp_path):
    project = copied(calculator.stage("generate").before, tmp_path / "project")
    before = artifacts(project)
    said = project.doit("run", "-n", "2", "-P", "process", "sync:calculator")
    assert said.code != 0
    assert "-P thread" in said.text
    assert "Traceback" not in said.text
    assert artifacts(project) == before


def alive(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
