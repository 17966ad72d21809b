"""Reports what changed in a unit since it was last in sync; writes nothing."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import PurePosixPath
from typing import Final

from pdd_tasks.core.model.artifact import Artifact, Digest
from pdd_tasks.core.model.step import Step
from pdd_tasks.core.model.trace import StepRecord
from pdd_tasks.core.model.unit import DevUnit
from pdd_tasks.core.plan.change import Aspect
from pdd_tasks.core.plan.change_report import (
    ChangeReport,
    FileChange,
    How,
    counted_lines,
    first_difference,
)
from pdd_tasks.core.plan.making import regenerates_by_hand
from pdd_tasks.core.plan.plan import plan
from pdd_tasks.engine.comparison import old_text, same_aspect, symbols_between
from pdd_tasks.engine.observe import NO_OVERLAY, Overlay, observe
from pdd_tasks.engine.sides import prompt_before
from pdd_tasks.engine.view import View
from pdd_tasks.engine.world import World


_MAKERS: Final = {
    Artifact.CODE: Step.GENERATE,
    Artifact.EXAMPLE: Step.EXAMPLE,
    Artifact.TESTS: Step.TEST,
}


def change_report(
    world: World, unit: DevUnit, overlay: Overlay = NO_OVERLAY
) -> ChangeReport:
    """Return what changed in a unit, and what its steps do about it.

    Args:
        world: The ports.
        unit: The unit.
        overlay: What stands elsewhere than on the disk.

    Raises:
        PddError: If the unit cannot be looked at.
    """
    view = observe(world, unit, overlay)
    known = view.trace.steps.get(Step.GENERATE, StepRecord()).triggers
    inputs = view.upstream.changed(known, view.triggers[Step.GENERATE])
    prompt = str(unit.prompt)
    return ChangeReport(
        files=(
            *([_prompt(world, view)] if prompt in inputs else []),
            *changed_files(world, view),
        ),
        dependencies=tuple(name for name in inputs if name != prompt),
        decisions=plan(view.facts).due,
        conflict=regenerates_by_hand(view.facts),
    )


def _prompt(world: World, view: View) -> FileChange:
    path, raw = view.unit.prompt, prompt_before(view)
    if Step.GENERATE not in view.trace.steps:
        return _change(Artifact.PROMPT, path, How.ADDED, ("", view.prompt))
    before = old_text(world.baselines, path, Digest(raw, "")) if raw else None
    return _change(Artifact.PROMPT, path, How.CHANGED, (before, view.prompt))


def changed_files(world: World, view: View) -> Iterator[FileChange]:
    """Yield the files of code, example and tests that differ from their record."""
    for artifact, step in _MAKERS.items():
        made = view.trace.steps.get(step, StepRecord()).outputs
        for path in view.unit.paths(artifact):
            name = str(path)
            given = (view.trace.adopted.get(name), made.get(name))
            known = [digest for digest in given if digest is not None]
            how = _how(view.snapshot.digests.get(path), known)
            if how is not None:
                before = old_text(world.baselines, path, known[0]) if known else ""
                yield _compared(view, artifact, path, how, before)


def _how(present: Digest | None, known: Sequence[Digest]) -> How | None:
    """Return what became of a file; None if it is as it is on record, or nowhere."""
    if present is None:
        return How.DELETED if known else None
    if not known:
        return How.ADDED
    same = present.text in {digest.text for digest in known}
    return None if same else How.CHANGED


def _compared(
    view: View, artifact: Artifact, path: PurePosixPath, how: How, before: str | None
) -> FileChange:
    """Return a change of a file that may be of the unit's language."""
    now = view.snapshot.text(path)
    found = _change(artifact, path, how, (before, now))
    if before is None or not _is_program(view.unit, path):
        return found
    alike = same_aspect(view.syntax, before, now, Aspect.INTERFACE)
    return replace(
        found,
        symbols=symbols_between(view.syntax, before, now),
        interface=path in view.unit.headers and not alike,
    )


def _change(
    artifact: Artifact, path: PurePosixPath, how: How, texts: tuple[str | None, str]
) -> FileChange:
    before, now = texts
    added, removed = (None, None) if before is None else counted_lines(before, now)
    return FileChange(
        path=path,
        artifact=artifact,
        how=how,
        added=added,
        removed=removed,
        line=None if before is None else first_difference(before, now),
    )


def _is_program(unit: DevUnit, path: PurePosixPath) -> bool:
    return path.suffix.removeprefix(".") in unit.language.extensions
