"""Bounds the files that a program and its children write: a disk is not theirs to fill.

Best effort: the kernel of Linux does it, asked by `prlimit` of util-linux, which then
becomes the program. Elsewhere only the time limit bounds them.
"""

import shutil
import sys
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

from pdd_tasks.adapters.tether import is_program


def with_bound_files(
    command: Sequence[str], limit: int, cwd: Path, environment: Mapping[str, str]
) -> list[str]:
    """Return the words that start a command none of whose files grows beyond a limit.

    A program that is not there is left as it is: whoever starts it is told so.

    Args:
        command: The command.
        limit: Bytes.
        cwd: The folder it starts in.
        environment: All of its variables.
    """
    bounding = _prlimit()
    if bounding is None or not is_program(command[0], cwd, environment):
        return list(command)
    return [bounding, f"--fsize={limit}", "--", *command]


@cache
def _prlimit() -> str | None:
    return shutil.which("prlimit") if sys.platform == "linux" else None
