"""Who this process is, as the record of a lock tells others; nothing here decides."""

import hashlib
import os
import shlex
import sys
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Final

from pdd_tasks.core.model.lock import LockRecord


_BOOT_ID: Final = Path("/proc/sys/kernel/random/boot_id")
_DRIFT: Final = timedelta(seconds=2)  # start times are told from a clock that is set


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """What does not change while a process lives; see `LockRecord`."""

    pid: int
    parent: int
    start: str
    boot_id: str
    host: str
    exe_hash: str
    command: str


def owner() -> Owner:
    """Return who this process is; looked up once, and again after a fork."""
    return _owner(os.getpid())


@lru_cache(maxsize=1)
def _owner(pid: int) -> Owner:
    return Owner(
        pid=pid,
        parent=os.getppid(),
        start=_start(pid),
        boot_id=boot_id(),
        host=os.uname().nodename,
        exe_hash=_digest(Path(sys.executable)),
        command=_command(sys.argv),
    )


@lru_cache(maxsize=1)
def boot_id() -> str:
    """Return what names this boot of the machine; empty if it cannot be told."""
    with suppress(OSError):
        return _BOOT_ID.read_text(encoding="ascii").strip()
    import psutil

    with suppress(psutil.Error, OSError):
        return f"{psutil.boot_time():.0f}"
    return ""


def process_status(record: LockRecord) -> str | None:
    """Return what the system says of a holder's process, as `ps` says it.

    None if there is none, or if its number is by now another process's.
    """
    return status_of(record.pid, record.start)


def status_of(pid: int, start: str) -> str | None:
    """Return what the system says of a process that began at a time; as above."""
    import psutil

    with suppress(psutil.Error, ValueError, OverflowError):
        process = psutil.Process(pid)
        started = datetime.fromtimestamp(process.create_time(), UTC)
        if abs(started - datetime.fromisoformat(start)) <= _DRIFT:
            return str(process.status())
    return None


def _start(pid: int) -> str:
    import psutil

    with suppress(psutil.Error, OSError):  # of a system that tells nothing of it
        started = psutil.Process(pid).create_time()
        return datetime.fromtimestamp(started, UTC).isoformat(timespec="milliseconds")
    return ""


def _digest(executable: Path) -> str:
    with suppress(OSError), executable.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
    return ""


def _command(words: list[str]) -> str:
    """Return what a person typed: `python -m doit` is doit."""
    path = Path(words[0])
    program = path.parent.name if path.name == "__main__.py" else path.name
    return shlex.join([program, *words[1:]])
