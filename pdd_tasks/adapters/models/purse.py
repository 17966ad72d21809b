"""The run's purse: one ledger for all units and threads."""

from threading import Lock

from pdd_tasks.core.model.ledger import Ledger


class SharedPurse:
    """A ledger that many threads reserve from and settle with.

    A reservation is checked and made under one lock, so what is spent and reserved
    never exceeds the budget, however many threads ask at once.
    """

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._lock = Lock()

    def ledger(self) -> Ledger:
        """Return the ledger as it stands."""
        return self._ledger

    def reserve(self, worst: int | None) -> None:
        """Set one call's worst case aside.

        Args:
            worst: Micro-dollars the call may cost; None if its price is unknown.

        Raises:
            BudgetError: As for `Ledger.reserve`.
        """
        with self._lock:
            self._ledger = self._ledger.reserve(worst)

    def settle(self, worst: int | None, actual: int | None) -> None:
        """Replace a reservation by what was charged.

        Args:
            worst: What was reserved for the call.
            actual: What it cost; None counts the reservation as spent.
        """
        with self._lock:
            self._ledger = self._ledger.settle(worst, actual)
