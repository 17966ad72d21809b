"""What holds for all tests, and a line at the end for what is worth knowing."""

import os
import signal
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest


TOLD = "told"
MEMORY = Path("/dev/shm")  # noqa: S108 - what is made there has a name of its own


def pytest_configure() -> None:
    """Let children be interrupted, also if the tests run in the background.

    A shell without job control lets what it runs by ``&`` ignore Ctrl-C, and every
    child inherits that. A signal that is handled here is a default one there.
    """
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture
def tell(record_property: Callable[[str, object], None]) -> Callable[[str], None]:
    """Return what shows a line at the end of the run, whichever process ran it."""

    def say(line: str) -> None:
        record_property(TOLD, line)

    return say


@pytest.fixture
def memory_path(tmp_path: Path) -> Iterator[Path]:
    """Return an empty folder for thousands of syncs, in memory if there is a place."""
    if not os.access(MEMORY, os.W_OK):
        yield tmp_path
        return
    with tempfile.TemporaryDirectory(dir=MEMORY) as folder:
        yield Path(folder)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Show what tests told."""
    reports = terminalreporter.getreports("passed")
    for report in reports:
        for name, line in report.user_properties:
            if name == TOLD:
                terminalreporter.write_line(str(line))
