"""Processes that all change one file of one unit, and are killed and stopped.

As a program it is their parent, which forks one for each line it reads and answers with
its number:

    python tests/hammering.py ROOT IDLE_MS

Each takes the unit, reads the file, thinks, and publishes the file with one more line:
its generation and its number. Only the lock keeps it from publishing over another's
line, for it looks at the file once more right before it publishes. What was published
is then noted in a second file, and so is every eviction.
"""

import os
import random
import signal
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from locking import FILE, UNIT, timing, write

from pdd_tasks.adapters.locks.unit_locks import UnitLocks
from pdd_tasks.adapters.transactions import Transactions
from pdd_tasks.errors import DisplacedError, LockLostError


NOTES = "notes"
THINKS_S = 0.02  # at the most, in two parts


@dataclass(frozen=True, slots=True)
class Hammer:
    """One of the processes."""

    root: Path
    locks: UnitLocks
    notes: int

    def note(self, line: str) -> None:
        """Note something, in one piece whoever else does."""
        os.write(self.notes, f"{line}\n".encode())

    def strike(self) -> None:
        """Add one line to the file."""
        with self.locks.hold(UNIT, lambda _: None) as hold:
            publisher = Transactions(self.root, fence=self.locks.fence)
            publisher.recover(UNIT)
            path = self.root / FILE
            text = path.read_text() if path.exists() else ""
            self.think()
            line = f"{hold.record.generation} {os.getpid()}"
            publisher.publish(UNIT, [write(self.root, f"{text}{line}\n")])
            self.note(f"published {line}")

    def think(self) -> None:
        """Take some time, and make progress in the middle of it."""
        time.sleep(random.uniform(0, THINKS_S / 2))  # noqa: S311 - no secret
        self.locks.beat(UNIT)
        time.sleep(random.uniform(0, THINKS_S / 2))  # noqa: S311

    def run(self) -> NoReturn:
        """Strike until somebody ends this process."""
        while True:
            try:
                self.strike()
            except (LockLostError, DisplacedError) as error:
                self.note(f"{type(error).__name__}")


def hammer(root: Path, idle_ms: int) -> Hammer:
    """Return one of the processes, before it runs."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND
    notes = os.open(root / NOTES, flags, 0o666)

    def say(line: str) -> None:
        os.write(notes, f"said {line}\n".encode())

    locks = UnitLocks(root, say=say, timing=timing(idle_ms))
    return Hammer(root=root, locks=locks, notes=notes)


def main(root: Path, idle_ms: int) -> None:
    """Fork a process for each line that is read."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the kernel buries them
    one = hammer(root, idle_ms)
    for _ in sys.stdin:
        child = os.fork()
        if not child:
            random.seed()
            one.run()
        print(child, flush=True)  # noqa: T201 - the test reads it


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
