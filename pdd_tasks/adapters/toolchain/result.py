"""What readers of reports return: the cases of a run, and what of a file was run.

A reader is a pure function of a report's text. It never guesses: what it does not
understand it leaves out, and a run without any case counts as one that broke.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final


REPORT_LIMIT_BYTES: Final = 16_000_000
"""A report is read as a whole or not at all, whatever a person's log is cut to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One test of a report.

    Attributes:
        test: Id inside its file, as `core.model.test_name` makes it; empty of a file
            that could not be loaded.
        outcome: ``passed``, ``failed`` or ``skipped``.
        file: Its file as the report names it; empty if it does not.
        exception: Type of the exception that ended it; may be empty.
        message: What the exception says; may be empty.
        text: All that the report tells of a failure: where it happened is in it.
    """

    test: str
    outcome: str
    file: str = ""
    exception: str = ""
    message: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Covered:
    """What of one file was run.

    Attributes:
        lines: Line that has code → whether it was run.
        branches: How many branches it has; 0 if they were not measured.
        taken: How many of them were taken.
    """

    lines: Mapping[int, bool] = field(default_factory=dict)
    branches: int = 0
    taken: int = 0


ResultReader = Callable[[str], tuple[Case, ...]]
"""The text of a report → its cases, in its order."""

CoverageReader = Callable[[str], Mapping[str, Covered]]
"""The text of a report → file as the report names it → what of it was run."""
