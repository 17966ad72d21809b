"""What requests to models cost, counted by unit, step, model or day.

Amounts are integer micro-dollars. What is not here: ceilings and reservations
(`spending`), and what will be spent (`pdd_tasks.core.plan.prediction`).
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Self

from pdd_tasks.core.model.step import Step


class By(StrEnum):
    """What costs are counted by."""

    UNIT = "unit"
    STEP = "step"
    MODEL = "model"
    DAY = "day"


OTHER: Final = "other"
"""The step of a request of which it is not on record what it was for."""

_STEPS: Final[Mapping[str, str]] = {
    "": OTHER,
    "analysis": Step.GENERATE,  # of a merge, before code is generated
    "auto_deps": Step.AUTO_DEPS,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Paid:
    """One request that was set aside or paid.

    Attributes:
        day: The day, ``2026-01-31`` in UTC.
        unit: The unit that asked.
        kind: What was asked for; the kind of the request.
        model: Endpoint and model.
        cost: What it cost; None if nobody told, or it is not answered yet.
        worst: What it may have cost; None if no price is known.
        tokens_in: Tokens sent; None if not reported.
        tokens_out: Tokens received; None if not reported.
    """

    day: str
    unit: str
    kind: str
    model: str
    cost: int | None = None
    worst: int | None = None
    tokens_in: int | None = None
    tokens_out: int | None = None

    @property
    def step(self) -> str:
        """The step that it was part of, or the command that is none."""
        return _STEPS.get(self.kind, self.kind)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What some requests cost.

    Attributes:
        requests: How many they were.
        spent: Of those whose cost is known.
        estimated: What the others may have cost at most.
        unpriced: How many have neither a cost nor a price.
        tokens_in: Tokens sent, as far as reported.
        tokens_out: Tokens received, likewise.
    """

    requests: int = 0
    spent: int = 0
    estimated: int = 0
    unpriced: int = 0
    tokens_in: int = 0
    tokens_out: int = 0

    @property
    def sum(self) -> int:
        """All of it."""
        return self.spent + self.estimated

    @classmethod
    def of(cls, found: Iterable[Paid]) -> Self:
        """Return what some requests cost."""
        paid = tuple(found)
        unknown = [one for one in paid if one.cost is None]
        return cls(
            requests=len(paid),
            spent=sum(one.cost or 0 for one in paid),
            estimated=sum(one.worst or 0 for one in unknown),
            unpriced=sum(1 for one in unknown if one.worst is None),
            tokens_in=sum(one.tokens_in or 0 for one in paid),
            tokens_out=sum(one.tokens_out or 0 for one in paid),
        )


_NAMES: Final[Mapping[By, Callable[[Paid], str]]] = {
    By.UNIT: lambda one: one.unit,
    By.STEP: lambda one: one.step,
    By.MODEL: lambda one: one.model,
    By.DAY: lambda one: one.day,
}


def counted(found: Iterable[Paid], by: By) -> Mapping[str, Cost]:
    """Return name → what its requests cost.

    Days and steps are in their order, units and models by what they cost, the
    dearest first; ties by name.

    Args:
        found: The requests.
        by: What they are counted by.
    """
    groups: dict[str, list[Paid]] = {}
    for one in found:
        groups.setdefault(_NAMES[by](one), []).append(one)
    costs = {name: Cost.of(group) for name, group in sorted(groups.items())}
    if by is By.DAY:
        return costs
    if by is By.STEP:
        order = [str(step) for step in Step]
        place = {
            name: order.index(name) if name in order else len(order) for name in costs
        }
        return dict(sorted(costs.items(), key=lambda item: place[item[0]]))
    return dict(sorted(costs.items(), key=lambda item: -item[1].sum))
