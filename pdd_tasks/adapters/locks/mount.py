"""Whether the kernel's locks hold where the files of locks lie.

On local file systems they do, and nothing is tried. On those of a network they are
tried, by a child process with a time limit, because a lock on a server without a lock
manager may never return.
"""

import re
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Final, NamedTuple

from pdd_tasks.adapters.processes import child_environment, run
from pdd_tasks.errors import RunError


_MOUNTS: Final = Path("/proc/self/mounts")
_REMOTE: Final = frozenset(
    {
        "9p",
        "afs",
        "ceph",
        "cifs",
        "drvfs",
        "fuse",
        "glusterfs",
        "lustre",
        "nfs",
        "nfs4",
        "prl_fs",
        "smb3",
        "smbfs",
        "vboxsf",
        "virtiofs",
        "vmhgfs",
    }
)
_ONE_MACHINE: Final = frozenset({"nolock", "local_lock=all", "local_lock=flock"})
_LIMIT_S: Final = 5.0
_TRY: Final = """
import fcntl, os, sys, tempfile

with tempfile.NamedTemporaryFile(dir=sys.argv[1], prefix="probe.") as file:
    fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
    try:
        fcntl.flock(os.open(file.name, os.O_RDWR), fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        sys.exit(0)
sys.exit(1)
"""


class Mount(NamedTuple):
    """A mounted file system."""

    point: str
    type: str
    options: frozenset[str]

    @property
    def is_remote(self) -> bool:
        """True if its files, and perhaps its locks, are another machine's."""
        return self.type in _REMOTE or self.type.startswith("fuse.")


def mount_of(path: Path, mounts: str) -> Mount | None:
    """Return the file system a path lies on; None if the table does not tell.

    Args:
        path: The path, absolute and without links.
        mounts: The table of mounts, as ``/proc/self/mounts`` gives it.
    """
    found = None
    for line in mounts.splitlines():
        fields = line.split(" ")
        point = re.sub(r"\\([0-7]{3})", lambda m: chr(int(m[1], 8)), fields[1])
        longer = found is None or len(point) >= len(found.point)
        if longer and path.is_relative_to(point):
            found = Mount(point, fields[2], frozenset(fields[3].split(",")))
    return found


def locks_hold(folder: Path) -> bool:
    """Return whether two descriptors of one file exclude each other in a folder."""
    try:
        ended = run(
            [sys.executable, "-I", "-c", _TRY, str(folder)],
            cwd=folder,
            environment=child_environment((), {}),
            timeout_s=_LIMIT_S,
            output_limit_bytes=1000,
        )
    except RunError:
        return False
    return ended.exit_code == 0 and not ended.timed_out


def doubt(
    folder: Path,
    mounts: str | None = None,
    tried: Callable[[Path], bool] = locks_hold,
) -> str:
    """Return why locks in a folder may not hold, for people; empty if they do.

    Args:
        folder: The folder; it exists.
        mounts: The table of mounts; None reads that of this process.
        tried: Tries whether locks exclude each other.
    """
    if mounts is None:
        mounts = _table()
    found = mount_of(folder.resolve(), mounts)
    if found is None or not found.is_remote:
        return ""
    where = f"the file system of {folder} ({found.type})"
    if not tried(folder):
        return f"locks do not hold on {where}: two runs may work on one unit at a time"
    if found.options & _ONE_MACHINE:
        return f"locks on {where} do not hold between machines"
    return ""


def is_remote(folder: Path, mounts: str | None = None) -> bool:
    """Return whether a folder's files are another machine's, as far as one can tell.

    Args:
        folder: The folder; it exists.
        mounts: The table of mounts; None reads that of this process.
    """
    found = mount_of(folder.resolve(), _table() if mounts is None else mounts)
    return found is not None and found.is_remote


def _table() -> str:
    try:
        return _MOUNTS.read_text(encoding="utf-8", errors="surrogateescape")
    except OSError:  # another system; its local file systems have locks
        return ""


_SEEN: Final[set[Path]] = set()
_GUARD: Final = threading.Lock()


def warning(folder: Path) -> str:
    """Return the doubt about a folder, the first time a process asks; else nothing."""
    with _GUARD:
        if folder in _SEEN:
            return ""
        _SEEN.add(folder)
        because = doubt(folder)
    mend = "set lock_dir to runtime, or sync from one terminal at a time"
    return f"{because}; {mend}" if because else ""
