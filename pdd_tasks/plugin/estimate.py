"""What a sync will cost, from the requests it would make and the project's history.

It is loaded where something is due: whoever has nothing to do reads no history.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Final, NamedTuple, Protocol

from pdd_tasks.adapters.models.price import bundled_price
from pdd_tasks.adapters.models.reply_cache import is_recorded
from pdd_tasks.adapters.spending_log import Past, Spending, past_requests, spending
from pdd_tasks.core.model.agent import agent_of
from pdd_tasks.core.model.ledger import dollars
from pdd_tasks.core.model.settings import ModelSettings, Price, Provider, Replies
from pdd_tasks.core.model.step import PAID, Operation, Step
from pdd_tasks.core.model.unit import DevUnit
from pdd_tasks.core.plan.plan import Plan
from pdd_tasks.core.plan.prediction import Awaited, Habits, Moments, Prediction, Seen
from pdd_tasks.core.prompt.request import Request
from pdd_tasks.engine.rehearsal import first_request
from pdd_tasks.engine.world import World
from pdd_tasks.errors import ConfigError, StateError


TOKEN: Final = 3.2  # characters of code and prose, until the model has said more
_FREE: Final = Price(input=0, output=0)
_KINDS: Final[Mapping[Step, str]] = {
    Step.UPDATE: "update",
    Step.GENERATE: "generate",
    Step.EXAMPLE: "example",
    Step.CRASH: "crash",
    Step.VERIFY: "verify",
    Step.TEST: "test",
    Step.FIX: "fix",
}
_RARE: Final = frozenset({Step.AUTO_DEPS, Step.UPDATE})  # not by themselves


class Project(Protocol):
    """Units, and the ports to their projects."""

    top: Path

    def world(self, unit: DevUnit) -> World:
        """Return the world of a unit's project."""
        ...


class UnitCost(NamedTuple):
    """What one unit will cost.

    Attributes:
        costs: Mean and variance; None if no price is known.
        prediction: What is likely, and what at most; None as above.
        recorded: Of how many first requests the reply is recorded.
    """

    costs: Moments | None
    prediction: Prediction | None
    recorded: int = 0


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """What a sync will cost.

    Attributes:
        units: Id of a unit that has something due → what it will cost.
        total: All of them; None if no price is known for one of them.
        requests: From how many requests of the past that was learned.
        unpriced: Models whose price nobody knows.
        today: What was spent today, by all runs.
    """

    units: Mapping[str, UnitCost]
    total: Prediction | None
    requests: int
    unpriced: tuple[str, ...]
    today: Spending

    @property
    def lines(self) -> tuple[str, ...]:
        """It in a few lines; none if there is nothing to say of money."""
        return tuple(filter(None, (self.line, self._spent)))

    @property
    def _spent(self) -> str:
        today = self.today
        if not today.sum and not today.unknown:
            return ""
        parts = {
            "calls that told no cost": today.estimated,
            "what killed runs may have cost": today.orphaned,
            "calls in flight": today.reserved,
        }
        said = [
            f"{dollars(amount)} of it {of}" for of, amount in parts.items() if amount
        ]
        calls = "call" if today.unknown == 1 else "calls"
        more = [f"and {today.unknown} {calls} of unknown cost"] if today.unknown else []
        return ", ".join([f"spent today: {dollars(today.sum)}", *said, *more])

    @property
    def line(self) -> str:
        """The prediction; empty if nothing is asked of a model that has a name."""
        if self.unpriced:
            names = " and ".join(self.unpriced)
            return (
                f"cost unknown: no price is known for {names}; set prices in .pddrc to"
                " have it predicted"
            )
        if self.total is None or not self.total.high:
            return ""
        seen = f", by {self.requests} requests of the past" if self.requests else ""
        return (
            f"this will cost about {dollars(self.total.middle)}, hardly more than"
            f" {dollars(self.total.high)}{seen}"
        )

    @property
    def mapping(self) -> Mapping[str, object]:
        """It as plain values for JSON."""
        return {
            **_amounts(self.total),
            "requests": self.requests,
            "today": asdict(self.today),
            "unpriced": list(self.unpriced),
        }

    def of(self, unit: str) -> Mapping[str, object] | None:
        """Return what one unit will cost; None if nothing of it is due."""
        found = self.units.get(unit)
        if found is None:
            return None
        return {**_amounts(found.prediction), "recorded": found.recorded}


