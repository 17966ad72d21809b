"""How somebody waits: looks often, says little, and gives up when it was told to."""

import time
from collections.abc import Callable
from typing import Final

from pdd_tasks.core.model.artifact import UnitId
from pdd_tasks.errors import LockedError


_FIRST_S: Final = 0.001
_LONGEST_S: Final = 0.015  # a look takes a third of a percent of that
_TOLD_AGAIN_S: Final = (60.0, 600.0)  # after the first word; the last for ever


class Patience:
    """One wait for one unit."""

    def __init__(
        self,
        unit: UnitId,
        limit_s: float | None,
        tell: Callable[[str], None],
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """Begin to wait.

        Args:
            unit: The unit.
            limit_s: Seconds to wait; None has no limit.
            tell: Told at once what is waited for, and again from time to time.
            clock: Seconds on a clock that only goes forward.
            sleep: Passes some seconds.
        """
        self._unit, self._limit_s, self._tell = unit, limit_s, tell
        self._clock, self._sleep = clock, sleep
        self._begun = clock()
        self._tell_at, self._told = self._begun, 0
        self._pause = _FIRST_S

    def wait(self, obstacle: str, hint: Callable[[], str]) -> None:
        """Wait a little.

        Args:
            obstacle: What is waited for.
            hint: Returns what a person can do about it.

        Raises:
            LockedError: If the time is over.
        """
        now = self._clock()
        pause = self._pause
        if self._limit_s is not None:
            left = self._begun + self._limit_s - now
            if left <= 0:
                raise self._error(obstacle, hint())
            pause = min(pause, left)
        if now >= self._tell_at:
            self._tell(obstacle)
            gap = _TOLD_AGAIN_S[min(self._told, len(_TOLD_AGAIN_S) - 1)]
            self._tell_at, self._told = now + gap, self._told + 1
        self._sleep(pause)
        self._pause = min(2 * self._pause, _LONGEST_S)

    def _error(self, obstacle: str, hint: str) -> LockedError:
        limit = f"{self._limit_s:g}"
        waited = f"waited {limit} s for" if self._limit_s else "does not wait for"
        msg = f"unit {self._unit}: {waited} {obstacle} (wait={limit})"
        return LockedError(msg, hint=hint)
