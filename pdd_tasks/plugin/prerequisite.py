"""What is said before a run: what it leaves out, and what a step needs first.

What is not here: that it is done, which doit's chain of tasks sees to.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Final

from pdd_tasks.core.model.profile import Profile
from pdd_tasks.core.model.step import Step
from pdd_tasks.core.model.unit import DevUnit
from pdd_tasks.core.plan.plan import Plan
from pdd_tasks.engine.observe import plan_unit
from pdd_tasks.errors import PddError
from pdd_tasks.plugin.project import Project
from pdd_tasks.plugin.tasks import SyncTask


_SHOWN: Final = 5


def first_line(name: str, step: Step, plan: Plan) -> str:
    """Return what a step of a unit needs first, and why; empty if nothing.

    Args:
        name: The unit.
        step: The step that is asked for.
        plan: The plan of the whole unit.
    """
    needed = plan.first(step)
    if not needed.due:
        return ""
    steps = ", ".join(decision.step for decision in needed.due)
    line = f"sync:{name}:{step} needs {steps} first: {needed.due[0].because}"
    follow = ", ".join(needed.may_follow)
    return f"{line}; {follow} may follow" if follow else line


def alone(tasks: Mapping[str, object], selected: Iterable[str]) -> tuple[str, ...]:
    """Return the names of selected tasks, and of the steps that selectors stand for."""
    names = (
        one for name in selected for one in (name, *getattr(tasks[name], "steps", ()))
    )
    return tuple(dict.fromkeys(names))


def first_lines(tasks: Iterable[object]) -> tuple[str, ...]:
    """Return what is said before a run of some selected tasks, in lines.

    That is what their profiles leave out, which units are refused since they need
    each other, what a run that resumes leaves as it stands, and what a step that is
    asked for alone needs first.
    """
    ours = [task for task in tasks if isinstance(task, SyncTask)]
    units = {str(one.id): (task, one) for task in ours for one in task.units}
    profiles = {
        one.settings.profile.name: one.settings.profile for _, one in units.values()
    }
    said = [_omission(profile) for _, profile in sorted(profiles.items())]
    said += _refused(ours[0].project, units) if ours else ()
    for task, unit in units.values():
        if unit.settings.resume_from is not None:
            said.append(_resumed(task.project, unit))
    return tuple(line for line in (*said, *_first(ours)) if line)


def _refused(project: Project, names: Iterable[str]) -> list[str]:
    """Return the circles among units and what they need, a line each."""
    edges = project.edges
    if not edges.closed:
        return []
    from pdd_tasks.core.graph.selection import reached  # noqa: PLC0415 - seldom

    found = sorted(edges.closed & reached(set(names), edges.needs))
    lines = (f"not synced: {edges.refused[name].message}" for name in found)
    return list(dict.fromkeys(lines))


def _first(tasks: Iterable[SyncTask]) -> Iterator[str]:
    """Yield what the first few steps that are asked for alone need, and a count."""
    shown = more = 0
    for task in tasks:
        if task.step is not None:
            line = _needed(task, task.step)
            if line and shown < _SHOWN:
                yield line
            shown, more = shown + bool(line), more + (bool(line) and shown >= _SHOWN)
    if more:
        yield f"and {more} more need other steps first: `doit pending` says which"


def _needed(task: SyncTask, step: Step) -> str:
    with suppress(PddError):  # the task itself says what is wrong
        return first_line(str(task.units[0].id), step, task.project.plan(task.units[0]))
    return ""


def _omission(profile: Profile) -> str:
    steps = ", ".join(step for step in Step if step in profile.left_out)
    return f"the profile {profile.name} leaves out: {steps}" if steps else ""


def _resumed(project: Project, unit: DevUnit) -> str:
    """Return what a run that resumes leaves as it stands though it is due."""
    settings = replace(unit.settings, resume_from=None)
    start = unit.settings.resume_from or Step.AUTO_DEPS
    line = f"{unit.id} resumes from {start}"
    with suppress(PddError):  # the unit's task says what is wrong
        due = plan_unit(project.world(unit), replace(unit, settings=settings))
        left = ", ".join(decision.step for decision in due.first(start).due)
        return f"{line}; left as they stand: {left}" if left else line
    return line
