"""A till with a real purse that remembers what went through it."""

from collections.abc import Iterator
from contextlib import contextmanager

from pdd_tasks.adapters.models.call_gate import Passage
from pdd_tasks.adapters.models.purse import SharedPurse
from pdd_tasks.core.model.ledger import Ledger
from pdd_tasks.core.model.spending import Bill, Charge


class RememberingTill:
    """A till that remembers what went through it.

    Attributes:
        purse: What pays.
        events: What was reserved and settled, in order.
        passed: Each request with its bill.
    """

    def __init__(self, ledger: Ledger) -> None:
        self.purse = SharedPurse(ledger)
        self.events: list[list[object]] = []
        self.passed: list[tuple[Charge, Bill]] = []

    @contextmanager
    def paid(self, charge: Charge) -> Iterator[Passage]:
        """Reserve, and settle by the bill that is put meanwhile."""
        self.purse.reserve(charge.worst)
        self.events.append(["reserve", charge.worst])
        passage = Passage()
        try:
            yield passage
        finally:
            self.purse.settle(charge.worst, passage.bill.cost)
            self.events.append(["settle", charge.worst, passage.bill.cost])
            self.passed.append((charge, passage.bill))
