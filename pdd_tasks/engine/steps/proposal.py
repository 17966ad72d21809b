"""The prompt follows an edit of the code: proposed first, published when confirmed."""

from pathlib import PurePosixPath

from pdd_tasks.core.model.artifact import Artifact
from pdd_tasks.core.model.step import Step
from pdd_tasks.core.model.text_style import plain, styled
from pdd_tasks.core.model.trace import StepRecord
from pdd_tasks.core.model.trace_update import released
from pdd_tasks.core.prompt.block import split
from pdd_tasks.core.prompt.directive import Kind, directives
from pdd_tasks.core.prompt.reply import one_file
from pdd_tasks.engine.material import common, difference, section
from pdd_tasks.engine.observe import with_needed
from pdd_tasks.engine.source import shown, texts
from pdd_tasks.engine.work import Result, Work
from pdd_tasks.errors import ConflictError, ReplyError


def propose_update(work: Work) -> Result:
    """Show the prompt change that describes the edit, and wait for a person.

    Raises:
        ConflictError: Always: a person must confirm.
    """
    text = _asked(work)
    change = difference(plain(work.view.prompt.encode()), text, str(work.unit.prompt))
    named = ", ".join(str(path) for path in work.unit.code)
    msg = (
        f"unit {work.unit.id}: {named} was edited by hand and passes;"
        f" this change of the prompt would describe it:\n{change}"
    )
    hint = (
        f"apply it with `doit sync:{work.unit.id} accept_updates=1`, change the"
        " prompt yourself, or undo the edit"
    )
    raise ConflictError(msg, hint=hint)


def apply_update(work: Work) -> Result:
    """Publish the prompt that describes the edit, and take the edit as generated.

    Returns:
        What it leaves behind.
    """
    view = work.view
    work.keep(Artifact.CODE)
    work.keep(Artifact.PROMPT)
    like = view.snapshot.contents[view.unit.prompt]
    files = {view.unit.prompt: styled(_asked(work), like)}
    after = work.after(files)
    code = after.digests(Artifact.CODE)
    trace = released(view.trace, code)
    for step in (Step.AUTO_DEPS, Step.UPDATE):
        outputs = after.digests(Artifact.PROMPT)
        trace = work.with_record(trace, step, after, outputs=outputs)
    trace = work.with_record(trace, Step.GENERATE, after, outputs=code)
    if Step.TEST in trace.steps:  # they passed on the edit, so they know it
        tests = after.digests(Artifact.TESTS)
        trace = work.with_record(trace, Step.TEST, after, outputs=tests)
    return Result(files=files, trace=trace, notes=(f"updated {view.unit.prompt}",))


def _asked(work: Work) -> str:
    view = work.view
    values = common(view)
    own = plain(view.prompt.encode())
    outside = split(view.unit.prompt, own).outside
    values["prompt_section"] = section("The prompt as it is", outside, "prompt")
    code = texts(view)
    edits = (_edit(work, path, text) for path, text in code.items())
    edit = "\n".join(filter(None, edits))
    values["edit_section"] = section("The edit", edit, "diff")
    values["code_section"] = shown(code, values["fence"])
    return work.ask("update", values, lambda text: _prompt(work, outside, text))


def _edit(work: Work, path: PurePosixPath, text: str) -> str:
    """Return what a file changed of what the generator last left.

    Empty if nobody has that.
    """
    made = work.view.trace.steps.get(Step.GENERATE, StepRecord()).outputs
    known = work.view.trace.adopted.get(str(path)) or made.get(str(path))
    data = work.world.baselines.find(known.raw, path) if known else None
    if not data:
        return ""
    return difference(data.decode("utf-8-sig", "replace"), text, str(path))


def _prompt(work: Work, outside: str, text: str) -> str:
    """Return the whole prompt a reply proposes, with its block put back.

    Raises:
        ReplyError: If it drops or adds a directive, or changes nothing.
    """
    path = work.unit.prompt
    proposed = one_file(text, ("prompt", "markdown", "md", "text", "txt"))
    if _tags(path, proposed) != _tags(path, outside):
        msg = "the reply changes the directives of the prompt, such as <include>"
        raise ReplyError(msg)
    if proposed.strip() == outside.strip():
        msg = "the reply does not change the prompt"
        raise ReplyError(msg)
    return with_needed(work.world, work.unit, proposed, proposed)


def _tags(path: PurePosixPath, text: str) -> list[tuple[str, str, str]]:
    """Return the directives of a prompt, in order, without their places."""
    found = directives(str(path), text)
    return [(d.kind, d.body, d.select) for d in found if d.kind is not Kind.CODE]
