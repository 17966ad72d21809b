"""A program in a terminal of its own, which a test reads and types into."""

import os
import pty
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Mapping, Sequence
from fcntl import ioctl
from pathlib import Path
from typing import Final

from project import clean_environment


_DEADLINE_S: Final = 60.0
_IN_TERMINAL: Final = """
import fcntl, os, sys, termios
fcntl.ioctl(0, termios.TIOCSCTTY, 0)  # so that Ctrl-C comes from it
os.execv(sys.executable, [sys.executable, "-m", *sys.argv[1:]])
"""
_SIZE: Final = struct.pack("HHHH", 40, 120, 0, 0)


class Terminal:
    """A Python program on a pseudo-terminal.

    Attributes:
        text: All that was shown so far, with the signs that steer a terminal.
    """

    def __init__(
        self, folder: Path, words: Sequence[str], variables: Mapping[str, str]
    ) -> None:
        self._ours, theirs = pty.openpty()
        ioctl(theirs, termios.TIOCSWINSZ, _SIZE)
        self._theirs = theirs
        self._before = termios.tcgetattr(theirs)
        self.text = ""
        environment = {"TERM": "xterm-256color", **dict(variables)}
        self._process = subprocess.Popen(
            [sys.executable, "-c", _IN_TERMINAL, *words],
            cwd=folder,
            env=clean_environment() | environment,
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            start_new_session=True,
        )

    def waits_for(self, words: str) -> None:
        """Read until some words were shown that were not shown before."""
        start, end = len(self.text), time.monotonic() + _DEADLINE_S
        while words not in self.text[start:]:
            assert time.monotonic() < end, f"{words!r} was not shown: {self.text}"
            assert self._read(), f"{words!r} was not shown: {self.text}"

    def types(self, keys: str) -> None:
        """Press keys."""
        os.write(self._ours, keys.encode())

    def ends(self) -> int:
        """Read until the program ends, and return its exit code."""
        end = time.monotonic() + _DEADLINE_S
        while self._process.poll() is None:
            assert time.monotonic() < end, f"it does not end: {self.text}"
            self._read()
        while select.select([self._ours], [], [], 0)[0] and self._read():
            pass
        return self._process.returncode

    def gets(self, number: signal.Signals) -> None:
        """Send the program a signal."""
        self._process.send_signal(number)

    @property
    def is_as_before(self) -> bool:
        """Whether the terminal's settings are those that it began with."""
        return termios.tcgetattr(self._theirs) == self._before

    def _read(self) -> bool:
        """Read what there is; return whether the program lives or said something."""
        if select.select([self._ours], [], [], 0.05)[0]:
            self.text += os.read(self._ours, 65536).decode(errors="replace")
            return True
        return self._process.poll() is None

    def close(self) -> None:
        """End the program if it still runs."""
        if self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
        os.close(self._ours)
        os.close(self._theirs)
