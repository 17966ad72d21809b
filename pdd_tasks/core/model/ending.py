"""How an operation ended, and what it took."""

from dataclasses import dataclass
from enum import StrEnum


class Status(StrEnum):
    """How an operation ended."""

    RUNNING = "running"  # it began, and is at work if its unit is held
    DONE = "done"
    FAILED = "failed"
    CONFLICT = "conflict"  # it waits for a person
    BUDGET = "budget"  # it was not paid for
    INTERRUPTED = "interrupted"  # by a signal, or its process died


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """How an operation ended, and what it took.

    Attributes:
        status: How it ended.
        cost: Micro-dollars; None if unknown.
        calls: Replies received, live or recorded.
        seconds: How long it took.
        error: Why it failed; empty if it did not.
    """

    status: Status
    cost: int | None = 0
    calls: int = 0
    seconds: float = 0.0
    error: str = ""
