"""Code that a person wrote and the prompt asks for anew: both sides become one text.

Rule 1: what the generator makes is made from what it last left, as if nobody had
edited it; the same request may have been paid for already. Rule 2: a merge breaks
nothing that both sides pass. Rule 3: where the sides do not merge nothing is
replaced: the conflict is recorded, and a person chooses.
"""

from pathlib import PurePosixPath

from pdd_tasks.core.merge.result import Conflicted, Merged
from pdd_tasks.core.model.artifact import Artifact, Digest
from pdd_tasks.core.model.step import Step
from pdd_tasks.core.model.text_style import plain, styled
from pdd_tasks.core.model.trace import Conflict, ExampleRun, Fingerprint, TestRun
from pdd_tasks.core.model.trace_update import adopted, conflicted, released
from pdd_tasks.core.plan.change import Aspect
from pdd_tasks.core.plan.rule import CHOOSE
from pdd_tasks.engine.comparison import same_aspect
from pdd_tasks.engine.findings import summary
from pdd_tasks.engine.ports import Bench
from pdd_tasks.engine.sides import Sides, baseline, prompt_before
from pdd_tasks.engine.steps.escalation import Answer, judged
from pdd_tasks.engine.steps.generation import asked_code, context
from pdd_tasks.engine.steps.runs import (
    example_line,
    prove,
    proven_example,
    reported,
    tests_line,
)
from pdd_tasks.engine.work import Result, Work
from pdd_tasks.errors import ConflictError


def merge(work: Work) -> Result:
    """Generate from what the generator last left, and join that with the edit.

    Returns:
        What it leaves behind: the merged code, or a conflict on record.

    Raises:
        ConflictError: If the code cannot be merged, whatever is generated.
    """
    sides = _asked(work)
    answer = judged(work, sides)
    match answer.kind:
        case Answer.ASK:
            return waiting(work, sides, answer.because)
        case Answer.MINE:
            return _kept(work, sides, answer.because)
        case Answer.MERGE:
            return _joined(work, sides)


def _asked(work: Work) -> Sides:
    """Return the sides of the merge; the generated one is asked for.

    Raises:
        ConflictError: If the edit is no text that can be merged.
    """
    path = work.unit.code[0]
    data = work.view.snapshot.contents[path]
    mine = _text(work, path, data)
    broken = work.view.syntax.problem(mine)
    broken = broken or work.world.merger.problem(work.unit.language, mine)
    if broken:
        msg = f"unit {work.unit.id}: {path}: your edit is broken: {broken}"
        hint = f"mend it, then run `doit sync:{work.unit.id}` again"
        raise ConflictError(msg, hint=hint)
    base = baseline(work.world, work.view, path)
    generated = asked_code(work, mine if base is None else base)
    return Sides(path=path, base=base, mine=mine, generated=generated, data=data)


def _text(work: Work, path: PurePosixPath, data: bytes) -> str:
    """Return an edit's text.

    Raises:
        ConflictError: If it is not UTF-8.
    """
    try:
        return plain(data)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        msg = f"unit {work.unit.id}: {path}:{line}: not UTF-8 text, and not merged"
        hint = f"save it as UTF-8, then run `doit sync:{work.unit.id}` again"
        raise ConflictError(msg, hint=hint) from None


def _joined(work: Work, sides: Sides) -> Result:
    found = work.world.merger.merge(
        work.unit.language, sides.path, sides.base, sides.mine, sides.generated
    )
    match found:
        case Merged():
            return _proven(work, sides, found)
        case Conflicted():
            return waiting(work, sides, _places(found))


def _places(found: Conflicted) -> str:
    """Return what does not merge, as a clause."""
    named = sorted({region.where for region in found.regions if region.where})
    where = f" (in {', '.join(named)})" if named else ""
    return f"{found.because}{where}"


def _proven(work: Work, sides: Sides, found: Merged) -> Result:
    """Return the result of a merge, or a conflict if it breaks what both pass."""
    with work.world.runner.bench(work.unit) as bench:
        example, tests = _run(work, bench, sides, found.text)
        broken = _broken(example, tests)
        if broken:
            broken -= _broken(*_run(work, bench, sides, sides.generated))
        if broken:
            broken -= _broken(*_run(work, bench, sides, sides.mine))
    if broken:
        what = _first(example, tests)
        because = f"merged, both sides together fail what each passes alone: {what}"
        return waiting(work, sides, because)
    return _published(work, sides, found, example, tests)


