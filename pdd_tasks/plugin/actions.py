"""What doit executes: one step of one unit, or the settling of a unit.

The only place where a `PddError` becomes a doit failure.
"""

import os
import traceback
from typing import Any

from doit.action import BaseAction
from doit.exceptions import BaseFail, TaskError, TaskFailed

from pdd_tasks.core.model.step import Step
from pdd_tasks.core.model.unit import DevUnit
from pdd_tasks.engine.outcome import Outcome
from pdd_tasks.errors import ConfigError, ConflictError, PddError
from pdd_tasks.plugin.project import Project


class StepAction(BaseAction):
    """Performs a step; prints nothing, so that threads do not mix their words.

    Attributes:
        outcome: What the step did; None before it ran.
        failure: Why it failed; None if it did not.
    """

    def __init__(self, project: Project, unit: DevUnit, step: Step | None) -> None:
        self.project, self.unit, self.step = project, unit, step
        self.task: Any = None
        self.out, self.err, self.result = "", "", None
        self.values: dict[str, str] = {}
        self.outcome: Outcome | None = None
        self.failure: PddError | None = None
        self._process = os.getpid()

    def calls(self) -> int:
        """Return how often a model has answered the step so far."""
        if self.outcome is None:
            return 0
        return self.outcome.spent.calls + self.outcome.current.calls

    def execute(self, out: object = None, err: object = None) -> BaseFail | None:
        """Perform the step.

        Args:
            out: Ignored; the reporter prints.
            err: Ignored; the reporter prints.

        Returns:
            None if all went well, else a failure that doit hands to the reporter.
        """
        del out, err
        self.outcome = Outcome(unit=self.unit, step=self.step or Step.FIX)
        try:
            self._check_process()
            with self.project.activity.at_work():
                self._perform(self.outcome)
        except PddError as error:
            self.failure = error
            return TaskFailed(str(error), report=False)
        except Exception as error:  # noqa: BLE001 - the edge: a bug keeps its traceback
            self.err = traceback.format_exc()
            return TaskError(f"{type(error).__name__}: {error}", error)
        return None

    def _perform(self, outcome: Outcome) -> None:
        """Perform the step; once more after a person decided a conflict at once.

        Raises:
            ConflictError: If it waits for a person.
        """
        try:
            self.project.perform(self.unit, self.step, outcome)
        except ConflictError:
            # its own outcome: what was spent until here is on record already
            again = Outcome(unit=self.unit, step=outcome.step)
            try:
                if not (self.unit.settings.interactive and self._is_decided(again)):
                    raise
                self.project.perform(self.unit, self.step, again)
            finally:
                outcome.operations += again.operations
                outcome.notes += again.notes
                outcome.spent.merge(again.spent)

    def _is_decided(self, outcome: Outcome) -> bool:
        from pdd_tasks.plugin.choosing import decided_now  # noqa: PLC0415 - seldom

        return decided_now(self.project, self.unit, outcome)

    def _check_process(self) -> None:
        if os.getpid() != self._process:
            msg = "-P process cannot share one budget and one set of locks"
            raise ConfigError(msg, hint="use `doit run -n 8 -P thread`")

    def __repr__(self) -> str:
        return f"<{self.unit.id}:{self.step or 'settle'}>"
