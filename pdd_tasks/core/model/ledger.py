"""Money and calls: reserved by the worst case before a call, settled after it.

Amounts are integer micro-dollars: a million of them is one dollar. What is not here:
what more than one run has spent (`spending`).
"""

from dataclasses import dataclass, replace
from typing import Final, Self

from pdd_tasks.errors import BudgetError


MICRO: Final = 1_000_000
_CALLS: Final = "max_calls=20"
HELD_BACK: Final = 5  # one part in so many is kept to finish the units begun


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
        begun: Units that this run has paid for.
    """

    budget: int
    max_calls: int | None = None
    spent: int = 0
    reserved: int = 0
    calls: int = 0
    begun: frozenset[str] = frozenset()

    def reserve(self, worst: int | None, unit: str = "") -> Self:
        """Return the ledger with one call's worst case set aside.

        One part in `HELD_BACK` of the budget is kept to finish the units begun: money
        shall buy whole units instead of halves of many.

        Args:
            worst: Micro-dollars the call may cost; None if its price is unknown.
            unit: The unit that asks; empty if nobody needs to know.

        Raises:
            BudgetError: As for the two checks.
        """
        self._check_calls(worst)
        self._check_money(worst, unit)
        return replace(
            self,
            reserved=self.reserved + (worst or 0),
            calls=self.calls + 1,
            begun=self.begun | ({unit} - {""}),
        )

    def _check_calls(self, worst: int | None) -> None:
        """Refuse a call beyond their number, or one that no number holds.

        Raises:
            BudgetError: If the calls are used up, or the price is unknown and no
                number of calls caps it.
        """
        if self.max_calls is not None and self.calls >= self.max_calls:
            used = f"all {self.max_calls} calls that max_calls allows are used"
            raise BudgetError(
                used if self.max_calls else "max_calls=0 allows no call",
                hint="raise it, for example max_calls=20",
                lift="" if self.max_calls else _CALLS,
            )
        if worst is None and self.max_calls is None:
            raise BudgetError(
                "what the next call may cost is unknown, so the budget cannot hold",
                hint="cap the calls (max_calls=20), or set prices in .pddrc, or for a"
                " program that takes it command_max_cost",
                lift=_CALLS,
            )

    def _check_money(self, worst: int | None, unit: str) -> None:
        """Refuse a call that the budget does not allow.

        Raises:
            BudgetError: If the worst case does not fit; if it is unknown, and what
                calls said afterwards has used the budget up.
        """
        left = self.budget - self.spent - self.reserved
        if worst is None and left <= 0:
            msg = "the next call has an unknown cost, and nothing is left of the budget"
            raise self._refusal(msg, 0 if self.budget else 1)
        if (worst or 0) > left:
            msg = f"the next call may cost {dollars(worst)}, {dollars(left)} is left"
            raise self._refusal(msg, worst or 0)
        kept = self._kept_from(unit)
        if worst and worst > left - kept:
            msg = (
                f"the unit is not begun: its first call may cost {dollars(worst)},"
                f" {dollars(left)} is left of the budget, and {dollars(kept)} of it is"
                " kept to finish the units begun"
            )
            raise self._refusal(msg, worst)

    def _larger(self, worst: int) -> str:
        """Return a budget that a call fits, and then some."""
        cents = -(-max(2 * self.budget, worst) * 100 // MICRO)
        return f"budget={cents / 100:.2f}"

    def _refusal(self, message: str, worst: int) -> BudgetError:
        """Return the error that a call does not fit: a new run may pay for it."""
        larger = self._larger(worst)
        if worst > self.budget:
            return BudgetError(message, hint=f"raise the budget: {larger}", lift=larger)
        again = "run the same command again, which has a new budget"
        return BudgetError(message, hint=f"{again}, or raise it: {larger}")

    def _kept_from(self, unit: str) -> int:
        """Return what a unit may not touch: a new one leaves some for the others."""
        is_new = bool(unit and self.begun - {unit}) and unit not in self.begun
        return self.budget // HELD_BACK if is_new else 0

    def released(self, worst: int | None) -> Self:
        """Return the ledger without a reservation whose call was not made."""
        return replace(
            self, reserved=self.reserved - (worst or 0), calls=self.calls - 1
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
