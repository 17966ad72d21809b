import os
from dataclasses import asdict

import pytest

from pdd_tasks.adapters.locks.owner import boot_id, owner, process_status
from pdd_tasks.core.model.lock import LockRecord


def record(**other):
    """Return what this process would record."""
    fixed = {"unit": "", "generation": 1, "token": "", "heartbeat": 0, "idle": 0}
    return LockRecord(**{**fixed, "since": "", **asdict(owner()), **other})


def test_a_process_knows_who_it_is():
    found = owner()
    assert (found.pid, found.parent) == (os.getpid(), os.getppid())
    assert found.host == os.uname().nodename
    assert found.boot_id == boot_id() != ""
    assert found.start.endswith("+00:00")
    assert len(found.exe_hash) == 64
    assert found.command
    assert owner() is found


@pytest.mark.parametrize(
    "other, status",
    [
        pytest.param({}, "running", id="itself"),
        pytest.param({"start": "2001-01-01T00:00:00+00:00"}, None, id="another's now"),
        pytest.param({"start": "yesterday"}, None, id="no time"),
        pytest.param({"pid": 2**22 + 1}, None, id="ended"),
        pytest.param({"pid": 2**80}, None, id="no process number"),
        pytest.param({"pid": -1}, None, id="less than nothing"),
    ],
)
def test_a_process_is_known_by_number_and_start(other, status):
    assert process_status(record(**other)) == status
