"""The one place that runs child processes.

Rule 1: a child leads its own process group, and on every way out the group is
killed. Rule 2: nobody waits for more than the time limit and a short grace,
whatever a daemon still holds open. Rule 3: a child sees only the variables that
are named for it.

What is not here: a process that starts a session of its own leaves the group, and
only a sandbox holds it.
"""

import contextlib
import os
import select
import signal
import subprocess
import tempfile
import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Final

from pdd_tasks.adapters import usage
from pdd_tasks.adapters.process_groups import (
    AGAIN,
    GROUPS,
    INTERRUPTED,
    kill,
    refuse_if_ended,
)
from pdd_tasks.adapters.tether import tethered
from pdd_tasks.errors import EndedError, RunError


_CHUNK: Final = 65_536
_TICK_S: Final = 0.05  # how soon the end of a child is seen while its pipe is open
_GRACE_S: Final = 0.5  # for output still in the pipe when the child has ended
_DUMP_S: Final = 1.0  # for a child to write its stacks after SIGABRT

_PASSED: Final = ("PATH", "HOME", "TMPDIR", "SYSTEMROOT", "VIRTUAL_ENV")
_FIXED: Final[Mapping[str, str]] = {
    "LC_ALL": "C.UTF-8",
    "TZ": "UTC",
    "COLUMNS": "80",
    "LINES": "24",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished:
    """How a child process ended.

    Attributes:
        exit_code: Its exit code; negative is the signal that ended it.
        output: What it and its children printed, both streams in the order they
            came; the middle is left out if it is longer than the limit.
        errors: What came on standard error, if it was to be kept apart.
        timed_out: True if the time limit ended it.
        seconds: How long it ran.
        left_out: How many bytes of the output were left out.
    """

    exit_code: int
    output: bytes
    timed_out: bool
    seconds: float
    errors: bytes = b""
    left_out: int = 0


@dataclass(slots=True)
class _Captured:
    """The beginning and the end of a stream."""

    limit: int
    head: bytearray = field(default_factory=bytearray)
    tail: bytearray = field(default_factory=bytearray)
    size: int = 0

    def add(self, data: bytes) -> None:
        self.size += len(data)
        room = max(self.limit // 2 - len(self.head), 0)
        self.head += data[:room]
        self.tail += data[room:]
        keep = self.limit - self.limit // 2
        if len(self.tail) > keep + _CHUNK:
            del self.tail[: len(self.tail) - keep]

    @property
    def left_out(self) -> int:
        return max(self.size - self.limit, 0)

    def joined(self) -> bytes:
        if not self.left_out:
            return bytes(self.head + self.tail)
        tail = self.tail[-(self.limit - self.limit // 2) :]
        mark = b"\n[... %d bytes left out ...]\n" % self.left_out
        return bytes(self.head + mark + tail)


def run(
    command: Sequence[str],
    *,
    cwd: Path,
    environment: Mapping[str, str],
    timeout_s: float,
    output_limit_bytes: int,
    given: bytes | None = None,
) -> Finished:
    """Run a program to its end, or to the end of its time.

    Args:
        command: The program and its arguments; no shell is involved.
        cwd: The folder it starts in.
        environment: All of its variables.
        timeout_s: Seconds it may run. Then it gets SIGABRT, which makes a Python
            program print its stacks, and a second later its group is killed.
        output_limit_bytes: More output than this is cut in the middle.
        given: What it reads on standard input; its streams are kept apart then. With
            None it reads nothing.

    Returns:
        How it ended.

    Raises:
        RunError: If it cannot be started.
        EndedError: If `end_all` ended it, or nothing may be started any more.
    """
    refuse_if_ended(repr(command[0]))
    started = time.monotonic()
    output, errors = _Captured(output_limit_bytes), _Captured(output_limit_bytes)
    process = _started(command, cwd, environment, given)
    with _group(process, command):
        pipes = _pipes(process, output, errors)
        timed_out = not _pumped(process, pipes, started + timeout_s)
        if timed_out:
            process.send_signal(signal.SIGABRT)
            _pumped(process, pipes, time.monotonic() + _DUMP_S)
    return Finished(
        exit_code=process.returncode,
        output=output.joined(),
        timed_out=timed_out,
        seconds=time.monotonic() - started,
        errors=errors.joined(),
        left_out=output.left_out,
    )


def child_environment(
    passed: Collection[str], extra: Mapping[str, str]
) -> dict[str, str]:
    """Return the variables for a child: a few of ours, the fixed ones, and extra.

    No other variable of this process is seen by the child, so no key is.

    Args:
        passed: Names that a person asks to pass on; the fixed ones stay fixed.
        extra: Further variables, which win over all others.
    """
    names = (*_PASSED, *passed)
    ours = {name: os.environ[name] for name in names if name in os.environ}
    return {**ours, **_FIXED, **extra}


def _started(
    command: Sequence[str],
    cwd: Path,
    environment: Mapping[str, str],
    given: bytes | None,
) -> subprocess.Popen[bytes]:
    try:
        with _input(given) as stdin:
            return subprocess.Popen(
                tethered(command, cwd, environment),
                cwd=cwd,
                env=dict(environment),
                stdin=stdin,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT if given is None else subprocess.PIPE,
                start_new_session=True,
            )
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        where = "" if cwd.is_dir() else f" in the missing folder {cwd}"
        msg = f"cannot start {command[0]!r}{where}: {str(reason).lower()}"
        raise RunError(
            msg, hint=f"install {command[0]}, or name another interpreter in .pddrc"
        ) from error


@contextlib.contextmanager
def _input(given: bytes | None) -> Iterator[IO[bytes] | int]:
    """Give what a child has as standard input.

    A file, not a pipe: nobody has to feed it, and a child need not read it.

    Yields:
        A file, or the number that stands for no input.
    """
    if given is None:
        yield subprocess.DEVNULL
        return
    with tempfile.TemporaryFile() as file:
        file.write(given)
        file.seek(0)
        yield file


@contextlib.contextmanager
def _group(process: subprocess.Popen[bytes], command: Sequence[str]) -> Iterator[None]:
    """Kill the process group and close the pipes, however the block is left.

    Raises:
        EndedError: If somebody else killed it, to end the whole run.
    """
    GROUPS.add(process.pid)
    try:
        yield
    finally:
        # Before the leader is reaped: until then its number cannot be reused.
        kill(process.pid)
        ended = GROUPS.remove(process.pid)
        _reap(process)
        for stream in filter(None, (process.stdout, process.stderr)):
            stream.close()
    if ended:
        raise EndedError(f"{command[0]!r} {INTERRUPTED}", hint=AGAIN)


def _reap(process: subprocess.Popen[bytes]) -> None:
    """Wait for a process that was killed, and count what it took."""
    if process.returncode is None:
        _, status, taken = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        usage.add(taken)


def _pipes(
    process: subprocess.Popen[bytes], output: _Captured, errors: _Captured
) -> dict[int, _Captured]:
    """Return the open pipes of a process, and where what is read from each goes."""
    streams = ((process.stdout, output), (process.stderr, errors))
    return {stream.fileno(): said for stream, said in streams if stream is not None}


def _pumped(
    process: subprocess.Popen[bytes], pipes: dict[int, _Captured], deadline: float
) -> bool:
    """Return whether the process ended before the deadline; read its output.

    Args:
        process: The process.
        pipes: Open pipe → where what is read from it goes; less those that ended.
        deadline: When to give up, on the monotonic clock.
    """
    while not _has_ended(process):
        left = deadline - time.monotonic()
        if left <= 0:
            return False
        if pipes:
            _read(pipes, min(left, _TICK_S))
        else:
            time.sleep(min(left, _TICK_S / 10))
    kill(process.pid)  # what it left behind would keep the pipes open
    grace = time.monotonic() + _GRACE_S
    while pipes and time.monotonic() < grace:
        _read(pipes, _TICK_S)
    return True


def _has_ended(process: subprocess.Popen[bytes]) -> bool:
    if not hasattr(os, "waitid"):  # macOS before Python 3.13
        return process.poll() is not None
    flags = os.WEXITED | os.WNOHANG | os.WNOWAIT
    return os.waitid(os.P_PID, process.pid, flags) is not None


def _read(pipes: dict[int, _Captured], wait_s: float) -> None:
    """Read what there is, and forget the pipes that have ended."""
    poll = select.poll()
    for pipe in pipes:
        poll.register(pipe, select.POLLIN)
    for pipe, _ in poll.poll(wait_s * 1000):
        data = os.read(pipe, _CHUNK)
        if data:
            pipes[pipe].add(data)
        else:
            del pipes[pipe]
