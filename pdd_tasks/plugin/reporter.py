"""One plain line a step, with its reason and cost; the exit code at the end.

Colour is used on a terminal only. Tasks that are not ours are reported as doit's
own console reporter does.
"""

import sys
from collections.abc import Collection, Iterable, Mapping
from typing import Final, TextIO

from doit.exceptions import BaseFail, UnmetDependency
from doit.reporter import ConsoleReporter
from doit.task import Task

from pdd_tasks.core.model.unit import DevUnit
from pdd_tasks.engine.outcome import Outcome, Spent
from pdd_tasks.errors import (
    AwaitedError,
    BudgetError,
    ConflictError,
    ExitCode,
    PddError,
)
from pdd_tasks.plugin.actions import StepAction
from pdd_tasks.plugin.end_report import EndReport, Failed, summed
from pdd_tasks.plugin.headway import standing_of
from pdd_tasks.plugin.interruption import Activity, Interruption, command_again
from pdd_tasks.plugin.parallel import refuse_processes
from pdd_tasks.plugin.prerequisite import alone, first_lines
from pdd_tasks.plugin.progress import Progress
from pdd_tasks.plugin.project import Project
from pdd_tasks.plugin.redaction import Redaction
from pdd_tasks.plugin.resume import lifted
from pdd_tasks.plugin.scope import quiet_of
from pdd_tasks.plugin.tasks import SyncTask, project_of, redaction_of, wanted


_SEVERITY: Final = (
    ExitCode.IN_SYNC,
    ExitCode.CONFLICT,
    ExitCode.BUDGET,
    ExitCode.REFUSED,
    ExitCode.FAILED,
    ExitCode.ERROR,
    ExitCode.INTERRUPTED,
)
"""Which exit code is said when several units end differently, least first."""

_FAILURES: Final = frozenset({ExitCode.REFUSED, ExitCode.FAILED, ExitCode.ERROR})
"""What makes an error of work that it blocks; other codes say enough themselves."""

_TALKATIVE: Final = 2


