"""Accepts what a person brought, as it stands; asks no model, replaces nothing."""

import hashlib
from dataclasses import replace

from pdd_tasks.core.model.artifact import Artifact
from pdd_tasks.core.model.step import Step
from pdd_tasks.core.model.trace import Fingerprint, StepRecord
from pdd_tasks.core.model.trace_update import adopted
from pdd_tasks.core.plan.change import State, trigger_text
from pdd_tasks.core.prompt.include import included
from pdd_tasks.engine.steps.injection import block_notes, due_block
from pdd_tasks.engine.view import View
from pdd_tasks.engine.work import Result, Work


def adopt(work: Work) -> Result:
    """Record code of which nothing is recorded, and what stands beside it.

    Bytes that another tool's fingerprint vouches for become the baseline; others
    are adopted: the next change of the prompt asks before they are replaced. The
    prompt's block is written along with it: a change of ours must not ask.

    Returns:
        What it leaves behind.
    """
    view = work.view
    return _adopted(work, everything=view.fresh or bool(view.trace.foreign))


def adopt_all(work: Work) -> Result:
    """Record everything that stands: code, example and tests.

    Returns:
        What it leaves behind.
    """
    return _adopted(work, everything=True)


def _adopted(work: Work, *, everything: bool) -> Result:
    files = due_block(work.view)
    after = work.after(files)
    work.keep(Artifact.CODE)
    trace = _with_code(work, work.view.trace, after)
    if everything:
        trace = _with_rest(work, trace, after)
    notes = ("adopted what stands; nothing was replaced", *block_notes(files))
    return Result(files=files, trace=trace, notes=notes)


def _with_code(work: Work, trace: Fingerprint, after: View) -> Fingerprint:
    digests = after.digests(Artifact.CODE)
    trace = work.with_record(trace, Step.AUTO_DEPS, after)
    trace = work.with_record(trace, Step.UPDATE, after)
    if not _vouched(after, Artifact.CODE):
        if after.facts.code is not State.RECORDED:  # as generated, it stays ours
            trace = adopted(trace, digests)
        return work.with_record(trace, Step.GENERATE, after)
    trace = work.with_record(trace, Step.GENERATE, after, outputs=digests)
    return trace if _prompt_vouched(work, work.view) else _without_triggers(trace)


def _with_rest(work: Work, trace: Fingerprint, after: View) -> Fingerprint:
    """Return the fingerprint with example and tests that stand recorded, too."""
    example, tests = after.digests(Artifact.EXAMPLE), after.digests(Artifact.TESTS)
    if example:
        work.keep(Artifact.EXAMPLE)
        outputs = example if _vouched(after, Artifact.EXAMPLE) else None
        if outputs is None and after.facts.example is not State.RECORDED:
            trace = adopted(trace, example)
        trace = work.with_record(trace, Step.EXAMPLE, after, outputs=outputs)
        said = {"verdict": "adopted"}
        trace = work.with_record(trace, Step.VERIFY, after, context=said)
    if tests:
        work.keep(Artifact.TESTS)
        trace = work.with_record(trace, Step.TEST, after, outputs=tests)
    return trace


def _vouched(view: View, artifact: Artifact) -> bool:
    """Return whether another tool's fingerprint names exactly these bytes."""
    raw = view.trace.foreign.get(artifact)
    digests = list(view.digests(artifact).values())
    return raw is not None and bool(digests) and digests[0].raw == raw


def _prompt_vouched(work: Work, view: View) -> bool:
    """Return whether the prompt is the one another tool's fingerprint knows.

    pdd-cli hashes the prompt's bytes and then those of the files it includes
    itself, sorted by their names.
    """
    known = view.trace.foreign.get(Artifact.PROMPT)
    data = view.snapshot.contents[view.unit.prompt]
    if known is None or hashlib.sha256(data).hexdigest() == known:
        return True
    paths = {path for path, _ in included(view.unit.prompt, view.prompt)}
    parts = (work.world.files.read(path) or b"" for path in sorted(paths, key=str))
    return hashlib.sha256(data + b"".join(parts)).hexdigest() == known


def _without_triggers(trace: Fingerprint) -> Fingerprint:
    record = replace(trace.steps[Step.GENERATE], triggers={})
    return replace(trace, steps={**trace.steps, Step.GENERATE: record})


def adopt_edit(work: Work) -> Result:
    """Accept an edit of comments or layout; the baseline stays what it was.

    Returns:
        What it leaves behind.
    """
    after = work.after({})
    work.keep(Artifact.CODE)
    trace = adopted(work.view.trace, after.digests(Artifact.CODE))
    trace = work.with_record(trace, Step.UPDATE, after)
    for step in (Step.EXAMPLE, Step.VERIFY, Step.TEST):
        if step in trace.steps and not _stale(work.view, step):
            trace = work.with_record(trace, step, after)
    return Result(trace=trace, notes=("the edit is kept",))


def _stale(view: View, step: Step) -> bool:
    """Return whether a step was stale before the layout of the code changed."""
    made = view.trace.steps.get(Step.GENERATE, StepRecord()).outputs
    before, now = view.trace.steps[step].triggers, view.triggers[step]
    for name in before.keys() | now.keys():
        known = view.trace.adopted.get(name) or made.get(name)
        wanted = known.text if known else trigger_text(now.get(name, ""))
        if trigger_text(before.get(name, "")) != wanted:
            return True
    return False


def keep_example(work: Work) -> Result:
    """Accept an example that a person wrote or edited.

    Returns:
        What it leaves behind.
    """
    after = work.after({})
    work.keep(Artifact.EXAMPLE)
    trace = adopted(work.view.trace, after.digests(Artifact.EXAMPLE))
    trace = work.with_record(trace, Step.EXAMPLE, after)
    return Result(trace=trace, notes=("the example is kept as it is",))


def keep_tests(work: Work) -> Result:
    """Accept tests that a person wrote or edited; they pass.

    Coverage that an edit left below target is not bought back: it is said.

    Returns:
        What it leaves behind.
    """
    after = work.after({})
    work.keep(Artifact.TESTS)
    tests = after.digests(Artifact.TESTS)
    trace = work.with_record(work.view.trace, Step.TEST, after, outputs=tests)
    notes = ["the tests are kept as they are"]
    if work.view.facts.coverage_low:
        short = f"coverage is {work.view.facts.why['coverage']} after they were edited"
        trace = work.with_surrender(trace, after, short, 0)
        retry = f"doit forget sync:{work.unit.id}:{Step.TEST}"
        notes.append(f"warning: {short}; `{retry}` adds tests")
    return Result(trace=trace, notes=tuple(notes))
