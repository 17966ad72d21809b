"""One exclusive kernel lock a unit; fits the port `Locks`.

The kernel frees a lock when its holder ends, however it ends, so nothing is ever
stolen and no file is ever deleted. The note beside a lock tells a person who holds
it; it decides nothing, and an old one does no harm.
"""

import fcntl
import json
import os
import shlex
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from pdd_tasks.adapters.clock import SystemClock
from pdd_tasks.adapters.files import (
    STATE_FOLDER,
    ensure_state_folder,
    make_folders,
    refusing,
)
from pdd_tasks.core.model.artifact import UnitId


_UNKNOWN: Final = "another run"
_PROBE_S: Final = 0.1  # `busy` of another process holds a lock for microseconds


class UnitLocks:
    """The locks of one project, under ``.pdd/locks``."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._folder = root / STATE_FOLDER / "locks"

    @contextmanager
    def hold(self, unit: UnitId, waiting: Callable[[str], None]) -> Iterator[None]:
        """Hold a unit's lock; threads of one process exclude each other too.

        Args:
            unit: The unit.
            waiting: Told once whom it waits for, if it has to wait.

        Yields:
            Nothing.

        Raises:
            PddError: If the lock's file cannot be made or locked.
        """
        # One object a call: an object shared by threads would let a second one in.
        from filelock import FileLock, Timeout

        path = self._path(unit)
        with refusing(f"lock unit {unit}"):
            ensure_state_folder(self._root)
            make_folders(path.parent)
            lock = FileLock(path, thread_local=False, fallback_to_soft=False)
            try:
                lock.acquire(timeout=_PROBE_S, poll_interval=_PROBE_S / 5)
            except Timeout:
                waiting(_holder(_note(path)))
                lock.acquire()
        try:
            _write_note(_note(path))
            yield
        finally:
            lock.release()

    def busy(self, unit: UnitId) -> bool:
        """Return whether a run holds the unit now; writes nothing, not even a file."""
        try:
            descriptor = os.open(self._path(unit), os.O_RDONLY)
        except OSError:  # no such file, or one that is not ours to look at
            return False
        try:
            fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        else:
            return False
        finally:
            os.close(descriptor)

    def _path(self, unit: UnitId) -> Path:
        return self._folder / f"{unit}.lock"


def _note(lock: Path) -> Path:
    return lock.with_suffix(".json")


def _write_note(note: Path) -> None:
    # Written anew, not synced: it informs, and a disk that is full may not stop us.
    value = {
        "command": shlex.join([_program(Path(sys.argv[0])), *sys.argv[1:]]),
        "pid": os.getpid(),
        "since": SystemClock().now(),
    }
    text = json.dumps(value, indent=2, sort_keys=True) + "\n"
    beside = note.with_name(f"{note.name}.tmp")
    with suppress(OSError):
        beside.write_text(text, encoding="utf-8")
        beside.replace(note)


def _program(path: Path) -> str:
    """Return what a person calls the running program: `python -m doit` is doit."""
    return path.parent.name if path.name == "__main__.py" else path.name


def _holder(note: Path) -> str:
    """Return who holds a lock, in words."""
    try:
        value: object = json.loads(note.read_bytes())
    except (OSError, ValueError):
        return _UNKNOWN
    if not isinstance(value, dict) or not isinstance(value.get("pid"), int):
        return _UNKNOWN
    if not _alive(value["pid"]):
        return _UNKNOWN
    command, since = value.get("command"), value.get("since")
    return f"process {value['pid']} ({command}), since {since}"


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except PermissionError:
        return True
    except (ProcessLookupError, OverflowError):
        return False
    return True
