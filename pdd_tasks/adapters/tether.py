"""Ties a child's life to ours: it is killed when we are, by whatever kills us.

Best effort: the kernel of Linux does it, asked by `setpriv` of util-linux, which then
becomes the child. Elsewhere a child goes on until its own time limit, or its end. Only
the child itself is tied, not what it starts.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Final


_PROBE_S: Final = 5.0


def tethered(
    command: Sequence[str], cwd: Path, environment: Mapping[str, str]
) -> list[str]:
    """Return the words that start a command so that it ends with the calling thread.

    A program that is not there, or cannot be run, is left as it is: whoever starts it
    is told so by the system.
    """
    if not is_program(command[0], cwd, environment):
        return list(command)
    return [*_launcher(), *command]


def is_program(program: str, cwd: Path, environment: Mapping[str, str]) -> bool:
    """Return whether the system finds a program and may run it."""
    if not cwd.is_dir():
        return False
    if os.sep in program:
        program = str(cwd / program)
    return shutil.which(program, path=environment.get("PATH")) is not None


@cache
def _launcher() -> tuple[str, ...]:
    program = shutil.which("setpriv") if sys.platform == "linux" else None
    if program is None:
        return ()
    words = (program, "--pdeathsig", "KILL", "--")
    try:
        done = subprocess.run(
            [*words, program, "--version"],
            check=False,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=_PROBE_S,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ()
    return () if done.returncode else words  # busybox has another setpriv
