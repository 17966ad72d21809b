"""Many processes that hammer one unit while they are killed, stopped and evicted."""

import json
import math
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import hammering
import pytest
from locking import FILE, UNIT

from pdd_tasks.adapters.transactions import Transactions


PROCESSES = 8
STOPPED = 5  # at the most, at a time
IDLE_MS = 60
STOP_S = 4 * IDLE_MS / 1000
END_S = 60.0
PAUSE = threading.Event()  # never set
CHANCE = random.Random()  # noqa: S311 - no secret
AT_THE_HOLDER = 0.3
EVENLY = 0.5
MARGIN = 1.6  # more is done than is asked for
RECORD = ".pdd/locks/backend/widget_typescript.json"


@dataclass(slots=True)
class Chaos:
    """The processes, and what was done to them."""

    root: Path
    parent: "subprocess.Popen[str]"
    running: set[int] = field(default_factory=set)
    stopped: dict[int, float] = field(default_factory=dict)
    done: Counter[str] = field(default_factory=Counter)

    def fill(self) -> None:
        """Have as many processes as there are to be."""
        assert self.parent.stdin is not None
        assert self.parent.stdout is not None
        while len(self.running) + len(self.stopped) < PROCESSES:
            self.parent.stdin.write("one more\n")
            self.parent.stdin.flush()
            self.running.add(int(self.parent.stdout.readline()))

    def victim(self) -> int:
        """Return one that runs; now and then it is whoever holds the unit."""
        holder = 0
        with suppress(OSError):
            holder = int(json.loads((self.root / RECORD).read_bytes())["pid"])
        if holder in self.running and CHANCE.random() < AT_THE_HOLDER:
            return holder
        return CHANCE.choice(sorted(self.running))

    def harm(self) -> None:
        """Kill one, or stop one."""
        one = self.victim()
        self.running.discard(one)
        if CHANCE.random() < EVENLY or len(self.stopped) >= STOPPED:
            os.kill(one, signal.SIGKILL)
            self.done["killed"] += 1
        else:
            os.kill(one, signal.SIGSTOP)
            self.stopped[one] = time.monotonic() + STOP_S
            self.done["stopped"] += 1

    def rage(self, seconds: float, least: Counter[str]) -> None:
        """Harm one after the other for a while, and until enough was done."""
        pace_s = EVENLY * seconds / least["killed"] / MARGIN
        until = time.monotonic() + seconds
        while (now := time.monotonic()) < until or not self.tally >= least:
            assert now < until + END_S, self.tally
            self.fill()
            self.harm()
            self.wake(now)
            PAUSE.wait(pace_s)

    def calm(self) -> None:
        """Harm nobody any more, and see that they get on."""
        self.wake(math.inf)
        self.fill()
        enough = len(self.lines) + PROCESSES
        until = time.monotonic() + END_S
        while len(self.lines) < enough:
            assert time.monotonic() < until, "nobody gets on"
            PAUSE.wait(STOP_S)

    def wake(self, now: float) -> None:
        """Let those go on that have been stopped for long enough."""
        for one in [one for one, until in self.stopped.items() if until <= now]:
            os.kill(one, signal.SIGCONT)
            del self.stopped[one]
            self.running.add(one)

    @property
    def tally(self) -> Counter[str]:
        """What was done, and what came of it."""
        return self.done + Counter(
            evicted=sum("is evicted" in line for line in self.notes),
            refused=self.notes.count("LockLostError"),
        )

    @property
    def lines(self) -> list[str]:
        """The lines of the file."""
        with suppress(FileNotFoundError):
            return (self.root / FILE).read_text().splitlines()
        return []

    @property
    def notes(self) -> list[str]:
        """What the processes noted."""
        return (self.root / hammering.NOTES).read_text().splitlines()


@contextmanager
def chaos(root: Path) -> Iterator[Chaos]:
    """Give processes that hammer; all are gone in the end."""
    command = [sys.executable, hammering.__file__, str(root), str(IDLE_MS)]
    with subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as parent:
        try:
            yield Chaos(root, parent)
        finally:
            os.killpg(parent.pid, signal.SIGKILL)


@pytest.mark.parametrize(
    "seconds, least",
    [
        pytest.param(4.0, Counter(killed=10, stopped=10, evicted=1), id="seconds"),
        pytest.param(
            60.0,
            Counter(killed=200, stopped=200, evicted=10),
            id="a minute",
            marks=pytest.mark.slow,
        ),
    ],
)
def test_no_update_is_lost_in_chaos(tmp_path, tell, seconds, least):
    with chaos(tmp_path) as all_of_them:
        all_of_them.rage(seconds, least)
        all_of_them.calm()
    Transactions(tmp_path).recover(UNIT)
    lines, notes = all_of_them.lines, all_of_them.notes
    done = all_of_them.tally
    published = {n.removeprefix("published ") for n in notes if "published" in n}
    lost = published - set(lines)
    tell(
        f"locks: {PROCESSES} processes, {seconds:g} s: {len(lines)} updates,"
        f" {done['killed']} killed, {done['stopped']} stopped for {STOP_S:g} s,"
        f" {done['evicted']} evicted, {done['refused']} refused at the fence,"
        f" {len(lost)} lost"
    )
    assert lost == set()
    generations = [int(line.split()[0]) for line in lines]
    assert generations == sorted(set(generations))
