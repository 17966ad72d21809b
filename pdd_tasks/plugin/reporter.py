"""One plain line a step, with its reason and cost; the exit code at the end.

Colour is used on a terminal only. Tasks that are not ours are reported as doit's
own console reporter does.
"""

import signal
import sys
import threading
from collections.abc import Callable, Iterable, Mapping
from types import FrameType
from typing import Final, TextIO

from doit.exceptions import BaseFail, UnmetDependency
from doit.reporter import ConsoleReporter
from doit.task import Task

from pdd_tasks.core.model.ledger import dollars
from pdd_tasks.engine.outcome import Outcome, Spent
from pdd_tasks.errors import ConflictError, ExitCode, PddError
from pdd_tasks.plugin.actions import StepAction
from pdd_tasks.plugin.prerequisite import first_lines
from pdd_tasks.plugin.progress import Progress
from pdd_tasks.plugin.redaction import Redaction
from pdd_tasks.plugin.tasks import SyncTask, asking_of, counted, redaction_of


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

_TALKATIVE: Final = 2
_GREEN, _RED, _YELLOW, _PLAIN = "\033[32m", "\033[31m", "\033[33m", "\033[0m"


class SyncReporter(ConsoleReporter):
    """Reports steps of units, and sets the exit code when the run completes."""

    desc = "one line a step, with its reason and cost"

    def __init__(self, outstream: TextIO, options: dict[str, int]) -> None:
        super().__init__(outstream, options)
        self._codes: set[ExitCode] = set()
        self._failed_units: set[str] = set()
        self._units: set[str] = set()
        self._spent = Spent()
        self._ran = 0
        self._progress = Progress(outstream)
        self._redaction = Redaction((), {})

    def initialize(
        self, tasks: Mapping[str, Task], selected_tasks: Iterable[str]
    ) -> None:
        """Say what comes first; turn a request to end into a clean interruption."""
        self._redaction = redaction_of(tasks.values())
        self._progress.hushed = asking_of(tasks.values())
        for line in first_lines(tasks[name] for name in selected_tasks):
            self.write(f"{line}\n")
        if threading.current_thread() is threading.main_thread():  # no other may
            before = signal.getsignal(signal.SIGTERM)
            signal.signal(signal.SIGTERM, _interrupting(before))

    def execute_task(self, task: Task) -> None:
        """Say that a step begins, on a terminal only."""
        if not isinstance(task, SyncTask):
            super().execute_task(task)
        else:
            self._progress.start(_label(task))

    def write(self, text: str) -> None:
        """Write above the line that shows what is running, without secrets."""
        self._progress.write(self._redaction.said(text))

    def skip_uptodate(self, task: Task) -> None:
        """Count a unit that is in sync; say why a step has nothing to do if asked."""
        if not isinstance(task, SyncTask):
            super().skip_uptodate(task)
            return
        self._units |= {str(unit.id) for unit in task.units}
        if task.verbosity == _TALKATIVE and task.step is not None:
            reason = _decided(task)
            self.write(f"-- {_label(task)}: {reason}\n")

    def add_success(self, task: Task) -> None:
        """Print what a step did."""
        if not isinstance(task, SyncTask):
            return
        self._progress.stop(_label(task))
        self._units |= {str(unit.id) for unit in task.units}
        action = _action(task)
        if action is not None and action.outcome is not None:
            self._count(action.outcome)
            if action.outcome.operations:
                self._line(task, action.outcome, _GREEN, "")
                self._notes(task, action.outcome)
            elif task.step is not None:
                self.write(f"{_label(task)}: nothing left to do\n")

    def add_failure(self, task: Task, fail: BaseFail) -> None:
        """Print why a step failed, and what to do next."""
        if not isinstance(task, SyncTask):
            self._codes.add(ExitCode.ERROR)
            super().add_failure(task, fail)
            return
        self._progress.stop(_label(task))
        if isinstance(fail, UnmetDependency):
            self._blocked(task)
            return
        self._failed_units |= {str(unit.id) for unit in task.units}
        action = _action(task)
        error = action.failure if action else None
        self._codes.add(error.exit_code if error else ExitCode.ERROR)
        if action is not None and action.outcome is not None:
            self._count(action.outcome)
            word, colour = _word(error)
            self._line(task, action.outcome, colour, word)
            self._notes(task, action.outcome)
        self.write(_indented(str(error) if error else fail.get_msg()))

    def _blocked(self, task: SyncTask) -> None:
        """Say once that a unit was not run because another one failed."""
        names = {str(unit.id) for unit in task.units}
        if task.step is not None and not names & self._failed_units:
            self._failed_units |= names
            self._codes.add(ExitCode.ERROR)
            self.write(f"{_label(task)}: not run: a unit it needs failed\n")

    def _count(self, outcome: Outcome) -> None:
        self._spent.merge(outcome.spent)
        self._ran += bool(outcome.operations)

    def _line(self, task: SyncTask, outcome: Outcome, colour: str, word: str) -> None:
        label = _label(task)
        if self._progress.on_terminal:
            label = f"{colour}{label}{_PLAIN}"
        done = f" {word}" if word else ""
        because = f": {outcome.because}" if outcome.because else ""
        self.write(f"{label}{done}{because} ({price(outcome)})\n")

    def _notes(self, task: SyncTask, outcome: Outcome) -> None:
        if task.verbosity != 0:
            for note in outcome.notes:
                self.write(_indented(note))

    def complete_run(self) -> None:
        """Print the sum, and end the process with the exit code of the run.

        Raises:
            SystemExit: If the exit code is not the one doit would say.
        """
        interrupted = isinstance(sys.exc_info()[1], KeyboardInterrupt)
        if interrupted:
            # loaded only then: nobody who finds nothing to do starts a child
            from pdd_tasks.adapters.processes import end_all

            end_all()
            self._codes.add(ExitCode.INTERRUPTED)
            self.write("\ninterrupted: run the same command again to go on\n")
        self._progress.end()
        super().complete_run()
        if self._units or self._failed_units:
            # what is but counted holds no secret, and looking for one has its price
            write = self.write if self._ran or self._codes else self._progress.write
            write(self._sum())
        code = max(self._codes, key=_SEVERITY.index, default=ExitCode.IN_SYNC)
        if code is not ExitCode.IN_SYNC:
            self.outstream.flush()
            raise SystemExit(int(code))

    def _sum(self) -> str:
        good = len(self._units - self._failed_units)
        parts = [f"{counted(good, 'unit')} in sync"]
        if self._failed_units:
            parts.append(f"{len(self._failed_units)} not")
        ran = f"{counted(self._ran, 'step')} run"
        parts.append(ran if self._ran else "nothing to do")
        spent = self._spent
        if spent.calls:
            live = spent.calls - spent.recorded
            parts.append(f"{counted(live, 'live call')}, {dollars(spent.cost)}")
        if spent.recorded:
            labels = ", ".join(sorted(spent.labels))
            said = counted(spent.recorded, "recorded reply", "recorded replies")
            parts.append(f"{said} ({labels})")
        return f"sync: {'; '.join(parts)}\n"


