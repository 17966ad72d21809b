"""A process that holds a unit, and what tests let it do meanwhile.

As a program it does one thing for each line it reads, and answers with one line:

    python tests/locking.py ROOT IDLE_MS [SETTING...]

``hold`` takes the lock, ``publish TEXT`` replaces the project's file by a text,
``fork`` leaves a child behind that lives until it is killed, ``child`` one that takes
the lock, too, ``beat`` beats, and ``release`` lets go. The answer is the last word on
it, or the name of an error.
"""

import os
import signal
import subprocess
import sys
from contextlib import ExitStack, nullcontext
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Self

from pdd_tasks.adapters.files import raw_digest
from pdd_tasks.adapters.locks.look import Timing
from pdd_tasks.adapters.locks.unit_locks import UnitLocks
from pdd_tasks.adapters.transactions import Transactions
from pdd_tasks.core.model.artifact import UnitId
from pdd_tasks.core.model.publication import Write
from pdd_tasks.errors import PddError


UNIT = UnitId("backend/widget", "typescript")
FILE = PurePosixPath("src/widget.ts")
NEVER_MS = 10**9


def timing(idle_ms: int) -> Timing:
    """Return times under which a holder is silent after some milliseconds."""
    return Timing(floor_s=idle_ms / 1000, beat_s=idle_ms / 4000)


@dataclass(frozen=True, slots=True)
class Worker:
    """Another process, as tests see it."""

    process: "subprocess.Popen[str]"

    @classmethod
    def start(cls, root: Path, idle_ms: int = NEVER_MS) -> Self:
        """Start one."""
        command = [sys.executable, __file__, str(root), str(idle_ms)]
        return cls(
            subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
            )
        )

    @property
    def pid(self) -> int:
        """Its number."""
        return self.process.pid

    def begin(self, line: str) -> None:
        """Let it do something, and do not wait for it."""
        assert self.process.stdin is not None
        self.process.stdin.write(f"{line}\n")
        self.process.stdin.flush()

    def answer(self) -> str:
        """Return what it says next."""
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()

    def does(self, line: str) -> str:
        """Let it do something, and return what it says."""
        self.begin(line)
        return self.answer()

    def stop(self) -> None:
        """Stop it, and wait until it has stopped."""
        os.kill(self.pid, signal.SIGSTOP)
        os.waitid(os.P_PID, self.pid, os.WSTOPPED | os.WNOWAIT)

    def go_on(self) -> None:
        """Let it go on."""
        os.kill(self.pid, signal.SIGCONT)

    def kill(self) -> None:
        """Kill it, and wait until it is gone."""
        self.process.kill()
        self.process.communicate()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.process.kill()
        self.process.communicate()


def write(root: Path, text: str) -> Write:
    """Return what replaces the project's file as it stands."""
    path = root / FILE
    old = raw_digest(path.read_bytes()) if path.exists() else None
    return Write(path=FILE, data=text.encode(), expected=old)


def act(words: list[str], root: Path, locks: UnitLocks, held: ExitStack) -> str:
    """Do what a line says and return the answer."""
    match words:
        case ["hold"]:
            ours = held.enter_context(locks.hold(UNIT, lambda _: None))
            return str(ours.record.generation)
        case ["publish", text]:
            publisher = Transactions(root, fence=locks.fence)
            publisher.publish(UNIT, [write(root, text)])
        case ["beat"]:
            locks.beat(UNIT)
        case ["release"]:
            held.close()
        case ["fork" | "child" as kind]:
            return str(waiting(locks if kind == "child" else None))
        case ["fork", *inner]:
            return forked(inner, root, locks, held)
        case _:
            return "not understood"
    return "done"


def waiting(locks: UnitLocks | None) -> int:
    """Return a child that waits to be killed, and holds the unit if it can."""
    reading, writing = os.pipe()
    if not (child := os.fork()):
        with locks.hold(UNIT, lambda _: None) if locks else nullcontext():
            os.write(writing, b".")
            signal.pause()
    os.read(reading, 1)
    os.close(reading)
    os.close(writing)
    return child


def forked(words: list[str], root: Path, locks: UnitLocks, held: ExitStack) -> str:
    """Return what a forked child answers."""
    reading, writing = os.pipe()
    if not os.fork():
        answer = "none"
        try:
            answer = act(words, root, locks, held)
        except PddError as error:
            answer = type(error).__name__
        finally:
            os.write(writing, answer.encode())
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as stream:
        return stream.read()


def main(root: Path, idle_ms: int) -> None:
    """Do what the lines of the standard input say."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the kernel buries children
    locks = UnitLocks(root, timing=timing(idle_ms))
    with ExitStack() as held:
        for line in sys.stdin:
            try:
                answer = act(line.split(), root, locks, held)
            except PddError as error:
                answer = type(error).__name__
            print(answer, flush=True)  # noqa: T201 - the test reads it


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
