"""What a sync of some units would do, as values, lines and JSON."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, NamedTuple, Protocol

from pdd_tasks.core.model.step import PAID, Step
from pdd_tasks.core.model.unit import DevUnit
from pdd_tasks.core.plan.change_report import ChangeReport
from pdd_tasks.core.plan.drift import Drift, drifts
from pdd_tasks.core.plan.plan import Plan
from pdd_tasks.engine.changes import change_report
from pdd_tasks.errors import PddError
from pdd_tasks.plugin.change_lines import block, change_mapping
from pdd_tasks.plugin.drift import drift_lines, drift_mapping, troubles
from pdd_tasks.plugin.leftover import Leftover
from pdd_tasks.plugin.prerequisite import first_line
from pdd_tasks.plugin.project import Project
from pdd_tasks.plugin.selection import chosen, project_of
from pdd_tasks.plugin.uncollected import uncollected


class Estimate(Protocol):
    """What a sync will cost."""

    @property
    def lines(self) -> tuple[str, ...]:
        """It in a few lines; none if there is nothing to say."""
        ...

    @property
    def mapping(self) -> Mapping[str, object]:
        """It as plain values for JSON."""
        ...

    def of(self, unit: str) -> Mapping[str, object] | None:
        """Return what one unit will cost; None if nothing of it is due."""
        ...


_WHERE: Final[Mapping[bool, str]] = {
    True: "its prompt is gone; its files are left alone",
    False: "its prompt is not checked out",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """What a sync would do with one unit.

    Attributes:
        plan: None if the unit cannot be looked at; up to the step that is asked for.
        first: What that step needs first, as a line; empty if nothing.
        error: Why it cannot.
        cut_off: An earlier run left a publication open; a sync recovers it first.
        holder: Who holds the unit now, for people; None if nobody does.
        changes: What changed since it was last in sync; None if nobody asked.
        stopped: What its last run was interrupted in; empty if it was not, or if
            nothing is due.
        circle: How a sync goes about a unit that others need and that needs them, a
            clause; empty if it does not, or if nothing is due.
        drift: In which ways it is no longer as it was in sync, the worst first; none
            if it is, or if nobody asked.
    """

    unit: DevUnit
    plan: Plan | None = None
    first: str = ""
    error: PddError | None = None
    cut_off: bool = False
    holder: str | None = None
    changes: ChangeReport | None = None
    stopped: str = ""
    circle: str = ""
    drift: tuple[Drift, ...] = ()

    @property
    def remarks(self) -> tuple[str, ...]:
        """What a sync would meet before its steps, as clauses."""
        cut_off = "an earlier run was cut off: the next one recovers first"
        held = f"another run holds it now: {self.holder}"
        stopped = f"the last run was interrupted in {self.stopped}"
        said = (
            (self.cut_off, cut_off),
            (self.holder is not None, held),
            (bool(self.stopped), stopped),
            (bool(self.circle), self.circle),
        )
        return tuple(clause for holds, clause in said if holds)

    @property
    def pending(self) -> bool:
        """True if a sync would do or say something."""
        due = bool(self.plan and self.plan.due)
        return due or bool(self.drift) or self.cut_off or self.error is not None


def forecasts(
    tasks: Iterable[object],
    words: Sequence[str],
    *,
    changes: bool = False,
    drift: bool = False,
    all_affected: bool = False,
) -> tuple[Forecast, ...]:
    """Return the forecasts of the units that words select; all without words.

    Args:
        tasks: The tasks of the run.
        words: Selectors.
        changes: True to look what changed, too.
        drift: True to tell in which ways units drift, too.
        all_affected: True to add all that depends on the selected units.

    Raises:
        ConfigError: If a word selects no unit, or there are no units at all.
    """
    project = project_of(tasks)
    asked = {str(unit.id): _Wanted(unit, []) for unit in project.units}
    for one in chosen(project, words, all_affected=all_affected).values():
        for unit in one.units:
            asked[str(unit.id)].steps.extend(one.steps or [None])
    with uncollected():
        found = [
            _forecast(project, one, changes=changes)
            for one in asked.values()
            if one.steps or not words
        ]
    if drift:
        found = [_drifting(project, one) for one in found]
    return _with_interruptions(project, found)


def estimated(tasks: Iterable[object], found: Sequence[Forecast]) -> Estimate | None:
    """Return what doing what is due will cost; None if nothing is due.

    Args:
        tasks: The tasks of the run.
        found: What a sync would do.

    Raises:
        ConfigError: If there are no units at all.
    """
    due = [(one.unit, one.plan) for one in found if one.plan and one.plan.due]
    if not due:
        return None
    # loaded only here: who has nothing to do reads no prices and no history
    from pdd_tasks.plugin.estimate import estimate

    return estimate(project_of(tasks), due)


def gone(tasks: Iterable[object]) -> tuple[Leftover, ...]:
    """Return what is left of units that were synced once and have no prompt.

    Raises:
        ConfigError: If there are no units at all.
    """
    return project_of(tasks).leftovers()


class _Wanted(NamedTuple):
    """A unit, and the steps of it that words name; None for a word without one."""

    unit: DevUnit
    steps: list[Step | None]

    @property
    def last(self) -> Step | None:
        """The last step that is asked for; None if it is all of the unit."""
        named = [step for step in self.steps if step is not None]
        whole = not named or None in self.steps
        return None if whole else max(named, key=list(Step).index)


def _forecast(project: Project, wanted: _Wanted, *, changes: bool) -> Forecast:
    unit, last = wanted.unit, wanted.last
    found = Forecast(
        unit=unit,
        cut_off=project.cut_off(unit),
        holder=project.world(unit).locks.holder(unit.id),
    )
    try:
        report = change_report(project.world(unit), unit) if changes else None
        plan = project.plan(unit)
    except PddError as error:
        return replace(found, error=error)
    if plan.due:
        found = replace(found, circle=project.circles.said(unit))
    if last is None:
        return replace(found, plan=plan, changes=report)
    first = first_line(str(unit.id), last, plan)
    return replace(found, plan=plan.up_to(last), first=first, changes=report)


def _drifting(project: Project, found: Forecast) -> Forecast:
    """Return a forecast with the ways in which its unit drifts."""
    trouble = troubles(found.error, cut_off=found.cut_off)
    due = found.plan.due if found.plan else ()
    if not due:
        return replace(found, drift=trouble)
    report = found.changes or change_report(project.world(found.unit), found.unit)
    told = drifts(replace(report, decisions=due))
    return replace(found, drift=(*trouble, *told))


def _with_interruptions(
    project: Project, found: Sequence[Forecast]
) -> tuple[Forecast, ...]:
    """Return forecasts with what the log says of those that a sync goes on with."""
    if not any(one.plan and one.plan.due for one in found):
        return tuple(found)
    # loaded only here: who has nothing to do needs no log
    from pdd_tasks.plugin.logbook import logbook

    book = logbook(project)
    last = {one.unit.id: book.interrupted(str(one.unit.id)) for one in found}
    return tuple(
        replace(one, stopped=f"{cut.step} ({cut.operation})")
        if (cut := last[one.unit.id]) and one.plan and one.plan.due
        else one
        for one in found
    )


def lines(
    found: Sequence[Forecast],
    left: Sequence[Leftover] = (),
    cost: Estimate | None = None,
) -> list[str]:
    """Return one line a pending step, and a last one that counts the rest.

    Args:
        found: What a sync would do.
        left: What is left of units whose prompt is gone.
        cost: What that will cost.
    """
    shown: list[str] = []
    for forecast in found:
        name = str(forecast.unit.id)
        shown += [f"{name}: {remark}" for remark in forecast.remarks]
        if forecast.error is not None:
            shown.append(f"{name}: {forecast.error}")
        elif forecast.plan is not None:
            if forecast.changes is not None:
                shown += block(name, forecast.changes)
            shown += drift_lines(forecast.unit, forecast.drift)
            shown += [forecast.first] if forecast.first else []
            shown += [f"{name} {d.step}: {d.because}" for d in forecast.plan.due]
            if forecast.plan.may_follow:
                follow = ", ".join(forecast.plan.may_follow)
                shown.append(f"{name}: may follow: {follow}")
    shown += [f"{one.name}: {_WHERE[one.here]}" for one in left]
    shown += cost.lines if cost else ()
    quiet = sum(1 for forecast in found if not forecast.pending)
    shown.append(f"{quiet} of {len(found)} units in sync")
    return shown


def mapping(
    found: Sequence[Forecast],
    left: Sequence[Leftover] = (),
    cost: Estimate | None = None,
) -> Mapping[str, object]:
    """Return the same as plain values for JSON."""
    return {
        "cost": cost.mapping if cost else None,
        "schema": 1,
        "pending": any(forecast.pending for forecast in found),
        "without_prompt": [one.name for one in left if one.here],
        "not_checked_out": [one.name for one in left if not one.here],
        "units": [_entry(forecast, cost) for forecast in found],
    }


def _entry(forecast: Forecast, cost: Estimate | None) -> Mapping[str, object]:
    plan, changes = forecast.plan, forecast.changes
    return {
        "cost": cost.of(str(forecast.unit.id)) if cost else None,
        "unit": str(forecast.unit.id),
        "prompt": str(forecast.unit.root / forecast.unit.prompt),
        "error": str(forecast.error) if forecast.error else None,
        "remarks": list(forecast.remarks),
        "needs_first": forecast.first or None,
        "steps": [
            {
                "step": str(d.step),
                "operation": str(d.operation),
                "because": d.because,
                "paid": d.operation in PAID,
            }
            for d in (plan.due if plan else ())
        ],
        "drift": drift_mapping(forecast.unit, forecast.drift),
        "may_follow": [str(step) for step in (plan.may_follow if plan else ())],
        **({"changes": change_mapping(changes)} if changes else {}),
    }
