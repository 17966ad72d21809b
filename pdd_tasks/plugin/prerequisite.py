"""What a step that is asked for alone needs first, said in one line.

What is not here: that it is done, which doit's chain of tasks sees to.
"""

from collections.abc import Iterable
from contextlib import suppress

from pdd_tasks.core.model.step import Step
from pdd_tasks.core.plan.plan import Plan
from pdd_tasks.errors import PddError
from pdd_tasks.plugin.tasks import SyncTask


def step_of(word: str) -> Step | None:
    """Return the step that a word of the command line names; None for whole units."""
    unit, _, step = word.removeprefix("sync:").rpartition(":")
    with suppress(ValueError):
        return Step(step) if unit else None
    return None


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


def first_lines(tasks: Iterable[object]) -> tuple[str, ...]:
    """Return a line for each of some selected tasks that needs another step first."""
    found: list[str] = []
    for task in tasks:
        if isinstance(task, SyncTask) and task.step is not None:
            with suppress(PddError):  # the task itself says what is wrong
                unit = task.units[0]
                plan = task.project.plan(unit)
                found.append(first_line(str(unit.id), task.step, plan))
    return tuple(line for line in found if line)
