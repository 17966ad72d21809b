"""The first request of an operation, made and not sent; nothing is run or written.

What an operation asks for only after a program has run is not known before it.
"""

from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import Final, NoReturn

from pdd_tasks.core.model.artifact import UnitId
from pdd_tasks.core.model.step import Operation
from pdd_tasks.core.model.unit import DevUnit
from pdd_tasks.core.plan.rule import Decision
from pdd_tasks.core.prompt.request import Request
from pdd_tasks.engine.observe import observe
from pdd_tasks.engine.outcome import Spent
from pdd_tasks.engine.ports import Baselines, Bench, Locks
from pdd_tasks.engine.steps import OPERATIONS
from pdd_tasks.engine.work import Work
from pdd_tasks.engine.world import World
from pdd_tasks.errors import PddError


REHEARSED: Final = frozenset(
    {
        Operation.PROPOSE_UPDATE,
        Operation.GENERATE,
        Operation.WRITE_EXAMPLE,
        Operation.JUDGE,
        Operation.ADD_TESTS,
    }
)
"""Operations that ask before they do anything that stays."""


class _Asks(Exception):  # noqa: N818 - no error: the request is there
    """An operation came to its first request."""

    def __init__(self, request: Request) -> None:
        super().__init__()
        self.request = request


class _Runs(Exception):  # noqa: N818 - no error: the request cannot be known
    """An operation came to a program before its first request."""


class _NoModel:
    """Answers nothing, and says what it was asked."""

    def complete(self, request: Request) -> NoReturn:
        raise _Asks(request)

    def reject(self, request: Request, because: str) -> None:
        """Nothing was answered, so nothing is rejected."""


class _NoRunner:
    """Runs nothing."""

    def check(self, _: DevUnit) -> None:
        """Nothing is needed to run nothing."""

    def bench(self, _: DevUnit) -> AbstractContextManager[Bench]:
        raise _Runs


@dataclass(frozen=True)
class _KeepsNothing:
    """Baselines that are only read."""

    inner: Baselines

    def keep(self, data: bytes) -> None:
        """Keep nothing."""

    def find(self, raw: str, path: PurePosixPath) -> bytes | None:
        return self.inner.find(raw, path)


@dataclass(frozen=True)
class _HoldsNothing:
    """Locks that are only looked at."""

    inner: Locks

    def hold(self, *_: object) -> AbstractContextManager[object]:
        return nullcontext()

    def beat(self, unit: UnitId) -> None:
        """Hold nothing, so tell nobody."""

    def busy(self, unit: UnitId) -> bool:
        return self.inner.busy(unit)

    def holder(self, unit: UnitId) -> str | None:
        return self.inner.holder(unit)


def first_request(world: World, unit: DevUnit, decision: Decision) -> Request | None:
    """Return the first request that an operation would make as things stand.

    Args:
        world: The ports; nothing is written through them.
        unit: The unit.
        decision: What would be done.

    Returns:
        None if it cannot be known before something has run, or cannot be made.
    """
    if decision.operation not in REHEARSED:
        return None
    stage = replace(
        world,
        model=lambda _: _NoModel(),
        runner=_NoRunner(),
        baselines=_KeepsNothing(world.baselines),
        locks=_HoldsNothing(world.locks),
        say=lambda _: None,
    )
    try:
        with suppress(PddError, _Runs):
            view = observe(stage, unit)
            work = Work(world=stage, view=view, decision=decision, spent=Spent())
            OPERATIONS[decision.operation](work)
    except _Asks as asked:
        return asked.request
    return None
