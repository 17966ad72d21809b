"""What all runs of a project spend, against the ceilings that hold for them.

Amounts are integer micro-dollars. What is not here: the one run's own budget
(`pdd_tasks.core.model.ledger`), and where what was spent is kept
(`pdd_tasks.adapters.shared_ledger`).
"""

from dataclasses import dataclass
from typing import Final

from pdd_tasks.core.model.ceiling import Scope
from pdd_tasks.core.model.ledger import dollars
from pdd_tasks.errors import BudgetError


@dataclass(frozen=True, slots=True, kw_only=True)
class Charge:
    """One upstream request that is about to be made.

    Attributes:
        unit: The unit that asks.
        kind: What is asked for; the kind of the request.
        model: Endpoint and model, ``endpoint/model``.
        worst: Micro-dollars it may cost; None if its price is unknown.
        tokens: Tokens it may take, sent and received; 0 if nobody counted.
        characters: Length of what is sent.
    """

    unit: str = ""
    kind: str = ""
    model: str = ""
    worst: int | None = None
    tokens: int = 0
    characters: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Bill:
    """What an upstream request took.

    Attributes:
        cost: Micro-dollars; None if unknown, which counts the worst case as spent.
        tokens_in: Tokens sent; None if not reported.
        tokens_out: Tokens received; None if not reported.
        throttled: Whether the endpoint said that it is asked too often.
        wait_s: Seconds it asks to be left alone; None if it does not say.
    """

    cost: int | None = None
    tokens_in: int | None = None
    tokens_out: int | None = None
    throttled: bool = False
    wait_s: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How one scope stands before a call.

    Attributes:
        scope: The scope.
        limit: Its ceiling, in micro-dollars.
        spent: Settled micro-dollars.
        reserved: Micro-dollars set aside for calls in flight, of all processes.
    """

    scope: Scope
    limit: int
    spent: int = 0
    reserved: int = 0

    @property
    def left(self) -> int:
        """Micro-dollars that can still be set aside."""
        return self.limit - self.spent - self.reserved


def check(standings: tuple[Standing, ...], worst: int | None, place: str) -> None:
    """Refuse a call whose worst case does not fit every scope.

    Args:
        standings: The scopes that have a ceiling.
        worst: Micro-dollars the call may cost; None if its price is unknown, which a
            number of calls holds.
        place: Where the ceilings stand, for messages.

    Raises:
        BudgetError: If it does not fit; the narrowest scope is named.
    """
    for one in standings:
        if (worst or 0) > one.left or (worst is None and one.left <= 0):
            raise BudgetError(
                f"the next call may cost {dollars(worst)}, and"
                f" {dollars(max(one.left, 0))} is left of the {dollars(one.limit)} that"
                f" the ceiling of a {one.scope} allows ({place})",
                hint=_way_out(one, worst).format(scope=one.scope, place=place),
                scope=one.scope,
            )


def _way_out(one: Standing, worst: int | None) -> str:
    """Return what helps; another run only where something else took the money."""
    return _SMALLER if (worst or 0) > one.limit else _WAY_OUT[one.scope]


_RAISE: Final = "raise ceiling: {{{scope}: …}} in {place}"
_SMALLER: Final = f"{_RAISE}, or lower max_tokens, which a call may cost"
_WAY_OUT: Final = {
    Scope.RUN: "run the same command again, or " + _RAISE,
    Scope.UNIT: "run the same command again, or " + _RAISE,
    Scope.STEP: "run the same command again, or " + _RAISE,
    Scope.DAY: "run the same command again tomorrow (UTC), or " + _RAISE,
    Scope.PROJECT: _RAISE,
}
