"""Puts what a prompt needs into its auto-deps block; free, by rules."""

from pdd_tasks.core.model.artifact import Artifact
from pdd_tasks.core.model.step import Step
from pdd_tasks.engine.work import Result, Work


def inject_deps(work: Work) -> Result:
    """Write the block that the rules give; the rest of the prompt stays as it is.

    Returns:
        What it leaves behind.
    """
    view = work.view
    files = {}
    if view.block != view.prompt:
        files[view.unit.prompt] = view.block.encode()
    after = work.after(files)
    outputs = after.digests(Artifact.PROMPT) if files else None
    trace = work.with_record(view.trace, Step.AUTO_DEPS, after, outputs=outputs)
    notes = (f"wrote the block of {view.unit.prompt}",) if files else ()
    return Result(files=files, trace=trace, notes=notes)
