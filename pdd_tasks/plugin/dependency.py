"""doit's dependency manager, with our tasks decided by the engine.

Rule 1: doit remembers nothing of our tasks; their steps have written their own
records. Rule 2: the user's own tasks keep doit's behaviour, and its database is
written only if one of them ran.
"""

from typing import Final

from doit.dependency import Dependency, DependencyStatus
from doit.exceptions import InvalidCommand
from doit.globals import Globals
from doit.task import Task

from pdd_tasks.core.model.step import Step
from pdd_tasks.errors import PddError
from pdd_tasks.plugin.project import Project
from pdd_tasks.plugin.selection import chosen
from pdd_tasks.plugin.tasks import SyncTask


_LATER: Final = ": `doit sync` takes it"


class UnitDependency(Dependency):
    """Answers for our tasks from the engine, for all others as doit does."""

    project: Project
    _touched: bool
    _asked: bool
    _adopted: set[str]

    def get_status(
        self,
        task: Task,
        tasks_dict: dict[str, Task],
        get_log: bool = False,  # noqa: FBT001, FBT002
    ) -> DependencyStatus:
        """Return whether a task is up to date; never raises for ours."""
        if not isinstance(task, SyncTask):
            return super().get_status(task, tasks_dict, get_log)
        self._asked = True
        status = DependencyStatus(get_log)
        task.dep_changed = []
        for reason in task.reasons:
            status.add_reason("changed_file_dep", reason)
        return status

    def save_success(self, task: Task, result_hash: str | None = None) -> None:
        """Record a success of a task of the user's; adopt on ``doit reset-dep``.

        Raises:
            InvalidCommand: If what stands cannot be adopted.
        """
        if not isinstance(task, SyncTask):
            self._touched = True
            self._ran(task)
            super().save_success(task, result_hash=result_hash)
        elif not task.executed:
            self._adopt(task)

    def _adopt(self, task: SyncTask) -> None:
        """Adopt what stands: reset-dep saves success without executing.

        Raises:
            InvalidCommand: If it cannot be adopted.
        """
        for unit in task.units:
            if str(unit.id) in self._adopted:
                continue
            self._adopted.add(str(unit.id))
            try:
                self.project.adopt(unit)
            except PddError as error:
                raise InvalidCommand(self._said(error)) from None

    def _said(self, error: PddError) -> str:
        return self.project.redaction.said(str(error))

    def remove_success(self, task: Task) -> None:
        """Drop the record of a failed task of the user's; ours survive failure."""
        if not isinstance(task, SyncTask):
            self._ran(task)
            self.remove(task.name)

    def _ran(self, task: Task) -> None:
        """Look at all units anew after a task of the user's own did something."""
        if task.actions:
            self.project.look_anew()

    def remove(self, name: str) -> None:
        """Forget a task: ``doit forget sync:u:step`` marks the step as stale.

        Raises:
            InvalidCommand: If every unit would be forgotten at once.
        """
        if name != "sync" and not name.startswith("sync:"):
            self._touched = True
            self.backend.remove(name)
            return
        if name in self.project.cleaned:
            return  # of `doit clean --forget`, which is not asked for one unit
        if name == "sync":
            msg = (
                "forgetting every unit would pay for all of them again"
                "\n  hint: name what to forget: doit forget sync:UNIT or"
                " sync:UNIT:STEP"
            )
            raise InvalidCommand(msg)
        self._forget(name.removeprefix("sync:"))

    def _forget(self, name: str) -> None:
        try:
            found = chosen(self.project, [name])[name]
            for unit in found.units:
                self.project.forget(unit, frozenset(found.steps or Step))
        except PddError as error:
            raise InvalidCommand(self._said(error)) from None

    def remove_all(self) -> None:
        """Refuse ``doit forget --all``.

        Raises:
            InvalidCommand: Always, while there are units.
        """
        if self.project.units:
            self.remove("sync")
        self._touched = True
        self.backend.remove_all()

    def ignore(self, task: Task) -> None:
        """Mark a task of the user's to be ignored, in doit's database.

        Raises:
            InvalidCommand: If the task is ours: it would be left out for ever, as
                forgetting it means something else here.
        """
        if isinstance(task, SyncTask):
            msg = (
                f"{task.name} cannot be ignored: nothing outside its fingerprint"
                " decides on a unit\n  hint: name the units you want: doit sync:UNIT"
            )
            raise InvalidCommand(msg)
        self._touched = True
        super().ignore(task)

    def get_values(self, task_name: str) -> dict[str, object]:
        """Return saved values; our tasks have none."""
        if task_name == "sync" or task_name.startswith("sync:"):
            return {}
        values: dict[str, object] = super().get_values(task_name)
        return values

    def close(self) -> None:
        """Write doit's database, if a task of the user's changed it.

        Prompts that such a task made are told of: the run knew nothing of them.
        """
        for prompt in self.project.outside.new() if self._asked else ():
            self.project.announce(f"{prompt} is new since this run began{_LATER}")
        if self._touched:
            super().close()
        self._closed = True


def take_over(project: Project) -> None:
    """Upgrade the running command's dependency manager in place.

    doit makes the manager before it loads tasks and offers it as a global. Its
    constructor binds the backend's `remove` and `remove_all` to the instance, which
    would hide ours (doit 0.37).
    """
    manager = Globals.dep_manager
    if manager is None:  # tasks are loaded by a program of its own
        return
    manager.__class__ = UnitDependency
    for name in ("remove", "remove_all"):
        manager.__dict__.pop(name, None)
    manager.project = project
    manager._touched = False  # noqa: SLF001 - it is our class now
    manager._asked = False  # noqa: SLF001
    manager._adopted = set()  # noqa: SLF001
