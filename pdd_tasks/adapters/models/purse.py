"""The run's purse: one ledger for all units and threads."""

import os
import time
from collections.abc import Callable
from threading import Lock

from pdd_tasks.core.model.ledger import Ledger
from pdd_tasks.errors import BudgetError


class SharedPurse:
    """A ledger that many threads reserve from and settle with.

    A reservation is checked and made under one lock, so what is spent and reserved
    never exceeds the budget, however many threads ask at once.

    Attributes:
        run: Names this run of the program, in what is kept of it.
    """

    def __init__(
        self, ledger: Ledger, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._ledger, self._clock = ledger, clock
        self._started, self._operations = clock(), 0
        self._lock = Lock()
        self.run = f"{os.getpid():x}-{time.time_ns() // 1_000_000:x}"

    def ledger(self) -> Ledger:
        """Return the ledger as it stands."""
        return self._ledger

    def begin(self, most: int | None, seconds: float | None) -> None:
        """Count an operation that is about to begin.

        Args:
            most: How many a run may begin; None means no limit.
            seconds: As for `check_time`.

        Raises:
            BudgetError: If no further one may begin.
        """
        self.check_time(seconds)
        with self._lock:
            if most is not None and self._operations >= most:
                raise BudgetError(
                    f"max_operations allows {most} in one run, and so many were begun",
                    hint="run the same command again, which goes on, or raise it",
                )
            self._operations += 1

    def check_time(self, seconds: float | None) -> None:
        """Refuse to begin anything once the time of the run is over.

        Args:
            seconds: How long a run may begin something; None means no limit.

        Raises:
            BudgetError: If that time is over.
        """
        if seconds is not None and self._clock() - self._started >= seconds:
            longer = f"max_time={max(2 * seconds, 1):g}"
            raise BudgetError(
                f"the {seconds:g} s that max_time allows are over",
                hint="run the same command again, which goes on, or raise it",
                lift="" if self._ledger.calls else longer,  # else no run gets to a call
            )

    def reserve(self, worst: int | None, unit: str = "") -> None:
        """Set one call's worst case aside.

        Args:
            worst: Micro-dollars the call may cost; None if its price is unknown.
            unit: The unit that asks; empty if nobody needs to know.

        Raises:
            BudgetError: As for `Ledger.reserve`.
        """
        with self._lock:
            self._ledger = self._ledger.reserve(worst, unit)

    def release(self, worst: int | None) -> None:
        """Take back a reservation whose call was not made."""
        with self._lock:
            self._ledger = self._ledger.released(worst)

    def settle(self, worst: int | None, actual: int | None) -> None:
        """Replace a reservation by what was charged.

        Args:
            worst: What was reserved for the call.
            actual: What it cost; None counts the reservation as spent.
        """
        with self._lock:
            self._ledger = self._ledger.settle(worst, actual)
