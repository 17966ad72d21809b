"""A fingerprint under other names: what was recorded of a unit before it was renamed.

Rule 1: nothing recorded is lost; steps, history and what gave up are carried over.
Rule 2: a file counts as the one on record if its text is the same once the old names
of the unit's modules are replaced by the new ones, as whole words, in both. All else
is a person's edit, as it would be under the old name.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import PurePosixPath
from typing import Final, NamedTuple

from pdd_tasks.core.model.artifact import Artifact, Digest
from pdd_tasks.core.model.step import Step
from pdd_tasks.core.model.trace import Fingerprint, StepRecord


Moves = Mapping[str, str]
"""Path on record → path now."""

Known = Mapping[str, tuple[Digest, Digest]]
"""Path on record → digest on record, and the present one that counts as the same."""

_NO_RECORD: Final = StepRecord()


def recorded_prompt(trace: Fingerprint) -> tuple[str, str] | None:
    """Return the path and the text digest of the prompt on record; None without it."""
    found = tuple(trace.steps.get(Step.AUTO_DEPS, _NO_RECORD).triggers.items())
    return found[0] if len(found) == 1 else None


def recorded_files(trace: Fingerprint) -> dict[Artifact, tuple[str, ...]]:
    """Return the paths on record of code, example and tests, sorted."""
    made = {step: set(record.outputs) for step, record in trace.steps.items()}
    seen = {step: _files(record) for step, record in trace.steps.items()}
    none: set[str] = set()
    code = made.get(Step.GENERATE, none) | seen.get(Step.EXAMPLE, none)
    example = made.get(Step.EXAMPLE, none) | (seen.get(Step.VERIFY, none) - code)
    tests = made.get(Step.TEST, none) | (seen.get(Step.TEST, none) - code)
    return {
        Artifact.CODE: tuple(sorted(code)),
        Artifact.EXAMPLE: tuple(sorted(example)),
        Artifact.TESTS: tuple(sorted(tests)),
    }


def paired(
    olds: Sequence[str],
    news: Sequence[PurePosixPath],
    leaf: tuple[str, str],
) -> dict[str, str]:
    """Return which path each path on record has now.

    Args:
        olds: The paths on record of an artifact.
        news: The paths it has now; the first is the main one.
        leaf: The last part of the unit's name, before and now.
    """
    by_name = {path.name: path for path in news}
    found: dict[str, str] = {}
    for old in olds:
        name = PurePosixPath(old).name.replace(*leaf, 1)
        found[old] = str(by_name.pop(name, news[0].parent / name))
    left = [path for path in by_name.values() if str(path) not in found.values()]
    lost = [old for old in olds if PurePosixPath(found[old]) not in news]
    if len(left) == len(lost) == 1:
        found[lost[0]] = str(left[0])
    return found


def renamed_text(text: str, moves: Moves) -> str:
    """Return a text with old names of modules replaced by the new ones."""
    stems = {PurePosixPath(o).stem: PurePosixPath(n).stem for o, n in moves.items()}
    changed = {old: new for old, new in stems.items() if old != new}
    if not changed:
        return text
    words = "|".join(re.escape(word) for word in sorted(changed, key=len, reverse=True))
    return re.sub(rf"\b(?:{words})\b", lambda found: changed[found[0]], text)


def carried_over(trace: Fingerprint, moves: Moves, known: Known) -> Fingerprint:
    """Return a fingerprint with its paths as they are now.

    Args:
        trace: The fingerprint under the old names.
        moves: The prompt's path and those of all artifacts.
        known: Files whose text counts as the one on record.
    """
    to = _Renaming(moves, known)
    return replace(
        trace,
        steps={
            step: replace(
                old,
                triggers=to.inputs(old.triggers),
                context=to.inputs(old.context),
                outputs=to.files(old.outputs),
            )
            for step, old in trace.steps.items()
        },
        gave_up={
            step: replace(old, triggers=to.inputs(old.triggers))
            for step, old in trace.gave_up.items()
        },
        conflicts={
            to.name(path): replace(old, triggers=to.inputs(old.triggers))
            for path, old in trace.conflicts.items()
        },
        adopted=to.files(trace.adopted),
    )


class _Renaming(NamedTuple):
    """Puts new names and digests in the place of old ones."""

    moves: Moves
    known: Known

    def name(self, path: str) -> str:
        return self.moves.get(path, path)

    def files(self, files: Mapping[str, Digest]) -> dict[str, Digest]:
        return {self.name(p): self._digest(p, d) for p, d in files.items()}

    def inputs(self, values: Mapping[str, str]) -> dict[str, str]:
        return {self.name(n): self._value(n, v) for n, v in values.items()}

    def _value(self, name: str, value: str) -> str:
        found = _digest(value)
        return value if found is None else str(self._digest(name, found))

    def _digest(self, path: str, old: Digest) -> Digest:
        before, now = self.known.get(path, (old, old))
        return now if before.text == old.text else old


def _files(record: StepRecord) -> set[str]:
    return {name for name, value in record.triggers.items() if _digest(value)}


def _digest(value: str) -> Digest | None:
    try:
        return Digest.parse(value)
    except ValueError:
        return None
