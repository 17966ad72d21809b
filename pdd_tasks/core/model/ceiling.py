"""Limits of what may be spent that are committed with a project.

Amounts are integer micro-dollars.
"""

from dataclasses import dataclass
from enum import StrEnum


class Scope(StrEnum):
    """What a ceiling is a ceiling of."""

    RUN = "run"  # one run of the program
    UNIT = "unit"  # one unit in one run
    STEP = "step"  # one kind of request of one unit in one run
    DAY = "day"  # all runs of the project on one day, in UTC
    PROJECT = "project"  # all runs of the project that are on record


@dataclass(frozen=True, slots=True, kw_only=True)
class Ceiling:
    """Limits that are committed with a project, micro-dollars; None means no limit.

    Attributes:
        place: Where they stand, for messages.
    """

    run: int | None = None
    unit: int | None = None
    step: int | None = None
    day: int | None = None
    project: int | None = None
    place: str = ""

    def __bool__(self) -> bool:
        return any(self.of(scope) is not None for scope in Scope)

    def of(self, scope: Scope) -> int | None:
        """Return the limit of a scope; None if it has none."""
        limits = {
            Scope.RUN: self.run,
            Scope.UNIT: self.unit,
            Scope.STEP: self.step,
            Scope.DAY: self.day,
            Scope.PROJECT: self.project,
        }
        return limits[scope]
