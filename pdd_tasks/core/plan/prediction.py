"""What a sync will cost, before it is begun: a middle and a high value.

Each kind of request has a habit: how often it is made for a unit, and how much it sends
and receives. A habit begins as a table and gives way to what the project has seen.
Means and variances add up over requests and units; the sum is read as lognormal, which
is never negative and leans to the dear side, as real costs do. What nobody knows, how
far the habits are off for all units alike, shrinks as the history grows. Amounts are
micro-dollars.

Source: L. F. Fenton, "The sum of log-normal probability distributions in scatter
transmission systems", 1960, for two moments that stand for a sum.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Self

from pdd_tasks.core.model.ledger import MICRO
from pdd_tasks.core.model.settings import Price


_HIGH: Final = 2.2  # standard deviations, so that nine of ten stay below surely
_DRIFT: Final = 0.35  # how far the table may be off, as a part of the sum
_WIDEST: Final = 3.0  # a span that is wider tells nobody anything
_TRUST: Final = 4.0  # so many requests count as much as the table
_UNITS: Final = 2.0  # and so many units
_SPREAD: Final = 0.5  # standard deviation of a reply's length, as a part of its mean


@dataclass(frozen=True, slots=True, kw_only=True)
class Habit:
    """What one kind of request is like.

    Attributes:
        count: How often it is made for a unit, on average.
        spread: Variance of that.
        sent: Tokens sent, on average.
        received: Tokens received, on average.
        varies: Variance of the tokens received.
    """

    count: float
    spread: float
    sent: float
    received: float
    varies: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One request of the project's history.

    Attributes:
        unit: Which unit made it, and in which run.
        kind: What was asked for.
        sent: Tokens sent.
        received: Tokens received.
    """

    unit: str
    kind: str
    sent: int
    received: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Awaited:
    """What a unit will ask of one kind.

    Attributes:
        kind: What is asked for.
        due: Whether at least one request is certain.
        sent: Tokens of the first request; None if it cannot be made yet.
        recorded: Whether the first one's reply is recorded, and costs nothing.
    """

    kind: str
    due: bool = False
    sent: float | None = None
    recorded: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Moments:
    """Mean and variance of a cost, micro-dollars."""

    mean: float = 0.0
    variance: float = 0.0

    def __add__(self, other: Self) -> Self:
        mean, variance = self.mean + other.mean, self.variance + other.variance
        return replace(self, mean=mean, variance=variance)


@dataclass(frozen=True, slots=True, kw_only=True)
class Prediction:
    """What something will cost, micro-dollars.

    Attributes:
        middle: It costs more as often as less: P50.
        high: It costs less in at least nine of ten cases: P90, on the safe side.
    """

    middle: int = 0
    high: int = 0


def _usual(count: float, spread: float, sent: float, received: float) -> Habit:
    varies = (_SPREAD * received) ** 2
    return Habit(
        count=count, spread=spread, sent=sent, received=received, varies=varies
    )


USUAL: Final[Mapping[str, Habit]] = {
    "generate": _usual(1.0, 0.15, 6_000, 4_000),
    "example": _usual(1.0, 0.15, 6_000, 1_000),
    "crash": _usual(0.2, 0.25, 10_000, 4_000),
    "verify": _usual(1.2, 0.3, 7_000, 500),
    "test": _usual(1.2, 0.3, 8_000, 4_000),
    "fix": _usual(0.8, 0.8, 12_000, 4_000),
}
"""What a new unit takes where nothing is known of the project."""

_OTHER: Final = _usual(1.0, 0.3, 8_000, 2_000)


@dataclass(frozen=True, slots=True, kw_only=True)
class Habits:
    """What requests of a project are like.

    Attributes:
        of_kind: Kind → its habit.
        requests: How many requests that was learned from.
        units: And of how many units, each run of one for itself.
    """

    of_kind: Mapping[str, Habit]
    requests: int = 0
    units: int = 0

    @classmethod
    def learned(cls, history: Sequence[Seen]) -> Self:
        """Return the habits that a history shows, as far as it goes."""
        units = {one.unit for one in history}
        by_kind = defaultdict[str, list[Seen]](list)
        for one in history:
            by_kind[one.kind].append(one)
        kinds = {*USUAL, *by_kind}
        found = {
            kind: _habit(USUAL.get(kind, _OTHER), by_kind[kind], units)
            for kind in kinds
        }
        return cls(of_kind=found, requests=len(history), units=len(units))

    def costs(self, awaited: Iterable[Awaited], price: Price) -> Moments:
        """Return what the requests of a unit will cost."""
        found = Moments()
        for one in awaited:
            found += _cost(self.of_kind.get(one.kind, _OTHER), one, price)
        return found

    def predicted(self, costs: Moments) -> Prediction:
        """Return what a sum of costs is likely to be, and what at most."""
        if costs.mean <= 0:
            return Prediction()
        drift = _DRIFT / math.sqrt(1 + self.units / _TRUST)
        relative = costs.variance / costs.mean**2
        sigma = math.sqrt(math.log1p(relative + drift**2))
        middle = costs.mean / math.sqrt(1 + relative)
        high = middle * min(math.exp(_HIGH * sigma), _WIDEST)
        return Prediction(middle=math.ceil(middle), high=math.ceil(high))


def _habit(usual: Habit, seen: Sequence[Seen], units: Iterable[str]) -> Habit:
    """Return a habit between the usual one and what was seen, by its weight."""
    counts = dict.fromkeys(units, 0)
    for one in seen:
        counts[one.unit] += 1
    count, spread = _blend(usual.count, usual.spread, [*counts.values()], _UNITS)
    received = [one.received for one in seen]
    length, varies = _blend(usual.received, usual.varies, received, _TRUST)
    sent, _ = _blend(usual.sent, 0.0, [one.sent for one in seen], _TRUST)
    return Habit(count=count, spread=spread, sent=sent, received=length, varies=varies)


def _blend(
    mean: float, variance: float, values: Sequence[float], trust: float
) -> tuple[float, float]:
    """Return mean and variance of values and of an opinion that has some weight."""
    weight = trust / (trust + len(values))
    if not values:
        return mean, variance
    seen = sum(values) / len(values)
    varies = sum((value - seen) ** 2 for value in values) / len(values)
    blended = weight * mean + (1 - weight) * seen
    return blended, weight * variance + (1 - weight) * varies


def _cost(habit: Habit, awaited: Awaited, price: Price) -> Moments:
    count = max(habit.count, 1.0) if awaited.due else habit.count
    later = max(count - 1.0, 0.0) if awaited.due else 0.0
    reply = habit.received * price.output
    each = habit.sent * price.input + reply
    first = each if awaited.sent is None else awaited.sent * price.input + reply
    if awaited.recorded:
        count, first = later, 0.0
    mean = (first if awaited.due else count * each) + later * each
    varies = count * habit.varies * price.output**2 + habit.spread * each**2
    return Moments(mean=mean / MICRO, variance=varies / MICRO**2)
