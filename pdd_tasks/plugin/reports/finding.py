"""How units stand, in the words of reports: files as CI systems name them.

A report names files relative to the top of the git repository, since that is where
GitHub and GitLab look for them; where there is none, relative to where doit runs.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from pdd_tasks.core.model.unit import DevUnit
from pdd_tasks.core.plan.drift import Drift, DriftKind
from pdd_tasks.plugin.forecast import Forecast


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One way in which a unit drifts.

    Attributes:
        because: Why, a clause.
        file: The file that it shows in, and that stands: its own, or the prompt.
        line: The line of it, from 1.
        mend: The command that mends it.
    """

    kind: DriftKind
    because: str
    file: str
    line: int
    mend: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How one unit stands.

    Attributes:
        unit: Its id.
        prompt: Its prompt.
        findings: In which ways it drifts, the worst first; none if it is in sync.
        steps: What is due, a line a step.
    """

    unit: str
    prompt: str
    findings: tuple[Finding, ...]
    steps: tuple[str, ...]


def standings(found: Iterable[Forecast], top: Path) -> tuple[Standing, ...]:
    """Return how units stand, in their order.

    Args:
        found: What a sync would do with them, their drift told.
        top: The folder doit runs in.
    """
    inside = _inside(top)
    return tuple(_standing(one, top, inside) for one in found)


def _inside(top: Path) -> PurePosixPath:
    """Return the folder doit runs in, relative to the top of its git repository."""
    here = top.resolve()
    for folder in (here, *here.parents):
        if (folder / ".git").exists():
            return PurePosixPath(here.relative_to(folder).as_posix())
    return PurePosixPath()


def _standing(forecast: Forecast, top: Path, inside: PurePosixPath) -> Standing:
    unit, plan = forecast.unit, forecast.plan
    return Standing(
        unit=str(unit.id),
        prompt=str(inside / unit.root / unit.prompt),
        findings=tuple(_finding(unit, one, top, inside) for one in forecast.drift),
        steps=tuple(f"{d.step}: {d.because}" for d in (plan.due if plan else ())),
    )


def _finding(unit: DevUnit, drift: Drift, top: Path, inside: PurePosixPath) -> Finding:
    path, line = _place(unit, drift, top / unit.root)
    named = drift.path is not None and drift.path != path
    return Finding(
        kind=drift.kind,
        because=f"{drift.because}: {drift.path}" if named else drift.because,
        file=str(inside / unit.root / path),
        line=line,
        mend=drift.mend(str(unit.id)),
    )


def _place(unit: DevUnit, drift: Drift, root: Path) -> tuple[PurePosixPath, int]:
    """Return where to point at: the prompt for what is gone, or what it includes."""
    if drift.path is None:
        return unit.prompt, 1
    if drift.kind is DriftKind.DEPENDENCY_MOVED:
        return unit.prompt, _mention(root / unit.prompt, drift.path.name)
    is_there = (root / drift.path).is_file()
    return (drift.path, drift.line or 1) if is_there else (unit.prompt, 1)


def _mention(prompt: Path, name: str) -> int:
    """Return the line of a prompt that names what it includes; 1 if none does."""
    try:
        lines = prompt.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return 1
    return next((n for n, line in enumerate(lines, start=1) if name in line), 1)
