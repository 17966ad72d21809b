"""Sides that do not merge, on record until a person chooses; no artifact changes."""

from collections.abc import Sequence
from pathlib import PurePosixPath

from pdd_tasks.core.model.artifact import Digest
from pdd_tasks.core.model.step import Step
from pdd_tasks.core.model.trace import (
    Conflict,
)
from pdd_tasks.core.model.trace_update import conflicted
from pdd_tasks.core.plan.rule import CHOOSE
from pdd_tasks.engine.sides import Sides, prompt_before
from pdd_tasks.engine.work import Result, Work
from pdd_tasks.errors import ConflictError


def waiting(
    work: Work,
    sides: Sequence[Sides],
    because: str,
    path: PurePosixPath | None = None,
) -> Result:
    """Return the result that records a conflict; no artifact changes.

    Of several files all wait whose sides differ: they belong together.

    Args:
        work: The operation.
        sides: The sides of each file.
        because: Why they are not merged, a clause.
        path: The file it is about; None means the first that differs.

    Returns:
        What it leaves behind; it fails, with what a person can do.
    """
    unit, trace = work.unit.id, work.view.trace
    stand = [one for one in sides if one.path in work.view.snapshot.contents]
    differing = [one for one in stand if one.mine != one.generated] or stand[:1]
    for one in differing:
        trace = conflicted(trace, str(one.path), _conflict(work, one, because))
    named = path or differing[0].path
    msg = (
        f"unit {unit}: your edit of {named} and what the prompt asks for do not"
        f" merge; yours is kept: {because}"
    )
    return Result(
        trace=trace, failure=ConflictError(msg, hint=CHOOSE.format(unit=unit))
    )


def _conflict(work: Work, sides: Sides, because: str) -> Conflict:
    """Return a conflict whose texts are kept."""
    baselines = work.world.baselines
    for data in (sides.data, sides.generated.encode()):
        baselines.keep(data)
    if sides.base is not None:
        baselines.keep(sides.base.encode())
    return Conflict(
        triggers=work.view.triggers[Step.GENERATE],
        base=None if sides.base is None else Digest.of(sides.base.encode()),
        mine=Digest.of(sides.data),
        generated=Digest.of(sides.generated.encode()),
        prompt=prompt_before(work.view),
        because=because,
    )