class SyncReporter(ConsoleReporter):
    """Reports steps of units, and sets the exit code when the run completes."""

    desc = "one line a step, with its reason and cost"

    def __init__(self, outstream: TextIO, options: dict[str, int]) -> None:
        super().__init__(outstream, options)
        self._codes: dict[str, ExitCode] = {}
        self._units: set[str] = set()
        self._partly: dict[str, SyncTask] = {}  # units of which only steps had a turn
        self._good: set[str] = set()
        self._begun: set[str] = set()
        self._report = EndReport()
        self._lifts: list[str] = []
        self._tasks: Mapping[str, Task] = {}
        self._selected: tuple[str, ...] = ()
        self._activity = Activity()
        self._spent = Spent()
        self._is_part = False  # whether single steps are asked for
        self._ran = 0
        self._progress = Progress(outstream)
        self._interruption = Interruption(self._progress.leave)
        self._redaction = Redaction((), {})

    def initialize(
        self, tasks: Mapping[str, Task], selected_tasks: Iterable[str]
    ) -> None:
        """Say what comes first; turn a request to end into a clean interruption.

        Raises:
            InvalidCommand: If units are to be run in processes of their own.
        """
        self._tasks, self._selected = tasks, tuple(selected_tasks)
        project = project_of(tasks.values())
        if project is not None:
            refuse_processes()
            self._activity = project.activity
            project.approval.units = self._wanted_units
            self._watch(project)
        self._redaction = redaction_of(tasks.values())
        self._units |= quiet_of(tasks.values())
        asked = alone(tasks, self._selected)
        self._is_part = any(getattr(tasks[one], "step", None) for one in asked)
        for line in first_lines(tasks[one] for one in asked):
            self.write(f"{line}\n")
        self._interruption.listen()

    def _wanted_units(self) -> Iterable[DevUnit]:
        tasks = wanted(self._tasks, self._selected)
        return {str(one.units[0].id): one.units[0] for one in tasks}.values()

    def _watch(self, project: Project) -> None:
        """Show on a terminal how far the run is, unless a person is asked there."""
        project.asking.told = lambda asked: self._progress.hush(hushed=asked)
        if self._progress.on_terminal:
            to_come = wanted(self._tasks, self._selected)
            self._progress.standing = standing_of(project, to_come)

    def _reached(self, task: SyncTask) -> None:
        if self._progress.on_terminal:
            failed = len({*self._report.failed, *self._report.blocked})
            self._progress.standing.reach(task.units, failed)

    def _reckon(self, task: SyncTask) -> None:
        """Count the units of a task that came to its end."""
        for unit in task.units:
            name = str(unit.id)
            if task.step is None:
                self._partly.pop(name, None)
            elif name not in self._units:
                self._partly[name] = task
            self._units.add(name)

    def execute_task(self, task: Task) -> None:
        """Say that a step begins, on a terminal only."""
        if not isinstance(task, SyncTask):
            super().execute_task(task)
        else:
            self._begun |= {str(unit.id) for unit in task.units}
            action = _action(task)
            self._progress.start(_label(task), action.calls if action else int)

    def write(self, text: str) -> None:
        """Write above the line that shows what is running, without secrets."""
        self._progress.write(self._redaction.said(text))

    def skip_uptodate(self, task: Task) -> None:
        """Count a unit that is in sync; say why a step has nothing to do if asked."""
        if not isinstance(task, SyncTask):
            super().skip_uptodate(task)
            return
        self._good.add(task.name)
        self._reached(task)
        self._reckon(task)
        if task.verbosity == _TALKATIVE and task.step is not None:
            reason = _decided(task)
            self.write(f"-- {_label(task)}: {reason}\n")

    def add_success(self, task: Task) -> None:
        """Print what a step did."""
        if not isinstance(task, SyncTask):
            return
        self._progress.stop(_label(task))
        self._reached(task)
        self._good.add(task.name)
        self._reckon(task)
        action = _action(task)
        if action is not None and action.outcome is not None:
            self._count(action.outcome)
            if action.outcome.operations:
                self._line(task, action.outcome, good=True)
            elif task.step is not None:
                self.write(f"{_label(task)}: nothing left to do\n")

    def add_failure(self, task: Task, fail: BaseFail) -> None:
        """Print why a step failed, and what to do next."""
        if not isinstance(task, SyncTask):
            self._codes[task.name] = ExitCode.ERROR
            super().add_failure(task, fail)
            return
        self._progress.stop(_label(task))
        self._reached(task)
        if isinstance(fail, UnmetDependency):
            self._blocked(task)
            return
        action = _action(task)
        error = action.failure if action else None
        self._note(task, error, fail)
        if action is not None and action.outcome is not None:
            self._count(action.outcome)
            self._line(task, action.outcome, error)
        self.write(_indented(str(error) if error else fail.get_msg()))

    def _blocked(self, task: SyncTask) -> None:
        """Note what was not run because another unit failed; the report counts it."""
        unit = str(task.units[0].id) if len(task.units) == 1 else ""
        causes = self._report.blocks(task.name, task.task_dep, unit)
        is_other = bool(unit) and unit not in causes
        if is_other and _FAILURES & {self._codes.get(cause) for cause in causes}:
            self._codes[task.name] = ExitCode.ERROR

    def _note(self, task: SyncTask, error: PddError | None, fail: BaseFail) -> None:
        unit = str(task.units[0].id)
        self._codes[unit] = error.exit_code if error else ExitCode.ERROR
        if isinstance(error, BudgetError) and error.lift:
            self._lifts.append(error.lift)
        failed = Failed(
            unit=unit,
            step=str(task.step or "settle"),
            message=_message(error) or fail.get_msg().partition("\n")[0],
            waits=isinstance(error, ConflictError | AwaitedError),
        )
        self._report.fails(task.name, failed)

    def _count(self, outcome: Outcome) -> None:
        self._spent.merge(outcome.spent)
        self._ran += bool(outcome.operations)

    def _line(
        self,
        task: SyncTask,
        outcome: Outcome,
        error: PddError | None = None,
        *,
        good: bool = False,
    ) -> None:
        # imported here: a run that finds nothing to do has no such line
        from pdd_tasks.plugin.step_line import GOOD, ending, step_line

        end = GOOD if good else ending(error)
        has_colour = self._progress.has_colour
        self.write(step_line(_label(task), outcome, end, has_colour=has_colour))
        if task.verbosity != 0:
            for note in outcome.notes:
                self.write(_indented(note))

    def complete_run(self) -> None:
        """Print the sum, and end the process with the exit code of the run.

        Raises:
            SystemExit: If the exit code is not the one doit would say.
        """
        again = command_again()
        if isinstance(sys.exc_info()[1], KeyboardInterrupt):
            self._interruption.wind_down(self._activity, self.write)
            self._codes[""] = ExitCode.INTERRUPTED
            said = f"interrupted: run the same command again to go on: {again}"
            self.write(f"{said}\n")
            again = ""
        self._progress.end()
        super().complete_run()
        unfinished = self._unfinished() if self._codes else {}
        bad = {*self._report.failed, *self._report.blocked, *unfinished}
        if self._units or bad:
            self._told(self._units - bad, unfinished, again)
        code = max(self._codes.values(), key=_SEVERITY.index, default=ExitCode.IN_SYNC)
        if code is not ExitCode.INTERRUPTED:  # else one more signal ends it at once
            self._interruption.unlisten()
        if code is not ExitCode.IN_SYNC:
            self.outstream.flush()
            raise SystemExit(int(code))

    def _told(
        self, good: Collection[str], unfinished: Mapping[str, bool], again: str
    ) -> None:
        """Print the report, if there is one, and the sum.

        Args:
            good: The units in sync.
            unfinished: Unit → whether it was begun, of those that were not finished.
            again: What to type to go on; empty if that was said.
        """
        again = lifted(again, self._lifts)
        lines = self._report.lines(finished=good, unfinished=unfinished, again=again)
        if again and not lines and ExitCode.BUDGET in self._codes.values():
            lines = [f"to go on: {again}"]
        if lines:
            self.write("".join(f"{line}\n" for line in ["", *lines]))
        bad = {*self._report.failed, *self._report.blocked, *unfinished}
        # what is but counted holds no secret, and looking for one has its price
        write = self.write if self._ran or self._codes else self._progress.write
        if self._is_part:
            states = {"done as far as asked": len(good)}
        else:
            needed = sum(_is_due(self._partly[n]) for n in good if n in self._partly)
            states = {"in sync": len(good) - needed, "done as far as needed": needed}
        write(summed(states, len(bad), self._ran, self._spent))

    def _unfinished(self) -> dict[str, bool]:
        """Return the units that were asked for and not finished, and which began."""
        found: dict[str, bool] = {}
        for task in wanted(self._tasks, self._selected):
            unit = str(task.units[0].id)
            is_told = unit in self._report.failed or unit in self._report.blocked
            if task.name not in self._good and not is_told:
                found[unit] = unit in self._units | self._begun
        return found


def _action(task: SyncTask) -> StepAction | None:
    return next((a for a in task.actions if isinstance(a, StepAction)), None)


def _label(task: SyncTask) -> str:
    return f"{task.units[0].id} {task.step or 'settle'}"


def _is_due(task: SyncTask) -> bool:
    """Return whether more is to be done for the unit of a step, which others need."""
    try:
        return bool(task.project.plan(task.units[0]).due)
    except PddError:
        return True


def _decided(task: SyncTask) -> str:
    plan = task.project.plan(task.units[0])
    return next(d.because for d in plan.decisions if d.step is task.step)


def _message(error: PddError | None) -> str:
    word = "not run: budget: " if isinstance(error, BudgetError) else ""
    return f"{word}{error.message}" if error else ""


def _indented(text: str) -> str:
    return "".join(f"  {line}\n" for line in text.rstrip().splitlines())
