from pathlib import Path

import pytest

from pdd_tasks.adapters.locks.mount import Mount, doubt, locks_hold, mount_of, warning


TABLE = """\
/dev/vda / ext4 rw,relatime 0 0
server:/home /home nfs4 rw,vers=4.2 0 0
server:/old /home/old nfs rw,nolock,local_lock=all 0 0
me@box: /home/me/far\\040away fuse.sshfs rw 0 0
tmpfs /home/me/near tmpfs rw 0 0
/dev/vdb /home/me/near ext4 rw 0 0
"""


@pytest.mark.parametrize(
    "path, point, is_remote",
    [
        pytest.param("/etc", "/", False, id="local"),
        pytest.param("/homework", "/", False, id="a name that begins alike"),
        pytest.param("/home/me/x", "/home", True, id="network"),
        pytest.param("/home/me/far away/x", "/home/me/far away", True, id="blank"),
        pytest.param("/home/me/near/x", "/home/me/near", False, id="the last one"),
    ],
)
def test_the_nearest_mount_is_found(path, point, is_remote):
    found = mount_of(Path(path), TABLE)
    assert found is not None
    assert (found.point, found.is_remote) == (point, is_remote)


def test_the_later_of_two_mounts_covers_the_earlier():
    assert mount_of(Path("/home/me/near"), TABLE) == Mount(
        "/home/me/near", "ext4", frozenset({"rw"})
    )


def test_without_a_table_nothing_is_known():
    assert mount_of(Path("/"), "") is None


def refuse(folder):
    raise AssertionError(f"{folder} was tried")


@pytest.mark.parametrize(
    "path, tried, said",
    [
        pytest.param("/etc", refuse, "", id="a local one is not tried"),
        pytest.param("/home", lambda _: True, "", id="a network's that holds"),
        pytest.param(
            "/home",
            lambda _: False,
            "locks do not hold on the file system of /home (nfs4): two runs may work"
            " on one unit at a time",
            id="one that does not",
        ),
        pytest.param(
            "/home/old",
            lambda _: True,
            "locks on the file system of /home/old (nfs) do not hold between machines",
            id="one that holds on one machine",
        ),
    ],
)
def test_a_doubt_is_said(path, tried, said):
    assert doubt(Path(path), TABLE, tried) == said


def test_locks_hold_here(tmp_path):
    assert locks_hold(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_locks_that_cannot_be_tried_do_not_hold(tmp_path):
    assert not locks_hold(tmp_path / "absent")


def test_locks_that_cannot_be_made_do_not_hold():
    assert not locks_hold(Path("/proc"))


def test_a_local_folder_is_no_reason_to_warn(tmp_path):
    assert warning(tmp_path) == warning(tmp_path) == ""
