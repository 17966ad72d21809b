"""Code that a person wrote and the prompt asks for anew: both sides become one text.

Rule 1: what the generator makes is made from what it last left, as if nobody had
edited it; the same request may have been paid for already. Rule 2: a merge breaks
nothing that both sides pass. Rule 3: where the sides do not merge nothing is
replaced: the conflict is recorded, and a person chooses.
"""

from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath

from pdd_tasks.core.merge.result import Conflicted, Merged
from pdd_tasks.core.model.artifact import Artifact, Digest
from pdd_tasks.core.model.failure import summary
from pdd_tasks.core.model.step import Step
from pdd_tasks.core.model.text_style import plain, styled
from pdd_tasks.core.model.trace import (
    ExampleRun,
    Fingerprint,
    StepRecord,
    TestRun,
)
from pdd_tasks.core.model.trace_update import adopted, released
from pdd_tasks.core.prompt.analysis import Advice
from pdd_tasks.engine.ports import Bench
from pdd_tasks.engine.sides import Sides, baseline
from pdd_tasks.engine.source import Texts, is_same_interface, texts
from pdd_tasks.engine.steps.conflict import waiting
from pdd_tasks.engine.steps.escalation import judged
from pdd_tasks.engine.steps.generation import asked_code, context
from pdd_tasks.engine.steps.runs import (
    example_line,
    prove,
    proven_example,
    reported,
    tests_line,
)
from pdd_tasks.engine.view import View
from pdd_tasks.engine.work import Result, Work
from pdd_tasks.errors import ConflictError


Joined = Mapping[PurePosixPath, Merged]
"""Path → what became of its sides."""


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
        case Advice.ASK:
            return waiting(work, sides, answer.because)
        case Advice.MINE:
            return _kept(work, sides, answer.because)
        case Advice.MERGE:
            return _joined(work, sides)


def _asked(work: Work) -> tuple[Sides, ...]:
    """Return the sides of each file; the generated ones are asked for.

    A file that a person removed, but no other of the unit, is made anew.

    Raises:
        ConflictError: If the edit is no text that can be merged.
    """
    view = work.view
    mine = {path: _mine(work, path) for path in view.unit.code}
    bases = {path: baseline(work.world, view, path) for path in view.unit.code}
    old = {p: text if (base := bases[p]) is None else base for p, text in mine.items()}
    generated = asked_code(work, old)
    stand = view.snapshot.contents
    return tuple(
        Sides(
            path=path,
            base=bases[path],
            mine=mine[path] if path in stand else bases[path] or "",
            generated=generated[path],
            data=stand.get(path, b""),
        )
        for path in view.unit.code
    )


def _mine(work: Work, path: PurePosixPath) -> str:
    """Return a file as the person left it; empty if it is absent.

    Raises:
        ConflictError: If it is no text that can be merged.
    """
    mine = _text(work, path, work.view.snapshot.contents.get(path, b""))
    broken = work.view.syntax.problem(mine)
    broken = broken or work.world.merger.problem(work.unit.language, mine)
    if broken:
        msg = f"unit {work.unit.id}: {path}: your edit is broken: {broken}"
        hint = f"mend it, then run `doit sync:{work.unit.id}` again"
        raise ConflictError(msg, hint=hint)
    return mine


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


def _joined(work: Work, sides: Sequence[Sides]) -> Result:
    merger, language = work.world.merger, work.unit.language
    found = {
        one.path: merger.merge(language, one.path, one.base, one.mine, one.generated)
        for one in sides
    }
    merged = {path: one for path, one in found.items() if isinstance(one, Merged)}
    for path, one in found.items():
        if isinstance(one, Conflicted):
            return waiting(work, sides, _places(one), path)
    return _proven(work, sides, merged)


def _places(found: Conflicted) -> str:
    """Return what does not merge, as a clause."""
    named = sorted({region.where for region in found.regions if region.where})
    where = f" (in {', '.join(named)})" if named else ""
    return f"{found.because}{where}"


