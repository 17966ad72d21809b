"""Puts what a prompt needs into its auto-deps block; free, by rules."""

from collections.abc import Mapping
from pathlib import PurePosixPath

from pdd_tasks.core.model.artifact import Artifact
from pdd_tasks.core.model.step import Step
from pdd_tasks.engine.view import View
from pdd_tasks.engine.work import Result, Work


def inject_deps(work: Work) -> Result:
    """Write the block that the rules give; the rest of the prompt stays as it is.

    Returns:
        What it leaves behind.
    """
    files = due_block(work.view)
    after = work.after(files)
    outputs = after.digests(Artifact.PROMPT) if files else None
    trace = work.with_record(work.view.trace, Step.AUTO_DEPS, after, outputs=outputs)
    return Result(files=files, trace=trace, notes=block_notes(files))


def due_block(view: View) -> dict[PurePosixPath, bytes]:
    """Return the prompt with the block that the rules give; empty if it has it."""
    if view.block == view.prompt:
        return {}
    return {view.unit.prompt: view.block.encode()}


def block_notes(files: Mapping[PurePosixPath, bytes]) -> tuple[str, ...]:
    """Return a line for each prompt whose block was written."""
    return tuple(f"wrote the block of {path}" for path in files)