def _run(
    work: Work, bench: Bench, sides: Sides, text: str
) -> tuple[ExampleRun | None, TestRun | None]:
    return prove(work, bench, {sides.path: styled(text, sides.data)})


def _broken(example: ExampleRun | None, tests: TestRun | None) -> set[str]:
    """Return the names of what failed: tests, or the example."""
    if example is not None and not example.good:
        return {"the example"}
    if tests is None:
        return set()
    failed = {name for name, said in tests.results.items() if said == "failed"}
    return failed | {failure.test for failure in tests.failures}


def _first(example: ExampleRun | None, tests: TestRun | None) -> str:
    if example is not None and not example.good:
        return example_line(example)
    return summary(tests.failures) if tests else ""


def _published(
    work: Work,
    sides: Sides,
    found: Merged,
    example: ExampleRun | None,
    tests: TestRun | None,
) -> Result:
    data = styled(found.text, sides.data)
    trace = with_merge(work, sides, data)
    after = work.after({sides.path: data})
    notes = [f"merged your edit of {sides.path} with what was generated {found.method}"]
    if example:
        trace = proven_example(work, trace, after, example)
        notes.append(example_line(example))
    notes += [tests_line(tests)] if tests else []
    report = reported(work, example=example, tests=tests)
    return Result(
        files={sides.path: data}, trace=trace, report=report, notes=tuple(notes)
    )


def _kept(work: Work, sides: Sides, because: str) -> Result:
    """Return the result that keeps the edit as what the prompt asks for."""
    trace = with_merge(work, sides, sides.data)
    return Result(trace=trace, notes=(f"your code is kept: {because}",))


def with_merge(work: Work, sides: Sides, data: bytes) -> Fingerprint:
    """Return the fingerprint after a merge: what stands, and the next merge's base.

    Args:
        work: The operation.
        sides: What was merged.
        data: What stands in the file from now on; a person's, if it is not exactly
            what was generated.
    """
    view, name = work.view, str(sides.path)
    work.keep(Artifact.PROMPT)
    generated = Digest.of(sides.generated.encode())
    work.world.baselines.keep(sides.generated.encode())
    work.world.baselines.keep(data)
    after = work.after({sides.path: data})
    stands = after.digests(Artifact.CODE)
    trace = released(view.trace, stands)
    if stands[name].text != generated.text:
        trace = adopted(trace, {name: stands[name]})
    outputs = {**stands, name: generated}
    trace = work.with_record(trace, Step.UPDATE, after)
    trace = work.with_record(
        trace, Step.GENERATE, after, outputs=outputs, context=context(view)
    )
    now = after.text(Artifact.CODE)
    fits = Step.EXAMPLE in trace.steps and not view.facts.interface_changed
    if fits and same_aspect(view.syntax, sides.mine, now, Aspect.INTERFACE):
        trace = work.with_record(trace, Step.EXAMPLE, after)
    return trace


def waiting(work: Work, sides: Sides, because: str) -> Result:
    """Return the result that records a conflict; no artifact changes.

    Returns:
        What it leaves behind; it fails, with what a person can do.
    """
    baselines, unit = work.world.baselines, work.unit.id
    for data in (sides.data, sides.generated.encode()):
        baselines.keep(data)
    base = None if sides.base is None else Digest.of(sides.base.encode())
    if sides.base is not None:
        baselines.keep(sides.base.encode())
    conflict = Conflict(
        triggers=work.view.triggers[Step.GENERATE],
        base=base,
        mine=Digest.of(sides.data),
        generated=Digest.of(sides.generated.encode()),
        prompt=prompt_before(work.view),
        because=because,
    )
    msg = (
        f"unit {unit}: your edit of {sides.path} and what the prompt asks for do not"
        f" merge; yours is kept: {because}"
    )
    return Result(
        trace=conflicted(work.view.trace, str(sides.path), conflict),
        failure=ConflictError(msg, hint=CHOOSE.format(unit=unit)),
    )
