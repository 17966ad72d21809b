"""What all tests share: a line at the end of the run for what is worth knowing."""

from collections.abc import Callable

import pytest


TOLD = "told"


@pytest.fixture
def tell(record_property: Callable[[str, object], None]) -> Callable[[str], None]:
    """Return what shows a line at the end of the run, whichever process ran it."""

    def say(line: str) -> None:
        record_property(TOLD, line)

    return say


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Show what tests told."""
    reports = terminalreporter.getreports("passed")
    for report in reports:
        for name, line in report.user_properties:
            if name == TOLD:
                terminalreporter.write_line(str(line))
