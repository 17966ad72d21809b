"""The programs between languages.yaml and a tool chain, run as the table runs them."""

import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from pdd_tasks.adapters.toolchain import drivers


FOLDER = Path(drivers.__file__).parent


def needs(*programs: str) -> pytest.MarkDecorator:
    gone = [program for program in programs if not shutil.which(program)]
    reason = f"{', '.join(gone)} is not here"
    return pytest.mark.skipif(bool(gone), reason=reason)


def write(project: Path, files: Mapping[str, str]) -> None:
    for name, text in files.items():
        (project / name).parent.mkdir(parents=True, exist_ok=True)
        (project / name).write_text(text)


def run(driver: str, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-I", str(FOLDER / driver), *words],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
