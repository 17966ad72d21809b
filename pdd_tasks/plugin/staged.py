"""What a sync would do with what is staged: the gate before a commit.

A unit is looked at as the next commit has it, its files and its records alike. Where
it would drift there, but stands in sync on the disk, something of it is not staged.
"""

import os
import shlex
import tempfile
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Final

from pdd_tasks.adapters.git_index import GitIndex
from pdd_tasks.adapters.traces import META, TraceFiles
from pdd_tasks.core.model.artifact import Artifact
from pdd_tasks.core.model.unit import DevUnit
from pdd_tasks.core.plan.drift import MEANINGS, Drift, DriftKind, drifts
from pdd_tasks.core.plan.plan import Plan
from pdd_tasks.engine.changes import change_report
from pdd_tasks.engine.world import World
from pdd_tasks.errors import ConfigError, PddError
from pdd_tasks.plugin.drift import troubles
from pdd_tasks.plugin.forecast import Forecast
from pdd_tasks.plugin.project import Project
from pdd_tasks.plugin.selection import project_of, selected


_RECORDS: Final = (".json", "_run.json")


@dataclass(frozen=True, slots=True)
class _Stage:
    """One state root and what is staged of it."""

    project: Project
    root: PurePosixPath
    index: GitIndex


def staged_forecasts(
    tasks: Iterable[object], words: Sequence[str], *, all_affected: bool = False
) -> tuple[Forecast, ...]:
    """Return what a sync would do with units that the next commit touches.

    These are units with a staged file, and those that need them.

    Args:
        tasks: The tasks of the run.
        words: Selectors; without them all units are asked about.
        all_affected: True to add all that depends on the selected units.

    Raises:
        ConfigError: If a word selects no unit, or git cannot tell what is staged.
    """
    project = project_of(tasks)
    wanted = selected(project, *words, all_affected=all_affected)
    found: list[Forecast] = []
    for root in dict.fromkeys(unit.root for unit in wanted):
        index = GitIndex(project.top / root, os.environ)
        mine = [unit for unit in wanted if unit.root == root]
        near = _touched(project, mine, index.staged)
        if index.unknown:
            msg = f"--staged: git cannot tell what is staged: {index.unknown}"
            raise ConfigError(msg, hint="leave the option out, or run it in a clone")
        found += _forecasts(_Stage(project, root, index), near)
    return tuple(found)


def _touched(
    project: Project, units: Sequence[DevUnit], staged: Collection[PurePosixPath]
) -> list[DevUnit]:
    """Return the units with a staged file, and those that need one of them."""
    own = {str(unit.id) for unit in units if not _files(unit).isdisjoint(staged)}
    needs = project.edges.needs
    return [
        unit
        for unit in units
        if str(unit.id) in own or own & set(needs.get(str(unit.id), ()))
    ]


def _files(unit: DevUnit) -> frozenset[PurePosixPath]:
    """Return the files of a unit and those of its records."""
    own = (path for artifact in Artifact for path in unit.paths(artifact))
    return frozenset((*own, *_records(unit)))


def _records(unit: DevUnit) -> Iterator[PurePosixPath]:
    return (META / f"{unit.id}{ending}" for ending in _RECORDS)


def _forecasts(stage: _Stage, units: Sequence[DevUnit]) -> Iterator[Forecast]:
    if not units:
        return
    overlay = {path: stage.index.read(path) for path in sorted(stage.index.later)}
    with _staged_records(stage, units) as traces:
        for unit in units:
            world = replace(stage.project.world(unit), traces=traces)
            yield _forecast(stage, world, unit, overlay)


@contextmanager
def _staged_records(stage: _Stage, units: Sequence[DevUnit]) -> Iterator[TraceFiles]:
    """Give the records of units as they are staged.

    Yields:
        What reads them.
    """
    with tempfile.TemporaryDirectory(prefix="pdd-staged-") as folder:
        for path in (one for unit in units for one in _records(unit)):
            data = _staged_record(stage, path)
            if data is not None:
                place = Path(folder) / path
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_bytes(data)
        yield TraceFiles(Path(folder))


def _staged_record(stage: _Stage, path: PurePosixPath) -> bytes | None:
    """Return a record as it is staged, or as it stands if git ignores it."""
    data = stage.index.read(path)
    file = stage.project.top / stage.root / path
    is_ignored = data is None and path not in stage.index.later and file.is_file()
    return file.read_bytes() if is_ignored else data


def _forecast(
    stage: _Stage,
    world: World,
    unit: DevUnit,
    overlay: dict[PurePosixPath, bytes | None],
) -> Forecast:
    try:
        report = change_report(world, unit, overlay)
    except PddError as error:
        trouble = troubles(error, cut_off=False)
        return Forecast(unit=unit, error=error, drift=trouble)
    apart = sorted(_files(unit) & overlay.keys())
    if report.decisions and apart and _is_at_rest(stage.project, unit):
        told = _apart(stage.root, apart)
        return Forecast(unit=unit, plan=Plan(decisions=()), drift=(told,))
    plan = Plan(decisions=report.decisions)
    return Forecast(unit=unit, plan=plan, drift=drifts(report))


def _is_at_rest(project: Project, unit: DevUnit) -> bool:
    """Return whether a unit is in sync as it stands on the disk."""
    try:
        return not project.plan(unit).due
    except PddError:
        return False


def _apart(root: PurePosixPath, files: Sequence[PurePosixPath]) -> Drift:
    """Return that a unit is in sync on the disk, but only some of it is staged."""
    kind = DriftKind.STAGED_APART
    names = [str(root / path) for path in files]
    return Drift(
        kind=kind,
        because=f"{MEANINGS[kind]}: {', '.join(names)}",
        path=files[0],
        command=shlex.join(["git", "add", "--", *names]),
    )
