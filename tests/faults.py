"""The library `faults.c`, compiled, and programs that run under it."""

import ctypes
import json
import os
import shutil
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path
from typing import Any, Final

import pytest
from project import unmeasured_environment


SOURCE: Final = Path(__file__).with_name("faults.c")
KILL, TEAR, SHORT = -1, -2, -3


@cache
def library() -> Path:
    """Return the compiled library; skip the test where there can be none."""
    compiler = shutil.which("cc")
    if compiler is None or sys.platform != "linux":
        pytest.skip("faults are injected with a C compiler and the loader of Linux")
    built = Path(tempfile.mkdtemp(prefix="faults-")) / "faults.so"
    options = ["-O1", "-shared", "-fPIC", "-o", str(built), str(SOURCE), "-ldl"]
    done = subprocess.run(
        [compiler, *options], check=False, capture_output=True, text=True
    )
    if done.returncode:
        pytest.skip(f"the library for faults cannot be compiled: {done.stderr}")
    return built


def environment(**variables: str) -> dict[str, str]:
    """Return the variables of a program that has the library."""
    plain = unmeasured_environment() | {"PYTHONDONTWRITEBYTECODE": "1"}
    return plain | {"LD_PRELOAD": str(library())} | variables


def told(script: Path, *words: str) -> Any:
    """Return what a script that has the library prints as JSON."""
    done = subprocess.run(
        [sys.executable, script, *words],
        env=environment(),
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def recorded(root: Path, script: Path, *words: str, at: int = 0, do: int = 0) -> str:
    """Return the log of what a script changed in a folder, a fault at one call."""
    log = root.with_suffix(".log")
    log.unlink(missing_ok=True)
    variables = environment(
        FAULTS_UNDER=str(root),
        FAULTS_LOG=str(log),
        FAULTS_AT=str(at),
        FAULTS_DO=str(do),
    )
    subprocess.run(
        [sys.executable, script, *words],
        env=variables,
        check=False,
        capture_output=True,
    )
    return log.read_text(encoding="utf-8")


class Faults:
    """The library from inside a program that was started with it."""

    def __init__(self) -> None:
        self._library = ctypes.CDLL(None)

    def arm(self, at: int, what: int, folder: Path, *, stays: bool = False) -> None:
        """Let something happen at the n-th change in a folder, counted from now."""
        self._library.faults_arm(at, what, int(stays), os.fsencode(folder))

    def disarm(self) -> int:
        """Let nothing happen any more; return how many changes there were."""
        self._library.faults_disarm()
        return int(self._library.faults_count())
