"""A folder for tests that sync thousands of files to a disk that need not be one."""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest


MEMORY = Path("/dev/shm")  # noqa: S108 - what is made there has a name of its own


@pytest.fixture
def memory_path(tmp_path: Path) -> Iterator[Path]:
    """Return an empty folder, in memory where there is such a place."""
    if not os.access(MEMORY, os.W_OK):
        yield tmp_path
        return
    with tempfile.TemporaryDirectory(dir=MEMORY) as folder:
        yield Path(folder)
