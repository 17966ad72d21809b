"""How often and how much one model of one endpoint may be asked in a minute.

A limit holds in every minute, whenever it begins, and not only on average: endpoints
count so, too. The clock is a value: seconds that all processes share.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from pdd_tasks.errors import BudgetError


MINUTE_S: Final = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """Upper limits of one minute; None means no limit.

    Attributes:
        calls: Upstream requests.
        tokens: Tokens, sent and received together.
    """

    calls: int | None = None
    tokens: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """A request made, or one that has its time.

    Attributes:
        at: When, in seconds.
        tokens: Tokens it took, or may take.
    """

    at: float
    tokens: int = 0


def start_after(taken: Iterable[Taken], rate: Rate, tokens: int, now: float) -> float:
    """Return the first time at which one more request fits every minute.

    Whoever asks first has the earlier time: nobody starts before a request that has
    its time already, so that none waits for ever.

    Args:
        taken: Requests made, or given a time; those of more than a minute ago do not
            count.
        rate: The limits.
        tokens: Tokens that the request may take.
        now: The present time.

    Raises:
        BudgetError: If the request alone is more than a minute allows.
    """
    if rate.calls is None and rate.tokens is None:
        return now
    _check(rate, tokens)
    queue = sorted(taken, key=lambda one: one.at)
    start = max(now, queue[-1].at) if queue else now
    calls, total = 1, tokens
    for one in reversed(queue):
        calls, total = calls + 1, total + one.tokens
        if _exceeds(rate.calls, calls) or _exceeds(rate.tokens, total):
            return max(start, one.at + MINUTE_S)
    return start


def _exceeds(limit: int | None, number: int) -> bool:
    return limit is not None and number > limit


def _check(rate: Rate, tokens: int) -> None:
    if _exceeds(rate.tokens, tokens):
        raise BudgetError(
            f"the next call may take {tokens} tokens, and max_tokens_per_minute allows"
            f" {rate.tokens}",
            hint="raise it, or lower max_tokens",
        )
