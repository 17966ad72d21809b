"""How many requests one model may be asked at a time: fewer when it says too many.

The width is halved when the endpoint says that it is asked too often, and grows by one
with each full round of answers. Answers to requests that began before it was halved say
nothing of the new width.

Source: Chiu and Jain, "Analysis of the increase and decrease algorithms for congestion
avoidance", 1989.
"""

from dataclasses import dataclass, replace
from typing import Self


@dataclass(frozen=True, slots=True, kw_only=True)
class Width:
    """The width of one model.

    Attributes:
        allowed: How many requests may be in flight; None as long as nobody complained.
        answered: Good answers since the width last changed.
        era: How often it was halved; a request remembers in which one it began.
    """

    allowed: int | None = None
    answered: int = 0
    era: int = 0

    def admits(self, in_flight: int) -> bool:
        """Return whether one more may begin while some are in flight."""
        return self.allowed is None or in_flight < self.allowed

    def throttled(self, era: int, in_flight: int) -> Self:
        """Return the width after a complaint, at least one.

        Args:
            era: When the request began that met with it.
            in_flight: Requests in flight, with that one.
        """
        if era != self.era:
            return self
        before = in_flight if self.allowed is None else min(self.allowed, in_flight)
        return replace(self, allowed=max(before // 2, 1), answered=0, era=era + 1)

    def succeeded(self, era: int) -> Self:
        """Return the width after a good answer to a request of an era."""
        if self.allowed is None or era != self.era:
            return self
        if self.answered + 1 < self.allowed:
            return replace(self, answered=self.answered + 1)
        return replace(self, allowed=self.allowed + 1, answered=0)
