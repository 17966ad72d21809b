"""Drift: in which ways a unit is no longer what it was when it was last in sync.

Rule 1: a unit drifts if something of it is due, and then in at least one way. Rule 2:
a way is told by what changed; only where nothing did, by what is due.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePosixPath
from typing import Final

from pdd_tasks.core.model.artifact import Artifact
from pdd_tasks.core.model.step import Step
from pdd_tasks.core.plan.change_report import ChangeReport, FileChange, How


class DriftKind(StrEnum):
    """The ways in which a unit drifts, the worst first."""

    REFUSED = "refused"  # it cannot be looked at
    CUT_OFF = "cut-off"
    CONFLICT = "conflict"
    STAGED_APART = "staged-apart"  # in sync on the disk, and partly staged
    NEVER_BUILT = "never-built"
    FILE_MISSING = "file-missing"
    PROMPT_MOVED = "prompt-moved"
    CODE_EDITED = "code-edited"
    EXAMPLE_EDITED = "example-edited"
    TESTS_EDITED = "tests-edited"
    DEPENDENCY_MOVED = "dependency-moved"
    UNFINISHED = "unfinished"  # nothing of it changed, and something is due


MEANINGS: Final[Mapping[DriftKind, str]] = {
    DriftKind.REFUSED: "the unit cannot be looked at",
    DriftKind.CUT_OFF: "an earlier run was cut off in the middle of a publication",
    DriftKind.CONFLICT: "prompt and code both changed since they were in sync",
    DriftKind.STAGED_APART: "files of the unit are not staged with the others",
    DriftKind.NEVER_BUILT: "nothing was made from the prompt yet",
    DriftKind.FILE_MISSING: "a file of the unit is gone",
    DriftKind.PROMPT_MOVED: "the prompt changed since the code was made from it",
    DriftKind.CODE_EDITED: "the code was edited since it was made",
    DriftKind.EXAMPLE_EDITED: "the example was edited since it was made",
    DriftKind.TESTS_EDITED: "the tests were edited since they were last in sync",
    DriftKind.DEPENDENCY_MOVED: "what the prompt includes changed",
    DriftKind.UNFINISHED: "steps are due, though no file changed",
}
"""Each kind in a clause for people."""

_OF: Final[Mapping[Artifact, DriftKind]] = {
    Artifact.PROMPT: DriftKind.PROMPT_MOVED,
    Artifact.CODE: DriftKind.CODE_EDITED,
    Artifact.EXAMPLE: DriftKind.EXAMPLE_EDITED,
    Artifact.TESTS: DriftKind.TESTS_EDITED,
}
_IN_CONFLICT: Final = frozenset({DriftKind.PROMPT_MOVED, DriftKind.CODE_EDITED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Drift:
    """One way in which a unit drifts.

    Attributes:
        because: Why, a clause.
        path: The file it shows in, relative to the unit's state root; None if in none.
        line: The first line of that file that differs, from 1; None if nobody knows.
        command: What mends it; empty for what mends drifts of its kind.
    """

    kind: DriftKind
    because: str
    path: PurePosixPath | None = None
    line: int | None = None
    command: str = ""

    def mend(self, unit: str) -> str:
        """Return the command that mends it, as a person types it."""
        return self.command or mend(self.kind, unit)


_MENDS: Final[Mapping[DriftKind, str]] = {
    DriftKind.REFUSED: "doit pending {}",
    DriftKind.CONFLICT: "doit merge {}",
    DriftKind.STAGED_APART: "git add FILES",
}


def mend(kind: DriftKind, unit: str) -> str:
    """Return the command that mends drifts of a kind, as a person types it."""
    return _MENDS.get(kind, "doit sync:{}").format(unit)


def drifts(report: ChangeReport) -> tuple[Drift, ...]:
    """Return in which ways a unit drifts, the worst first; none if nothing is due.

    Of a unit that was never built that alone, whatever stands.
    """
    if not report.decisions:
        return ()
    new = next((one for one in report.files if _is_new_prompt(one)), None)
    if new is not None:
        return (_drift(DriftKind.NEVER_BUILT, path=new.path, line=1),)
    found = list(_all(report))
    if report.conflict:
        others = [one for one in found if one.kind not in _IN_CONFLICT]
        found = [_conflict(report), *others]
    order = list(DriftKind)
    told = sorted(found, key=lambda one: order.index(one.kind))
    return tuple(told or [_unfinished(report)])


def _all(report: ChangeReport) -> Iterator[Drift]:
    """Yield what changed."""
    for one in report.files:
        gone = one.how is How.DELETED
        kind = DriftKind.FILE_MISSING if gone else _OF[one.artifact]
        yield _drift(kind, path=one.path, line=one.line)
    for name in report.dependencies:
        yield _drift(DriftKind.DEPENDENCY_MOVED, path=PurePosixPath(name))


def _is_new_prompt(change: FileChange) -> bool:
    return change.artifact is Artifact.PROMPT and change.how is How.ADDED


def _drift(kind: DriftKind, *, path: PurePosixPath, line: int | None = None) -> Drift:
    return Drift(kind=kind, because=MEANINGS[kind], path=path, line=line)


def _conflict(report: ChangeReport) -> Drift:
    """Return the conflict of a prompt and the code of a person."""
    edited = [one for one in report.files if one.artifact is Artifact.CODE]
    asked = [d.because for d in report.decisions if d.step is Step.GENERATE]
    return Drift(
        kind=DriftKind.CONFLICT,
        because=next(iter(asked), MEANINGS[DriftKind.CONFLICT]),
        path=edited[0].path if edited else None,
        line=edited[0].line if edited else None,
    )


def _unfinished(report: ChangeReport) -> Drift:
    """Return why something is due of a unit of which nothing changed."""
    first = report.decisions[0]
    because = f"{first.step} is due: {first.because}"
    return Drift(kind=DriftKind.UNFINISHED, because=because)
