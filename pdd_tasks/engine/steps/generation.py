"""Code from a prompt."""

from pdd_tasks.core.model.artifact import Artifact
from pdd_tasks.core.model.step import Step
from pdd_tasks.core.model.trace_update import released
from pdd_tasks.engine.material import common, section
from pdd_tasks.engine.reply_code import codes_in
from pdd_tasks.engine.source import (
    Texts,
    is_same_interface,
    public_names,
    shown,
    texts,
)
from pdd_tasks.engine.view import View
from pdd_tasks.engine.work import Result, Work
from pdd_tasks.errors import ReplyError


def generate(work: Work) -> Result:
    """Ask for the code, keep every name that others use, and record it.

    Returns:
        What it leaves behind.
    """
    view = work.view
    old = texts(view)
    code = asked_code(work, old)
    work.keep(Artifact.PROMPT)
    files = {path: text.encode() for path, text in code.items()}
    after = work.after(files)
    digests = after.digests(Artifact.CODE)
    trace = released(view.trace, digests)
    trace = work.with_record(trace, Step.UPDATE, after)
    trace = work.with_record(
        trace, Step.GENERATE, after, outputs=digests, context=context(view)
    )
    fits = Step.EXAMPLE in trace.steps and not view.facts.interface_changed
    if fits and is_same_interface(view, old, code):
        trace = work.with_record(trace, Step.EXAMPLE, after)
    return Result(files=files, trace=trace)


def asked_code(work: Work, old: Texts) -> Texts:
    """Return the code that the prompt asks for.

    Args:
        work: The operation.
        old: The code so far, which it starts from; empty texts if there is none.

    Raises:
        ReplyError: If no reply can be used.
    """
    return work.ask(
        "generate",
        _values(work.view, old),
        lambda text: _checked(work, text, old),
        template="" if len(old) == 1 else "generate-files",
    )


def _values(view: View, old: Texts) -> dict[str, str]:
    values = common(view)
    values["tests_section"] = section("Tests the code must pass", values["tests"])
    values["code_section"] = shown(old, values["fence"], "The code so far")
    return values


def _checked(work: Work, text: str, old: Texts) -> Texts:
    code = codes_in(work, text, old)
    view = work.view
    lost = kept_names(view, old) - public_names(view.unit, view.syntax, code)
    if lost:
        names = ", ".join(sorted(lost))
        msg = f"the reply drops public names that others use: {names}"
        raise ReplyError(msg)
    return code


def kept_names(view: View, old: Texts) -> frozenset[str]:
    """Return the public names of some code that its example or tests use."""
    public = public_names(view.unit, view.syntax, old)
    if not public:
        return public
    used: set[str] = set()
    for artifact in (Artifact.EXAMPLE, Artifact.TESTS):
        for path in view.contents(artifact):
            text = view.snapshot.text(path)
            if not view.syntax.problem(text):
                used |= view.syntax.used_names(text)
    return public & used


def context(view: View) -> dict[str, str]:
    """Return what generating read beside its triggers: path → digest."""
    read = (Artifact.PROMPT, Artifact.CODE, Artifact.TESTS)
    paths = [path for artifact in read for path in view.contents(artifact)]
    return {str(path): str(view.snapshot.digests[path]) for path in paths}