def _amounts(prediction: Prediction | None) -> Mapping[str, int | None]:
    if prediction is None:
        return {"p50": None, "p90": None}
    return {"p50": prediction.middle, "p90": prediction.high}


def estimate(project: Project, plans: Iterable[tuple[DevUnit, Plan]]) -> Estimate:
    """Return what doing what is due will cost; runs and writes nothing.

    Args:
        project: The project.
        plans: Units with something due, and what.
    """
    readers: dict[Path, _Reader] = {}
    units: dict[str, UnitCost] = {}
    unpriced: set[str] = set()
    total: Moments | None = Moments()
    habits = Habits.learned([])
    for unit, plan in plans:
        root = project.top / unit.root
        reader = readers.setdefault(root, _Reader(root, project.world(unit)))
        found = reader.cost(unit, plan)
        units[str(unit.id)] = found
        if found.costs is None:
            unpriced |= {_payee(unit.settings.model)} - {""}
        total = total + found.costs if total and found.costs else None
        habits = reader.habits
    return Estimate(
        units=units,
        total=habits.predicted(total) if total else None,
        requests=sum(one.habits.requests for one in readers.values()),
        unpriced=tuple(sorted(unpriced)),
        today=sum((one.today for one in readers.values()), Spending()),
    )


class _Reader:
    """Reads what one project's requests are like, once."""

    def __init__(self, root: Path, world: World) -> None:
        self._root, self._world = root, world

    def cost(self, unit: DevUnit, plan: Plan) -> UnitCost:
        """Return what a unit will cost."""
        price = _price(unit.settings.model)
        if price is None:
            return UnitCost(None, None)
        awaited = tuple(self._awaited(unit, plan))
        costs = self.habits.costs(awaited, price)
        recorded = sum(one.recorded for one in awaited)
        return UnitCost(costs, self.habits.predicted(costs), recorded)

    @cached_property
    def habits(self) -> Habits:
        """What requests of the project are like."""
        seen = [
            Seen(
                unit=f"{one.run} {one.unit}",
                kind=one.kind,
                sent=one.sent,
                received=one.received,
            )
            for one in self._past
        ]
        return Habits.learned(seen)

    @property
    def today(self) -> Spending:
        """What was spent today in the project."""
        try:
            return spending(self._root, self._world.clock.now()[:10])
        except StateError:
            return Spending()

    @cached_property
    def _past(self) -> tuple[Past, ...]:
        try:
            return past_requests(self._root)
        except StateError:  # a convenience: whoever syncs is told
            return ()

    def _awaited(self, unit: DevUnit, plan: Plan) -> Iterator[Awaited]:
        for decision in plan.due:
            kind = _KINDS.get(decision.step)
            if kind is None or decision.operation is Operation.STOP:
                continue
            if decision.operation not in PAID:
                yield Awaited(kind=kind)
                continue
            request = first_request(self._world, unit, decision)
            if request is None:
                yield Awaited(kind=kind, due=True)
            else:
                yield Awaited(
                    kind=request.kind,
                    due=True,
                    sent=self._tokens(request),
                    recorded=self._is_recorded(unit, request),
                )
        for step in plan.may_follow:
            if step not in _RARE:
                yield Awaited(kind=_KINDS[step])

    def _is_recorded(self, unit: DevUnit, request: Request) -> bool:
        fresh = unit.settings.model.replies is Replies.REFRESH
        return not fresh and is_recorded(self._root, request)

    def _tokens(self, request: Request) -> float:
        """Return how many tokens a request has, by what the model said of others."""
        characters = sum(len(message.content) for message in request.messages)
        mine = [one for one in self._past if one.model.endswith(f" {request.model}")]
        seen = sum(one.characters for one in mine)
        if not seen:
            return characters / TOKEN
        return characters * sum(one.sent for one in mine) / seen


def _payee(settings: ModelSettings) -> str:
    """Return the name that a price would have: of the model, or of the program."""
    if settings.model or settings.provider is not Provider.COMMAND:
        return settings.model
    with suppress(ConfigError):  # who syncs is told
        return agent_of(settings).name
    return ""


def _price(settings: ModelSettings) -> Price | None:
    if settings.replies is Replies.REPLAY or settings.provider is Provider.MANUAL:
        return _FREE
    names = (settings.model, settings.model.partition("/")[2], _payee(settings))
    ours = next((settings.prices[n] for n in names if n in settings.prices), None)
    if ours or settings.provider is not Provider.LITELLM:
        return ours
    return bundled_price(settings.model) if settings.model else None