def _interrupting(before: object) -> Callable[[int, FrameType | None], None]:
    """Return a handler that interrupts, after whoever handled the signal before."""

    def interrupt(number: int, frame: FrameType | None) -> None:
        if callable(before):
            before(number, frame)
        raise KeyboardInterrupt

    return interrupt


def _action(task: SyncTask) -> StepAction | None:
    return next((a for a in task.actions if isinstance(a, StepAction)), None)


def _label(task: SyncTask) -> str:
    return f"{task.units[0].id} {task.step or 'settle'}"


def _decided(task: SyncTask) -> str:
    plan = task.project.plan(task.units[0])
    return next(d.because for d in plan.decisions if d.step is task.step)


def _word(error: PddError | None) -> tuple[str, str]:
    if isinstance(error, ConflictError):
        return "WAITS FOR YOU", _YELLOW
    return "FAILED", _RED


def price(outcome: Outcome) -> str:
    """Return what an operation cost, in replies, dollars and seconds."""
    parts = []
    spent = outcome.spent
    if spent.calls:
        live = spent.calls - spent.recorded
        if spent.recorded:
            parts.append(counted(spent.recorded, "recorded reply", "recorded replies"))
        if live:
            parts.append(counted(live, "call"))
        parts.append(dollars(spent.cost))
    parts.append(f"{outcome.seconds:.1f} s")
    return ", ".join(parts)


def _indented(text: str) -> str:
    return "".join(f"  {line}\n" for line in text.rstrip().splitlines())
