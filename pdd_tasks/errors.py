"""The errors a person can mend, and the exit codes they lead to.

Rule 1: every failure whose cause lies outside this program is a `PddError`: one
sentence that names the unit, file and line and the fact, and a hint that is the
next thing to do. Rule 2: anything else is a bug and keeps its traceback.
"""

from dataclasses import dataclass
from enum import IntEnum
from pathlib import PurePosixPath
from typing import ClassVar


class ExitCode(IntEnum):
    """What the process says when it ends."""

    IN_SYNC = 0  # everything asked for is in sync
    FAILED = 1  # a unit failed
    ERROR = 2  # an error while running, or work blocked by a failure
    REFUSED = 3  # refused before anything ran
    CONFLICT = 4  # a conflict waits for a person
    BUDGET = 5  # the budget refused
    INTERRUPTED = 130  # interrupted by a signal


class PddError(Exception):
    """A failure that a person can mend.

    Attributes:
        message: One lower-case sentence without a final stop.
        hint: What to do next, an imperative sentence; empty if nothing helps.
        exit_code: What the process should say if this ends it.
    """

    exit_code: ClassVar[ExitCode] = ExitCode.FAILED

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message}\n  hint: {self.hint}" if self.hint else self.message

    def __reduce__(self) -> tuple[object, ...]:
        return (_rebuilt, (type(self), self.message, self.hint))


def _rebuilt(kind: type[PddError], message: str, hint: str) -> PddError:
    return kind(message, hint=hint)


class ConfigError(PddError):
    """A configuration, a prompt or a unit name that cannot be used."""

    exit_code = ExitCode.REFUSED


class StateError(PddError):
    """A state file that is broken, newer than this program, or in conflict."""

    exit_code = ExitCode.REFUSED


class LockedError(PddError):
    """Another run holds what is needed, and the time to wait for it is over."""

    exit_code = ExitCode.REFUSED


class LockLostError(PddError):
    """A lock was taken from this run while it was silent; it may publish nothing."""


class ConflictError(PddError):
    """Both a person and the program have a claim: a person must decide."""

    exit_code = ExitCode.CONFLICT


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """A file that a person saved while a step worked; their save stands.

    With these, the save and the step's result can be joined three ways: the base is
    `old`, the person's side is what stands at `path`, the step's side is `ours`.

    Attributes:
        path: The file.
        old: Raw SHA-256 of the bytes the step had read; None if there was no file.
        ours: Raw SHA-256 of the bytes the step wanted to write.
        parked: Where the bytes lie that could not take the file's place: those of
            `ours`, or, if the person saved twice, their older save, which has another
            digest. None if nothing was written at all.
    """

    path: PurePosixPath
    old: str | None
    ours: str
    parked: PurePosixPath | None = None


class DisplacedError(ConflictError):
    """A file changed between being read and being published; nothing was lost.

    Attributes:
        saved: The files, in the order they were to be written. If any is parked, all
            other files of the step are published; else none is.
    """

    def __init__(
        self, message: str, *, hint: str = "", saved: tuple[Saved, ...] = ()
    ) -> None:
        super().__init__(message, hint=hint)
        self.saved = saved

    def __reduce__(self) -> tuple[object, ...]:
        return (_displaced, (self.message, self.hint, self.saved))


def _displaced(message: str, hint: str, saved: tuple[Saved, ...]) -> DisplacedError:
    return DisplacedError(message, hint=hint, saved=saved)


class BudgetError(PddError):
    """The next call could cost more than is left, or its price is unknown.

    Attributes:
        scope: Whose ceiling refused, ``day``; empty if it was the run's own budget.
        lift: The setting with which the same command goes on, ``budget=0.20``; empty
            if it goes on as it is, or no setting helps.
    """

    exit_code = ExitCode.BUDGET

    def __init__(
        self, message: str, *, hint: str = "", scope: str = "", lift: str = ""
    ) -> None:
        super().__init__(message, hint=hint)
        self.scope, self.lift = scope, lift

    def __reduce__(self) -> tuple[object, ...]:
        return (_over_budget, (self.message, self.hint, self.scope, self.lift))


def _over_budget(message: str, hint: str, scope: str, lift: str) -> BudgetError:
    return BudgetError(message, hint=hint, scope=scope, lift=lift)


class StepError(PddError):
    """A step did its attempts and did not succeed."""


class ReplyError(StepError):
    """A model's reply that cannot be used: prose, empty, elided, not the language."""


class ModelError(StepError):
    """A model could not be asked, or did not answer in full."""


class MissingKeyError(ModelError):
    """No key for a live model; refused before anything is sent."""

    exit_code = ExitCode.REFUSED


class AwaitedError(ModelError):
    """A person is asked, and has not answered yet; nothing is wrong."""

    exit_code = ExitCode.CONFLICT


class AnsweredError(ModelError):
    """An answer that is none, and would be none again: the request must change.

    Attributes:
        cost: Micro-dollars it cost all the same; None if that is unknown.
    """

    cost: int | None = None

    def __reduce__(self) -> tuple[object, ...]:
        return (_answered, (type(self), self.message, self.hint, self.cost))


def _answered(
    kind: type[AnsweredError], message: str, hint: str, cost: int | None
) -> AnsweredError:
    error = kind(message, hint=hint)
    error.cost = cost
    return error


class TruncatedError(AnsweredError):
    """A reply that the limit of tokens cut off."""


class RefusedError(AnsweredError):
    """A model or its provider declined to answer."""


class ContextOverflowError(AnsweredError):
    """A request too long for the model."""


class ReplayMissError(ModelError):
    """Nothing is recorded for a request, and live calls are not allowed."""


class FormatError(StepError):
    """A formatter that would not format a text; the text is used as it is."""


class RunError(StepError):
    """A child process could not be started at all."""


class EndedError(RunError):
    """A child process was ended, or not started, because the run was interrupted."""
