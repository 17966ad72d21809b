import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from project import unmeasured_environment

from pdd_tasks.adapters.processes import child_environment, run
from pdd_tasks.adapters.tether import tethered
from pdd_tasks.errors import RunError


PARENT = """
import sys
from pathlib import Path
from pdd_tasks.adapters.processes import child_environment, run
child = "import os, sys, time; print(os.getpid(), file=open(sys.argv[1], 'w')); "
child += "sys.stdout.close(); time.sleep(600)"
run(
    [sys.executable, "-c", child, sys.argv[1]],
    cwd=Path.cwd(),
    environment=child_environment((), {}),
    timeout_s=600,
    output_limit_bytes=1000,
)
"""
PATIENCE_S = 20.0


def test_a_child_ends_with_a_parent_that_is_killed(tmp_path):
    if "--pdeathsig" not in tethered([sys.executable], tmp_path, os.environ):
        pytest.skip("only Linux ends a child with its parent, with setpriv")
    told = tmp_path / "pid"
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, str(told)], env=unmeasured_environment()
    )
    try:
        child = int(awaited(lambda: told.exists() and told.read_text().strip()))
    finally:
        parent.kill()
        parent.wait()
    awaited(lambda: not is_running(child))


def awaited(look):
    """Return what a look finds as soon as it finds something."""
    deadline = time.monotonic() + PATIENCE_S
    while not (found := look()):
        assert time.monotonic() < deadline
    return found


def is_running(pid):
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"  # ended, and nobody in this container has looked


@pytest.mark.parametrize("program", ["no-such-program", "./no-such-program"])
def test_a_program_that_is_not_there_is_told_as_ever(tmp_path, program):
    assert tethered([program], tmp_path, os.environ) == [program]
    with pytest.raises(RunError, match="no such file"):
        run(
            [program],
            cwd=tmp_path,
            environment=child_environment((), {}),
            timeout_s=5,
            output_limit_bytes=100,
        )


def test_a_program_is_looked_for_where_the_child_will_be(tmp_path):
    (tmp_path / "here").write_text("#!/bin/sh\necho started\n")
    (tmp_path / "here").chmod(0o755)
    done = run(
        ["./here"],
        cwd=tmp_path,
        environment=child_environment((), {}),
        timeout_s=20,
        output_limit_bytes=100,
    )
    assert done.output == b"started\n"


def test_nothing_is_started_in_a_folder_that_is_not_there(tmp_path):
    assert tethered(["true"], tmp_path / "gone", os.environ) == ["true"]