def _proven(work: Work, sides: Sequence[Sides], found: Joined) -> Result:
    """Return the result of a merge, or a conflict if it breaks what both pass."""
    merged = {one.path: found[one.path].text for one in sides}
    with work.world.runner.bench(work.unit) as bench:
        example, tests = _run(work, bench, sides, merged)
        broken = _broken(example, tests)
        if broken:
            theirs = {one.path: one.generated for one in sides}
            broken -= _broken(*_run(work, bench, sides, theirs))
        if broken:
            own = {one.path: one.mine for one in sides}
            broken -= _broken(*_run(work, bench, sides, own))
    if broken:
        what = _first(example, tests)
        because = f"merged, both sides together fail what each passes alone: {what}"
        return waiting(work, sides, because)
    return _published(work, sides, found, example, tests)


def _run(
    work: Work, bench: Bench, sides: Sequence[Sides], code: Texts
) -> tuple[ExampleRun | None, TestRun | None]:
    files = {one.path: styled(code[one.path], one.data) for one in sides}
    return prove(work, bench, files)


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
    sides: Sequence[Sides],
    found: Joined,
    example: ExampleRun | None,
    tests: TestRun | None,
) -> Result:
    files = {one.path: styled(found[one.path].text, one.data) for one in sides}
    trace = with_merge(work, sides, files)
    after = work.after(files)
    notes = [
        f"merged your edit of {one.path} with what was generated:"
        f" {found[one.path].method}"
        for one in sides
        if one.base != one.mine or len(sides) == 1
    ]
    if example:
        trace = proven_example(work, trace, after, example)
        notes.append(example_line(example))
    notes += [tests_line(tests)] if tests else []
    report = reported(work, example=example, tests=tests)
    return Result(files=files, trace=trace, report=report, notes=tuple(notes))


def _kept(work: Work, sides: Sequence[Sides], because: str) -> Result:
    """Return the result that keeps the edit as what the prompt asks for.

    A file that is absent is published as it was generated.
    """
    stand = work.view.snapshot.contents
    made = {s.path: s.generated.encode() for s in sides if s.path not in stand}
    trace = with_merge(work, sides, {s.path: made.get(s.path, s.data) for s in sides})
    return Result(files=made, trace=trace, notes=(f"your code is kept: {because}",))


def with_merge(
    work: Work, sides: Sequence[Sides], files: Mapping[PurePosixPath, bytes]
) -> Fingerprint:
    """Return the fingerprint after a merge: what stands, and the next merge's base.

    Args:
        work: The operation.
        sides: What was merged.
        files: Path → what stands there from now on; a person's, if it is not exactly
            what was generated.
    """
    view = work.view
    work.keep(Artifact.PROMPT)
    after = work.after(files)
    stands = after.digests(Artifact.CODE)
    trace, outputs = released(view.trace, [str(s.path) for s in sides]), _known(after)
    for one in sides:
        name, generated = str(one.path), Digest.of(one.generated.encode())
        work.world.baselines.keep(one.generated.encode())
        work.world.baselines.keep(files[one.path])
        if stands[name].text != generated.text:
            trace = adopted(trace, {name: stands[name]})
        outputs[name] = generated
    trace = work.with_record(trace, Step.UPDATE, after)
    trace = work.with_record(
        trace, Step.GENERATE, after, outputs=outputs, context=context(view)
    )
    fits = Step.EXAMPLE in trace.steps and not view.facts.interface_changed
    if fits and is_same_interface(view, texts(view), texts(after)):
        trace = work.with_record(trace, Step.EXAMPLE, after)
    return trace


def _known(after: View) -> dict[str, Digest]:
    """Return what the generator is known to have made of each file that stands."""
    made = after.trace.steps.get(Step.GENERATE, StepRecord()).outputs
    return {
        name: made.get(name, stands) if name in after.trace.adopted else stands
        for name, stands in after.digests(Artifact.CODE).items()
    }
