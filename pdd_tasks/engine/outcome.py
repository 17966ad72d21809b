"""What a step did and spent, for whoever tells people; grows while it works.

Apart from the work itself, so that a run that finds nothing to do loads none of it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING


if TYPE_CHECKING:  # in signatures alone, and it takes long to load
    from pdd_tasks.core.model.step import Operation, Step
    from pdd_tasks.core.model.unit import DevUnit
    from pdd_tasks.core.prompt.request import Reply


@dataclass(slots=True, kw_only=True)
class Spent:
    """What an operation has spent so far; grows as replies arrive.

    Attributes:
        calls: Replies received, live or recorded.
        recorded: Those that were recorded.
        cost: Micro-dollars; None as soon as one reply's cost is unknown.
        model: The model that answered last.
        labels: What the recordings said they are.
        replies: Keys of the replies that are on record, in order.
    """

    calls: int = 0
    recorded: int = 0
    cost: int | None = 0
    model: str = ""
    labels: set[str] = field(default_factory=set)
    replies: list[str] = field(default_factory=list)

    def add(self, reply: Reply) -> None:
        """Count one reply."""
        self.add_call(reply.cost)
        self.model = reply.model
        self.replies += [reply.key] if reply.key else []
        if reply.recorded:
            self.recorded += 1
            self.labels.add(reply.recorded)

    def add_call(self, cost: int | None) -> None:
        """Count one call, whatever came of it.

        Args:
            cost: Micro-dollars; None if unknown.
        """
        self.calls += 1
        unknown = self.cost is None or cost is None
        self.cost = None if unknown else (self.cost or 0) + (cost or 0)

    def merge(self, other: Spent) -> None:
        """Count what another operation spent."""
        self.calls += other.calls
        self.recorded += other.recorded
        self.model = other.model or self.model
        self.labels |= other.labels
        self.replies += other.replies
        unknown = self.cost is None or other.cost is None
        self.cost = None if unknown else (self.cost or 0) + (other.cost or 0)


@dataclass(slots=True, kw_only=True)
class Outcome:
    """What a step did; grows while it works.

    Attributes:
        because: Reason of the first operation.
        operations: What was done, in order.
        notes: Lines for people.
        spent: Calls and money.
        current: The same of the operation at work, which is not among `spent` yet.
        seconds: How long it took.
    """

    unit: DevUnit
    step: Step
    because: str = ""
    operations: list[Operation] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    spent: Spent = field(default_factory=Spent)
    current: Spent = field(default_factory=Spent)
    seconds: float = 0.0
