"""The ways from root causes to steps, through files and other units."""

from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import NamedTuple

from pdd_tasks.core.model.artifact import Digest
from pdd_tasks.core.model.operation_graph import before
from pdd_tasks.core.model.step import Step
from pdd_tasks.core.model.trace import Fingerprint, HistoryEntry
from pdd_tasks.core.model.unit import DevUnit
from pdd_tasks.core.model.units import Units
from pdd_tasks.core.plan.cause import Cause, Kind
from pdd_tasks.core.plan.offer import way
from pdd_tasks.engine.view import View
from pdd_tasks.plugin.project import Project


_UPSTREAM = frozenset({Kind.ADDITIVE, Kind.BREAKING})


class Route(NamedTuple):
    """One way from a root cause to a step.

    Attributes:
        nodes: Files and steps (``unit:step``), the root first.
    """

    nodes: tuple[str, ...]


def routes(
    project: Project,
    unit: DevUnit,
    step: Step | None,
    found: tuple[Cause, ...],
    view: View,
) -> tuple[Route, ...]:
    """Return the ways from root causes to a unit's steps, in the causes' order.

    Args:
        project: The project.
        unit: The unit.
        step: The step they lead to; None for the last that is due.
        found: The root causes.
        view: The unit.
    """
    return tuple(
        Route(tuple(dict.fromkeys(_nodes(project, unit, step, cause, view))))
        for cause in found
    )


def _nodes(
    project: Project, unit: DevUnit, step: Step | None, cause: Cause, view: View
) -> Iterator[str]:
    name = str(unit.id)
    if cause.unit != name:
        yield cause.subject
        yield from _through(project, cause, name)
        yield f"{name}:{step or Step.GENERATE}"
        return
    if cause.kind in _UPSTREAM:
        known = view.trace.steps.get(Step.GENERATE)
        since = known.at if known else ""
        yield from _provenance(project, unit, cause.subject, since)
    yield cause.subject
    wanted = Step if step is None else (*before(step), step)
    yield from (f"{name}:{one}" for one in cause.steps if one in wanted)
    if step is not None:
        yield f"{name}:{step}"


def _through(project: Project, cause: Cause, name: str) -> Iterator[str]:
    """Yield the steps and examples on the way from another unit's cause to a unit."""
    around = way(name, cause.unit, project.edges.needs)
    is_made = Step.GENERATE in cause.steps or not cause.steps
    first = Step.GENERATE if is_made else cause.steps[0]
    for one in reversed(around[1:]):
        unit = project.unit(one)
        yield f"{one}:{first}"
        if unit is not None:
            yield f"{one}:{Step.EXAMPLE}"
            yield str(unit.example)
        first = Step.GENERATE


def _provenance(
    project: Project, unit: DevUnit, example: str, since: str
) -> Iterator[str]:
    """Yield how the example of another unit came to be, as its history has it.

    Args:
        project: The project.
        unit: The unit that includes it.
        example: Its path.
        since: Only what was done after that counts, ISO 8601.
    """
    world = project.world(unit)
    near = Units.of(world.units, unit.root)
    owner = next(iter(near.by_file.get(PurePosixPath(example), ())), None)
    trace = world.traces.fingerprint(owner.id) if owner else None
    if owner is None or trace is None:
        return
    data = world.files.read(owner.example)
    if data is None or not _is_made(trace, owner, Digest.of(data)):
        return  # a person edited it
    made = _since(trace, Step.GENERATE, since)
    if made is not None:
        for one in sorted(near.examples):
            if str(one) in made.because and str(one) != example:
                yield from _provenance(project, owner, str(one), since)
                yield str(one)
        if str(owner.prompt) in made.because:
            yield str(owner.prompt)
        yield f"{owner.id}:{Step.GENERATE}"
    if made is not None or _since(trace, Step.EXAMPLE, since) is not None:
        yield f"{owner.id}:{Step.EXAMPLE}"


def _is_made(trace: Fingerprint, owner: DevUnit, now: Digest) -> bool:
    """Return whether a unit's example is as its step left it."""
    record = trace.steps.get(Step.EXAMPLE)
    known = record.outputs.get(str(owner.example)) if record else None
    return known is not None and known.text == now.text


def _since(trace: Fingerprint, step: Step, since: str) -> HistoryEntry | None:
    """Return the first time that a step did something after a moment."""
    found = (one for one in trace.history if one.step is step and one.at > since)
    return next(found, None)
