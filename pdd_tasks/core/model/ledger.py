"""Money and calls: reserved by the worst case before a call, settled after it.

Amounts are integer micro-dollars: a million of them is one dollar.
"""

from dataclasses import dataclass, replace
from typing import Final, Self

from pdd_tasks.errors import BudgetError


MICRO: Final = 1_000_000


def dollars(amount: int | None) -> str:
    """Return an amount in micro-dollars as people read it; None is unknown."""
    return "cost unknown" if amount is None else f"${amount / MICRO:.4f}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """What one run may spend and has spent.

    Attributes:
        budget: Upper limit in micro-dollars.
        max_calls: Upper limit of upstream requests; None means no limit, and then
            a call of unknown price is refused.
        spent: Settled micro-dollars.
        reserved: Micro-dollars set aside for calls in flight.
        calls: Upstream requests made or in flight.
    """

    budget: int
    max_calls: int | None = None
    spent: int = 0
    reserved: int = 0
    calls: int = 0

    def reserve(self, worst: int | None) -> Self:
        """Return the ledger with one call's worst case set aside.

        Args:
            worst: Micro-dollars the call may cost; None if its price is unknown.

        Raises:
            BudgetError: If the worst case does not fit, the calls are used up, or
                the price is unknown and no number of calls caps it.
        """
        if self.max_calls is not None and self.calls >= self.max_calls:
            msg = f"all {self.max_calls} calls that max_calls allows are used"
            raise BudgetError(msg, hint="raise it, for example max_calls=20")
        if worst is None and self.max_calls is None:
            msg = "the model's price is unknown, so the budget cannot hold"
            raise BudgetError(
                msg, hint="cap the calls (max_calls=20) or set its price in .pddrc"
            )
        left = self.budget - self.spent - self.reserved
        if (worst or 0) > left:
            msg = f"the next call may cost {dollars(worst)}, {dollars(left)} is left"
            raise BudgetError(msg, hint="raise the budget, for example budget=5")
        return replace(
            self, reserved=self.reserved + (worst or 0), calls=self.calls + 1
        )

    def settle(self, worst: int | None, actual: int | None) -> Self:
        """Return the ledger with a reservation replaced by what was charged.

        Args:
            worst: What was reserved for the call.
            actual: What it cost; None counts the reservation as spent.
        """
        charged = (worst or 0) if actual is None else actual
        return replace(
            self,
            reserved=self.reserved - (worst or 0),
            spent=self.spent + charged,
        )
