"""What a model that is paid for needs: a place to pay, one request at a time."""

from contextlib import AbstractContextManager
from typing import Protocol

from pdd_tasks.core.model.spending import Bill, Charge


class Passage(Protocol):
    """A request that is set aside; its bill is put here."""

    bill: Bill


class Till(Protocol):
    """Where a model pays."""

    def paid(self, charge: Charge) -> AbstractContextManager[Passage]:
        """Make one upstream request inside, once it is set aside, or refuse it."""
        ...
