"""Loops that change code until example and tests run well on the final bytes.

Rule 1: tests are walls; nothing here writes one. Rule 2: nothing is published
that was not proven on its final bytes. Rule 3: a candidate seen before ends the
loop: nothing moves any more.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from pdd_tasks.core.model.artifact import Artifact
from pdd_tasks.core.model.failure import Failure, summary
from pdd_tasks.core.model.step import Step
from pdd_tasks.core.model.trace import ExampleRun, Fingerprint, TestRun
from pdd_tasks.core.model.trace_update import released
from pdd_tasks.core.plan.change import EDITS, HAND_WRITTEN
from pdd_tasks.core.plan.facts import Ran, tests_ran
from pdd_tasks.engine.material import common, evidence, section, told
from pdd_tasks.engine.ports import Bench
from pdd_tasks.engine.reply_code import code_in, codes_in
from pdd_tasks.engine.source import (
    Texts,
    is_same_interface,
    public_names,
    shown,
    texts,
    with_files,
)
from pdd_tasks.engine.steps.runs import example_line, prove, reported, tests_line
from pdd_tasks.engine.view import View
from pdd_tasks.engine.work import Result, Work, with_outputs
from pdd_tasks.errors import ReplyError, StepError


Files = Mapping[PurePosixPath, bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """Candidate files and how they ran; a run is None if it was not possible."""

    files: Files
    example: ExampleRun | None
    tests: TestRun | None

    @property
    def failures(self) -> tuple[Failure, ...]:
        """What went wrong, the example first."""
        failure = self.example.failure if self.example else None
        found = (failure,) if failure else ()
        return found + (self.tests.failures if self.tests else ())

    @property
    def output(self) -> str:
        """Captured output of the run that failed."""
        if self.example and not self.example.good:
            return self.example.output
        return self.tests.output if self.tests else ""

    @property
    def good(self) -> bool:
        """True if everything that could run ran well."""
        ran = tests_ran(self.tests) if self.tests else Ran.GOOD
        return (self.example is None or self.example.good) and ran is Ran.GOOD


def fix(work: Work) -> Result:
    """Change the code until the failing tests pass; the tests stay as they are.

    Returns:
        What it leaves behind.
    """

    def ask(trial: Trial) -> Files:
        old = _standing(work, trial)
        found = work.ask(
            "fix",
            _values(work, trial),
            lambda text: _code(work, text, old),
            template="" if len(old) == 1 else "fix-files",
        )
        return {path: text.encode() for path, text in found.items()}

    return _mended(work, ask)


def repair(work: Work) -> Result:
    """Change the code or the example until the example runs well.

    Returns:
        What it leaves behind.
    """
    allowed = _repairable(work.view)

    def ask(trial: Trial) -> Files:
        values = _values(work, trial)
        values["allowed"] = ", ".join(str(path) for path in allowed)
        all_shown = {
            **_standing(work, trial),
            work.unit.example: values["example"],
        }
        given = {path: all_shown[path] for path in allowed}
        path, text = work.ask("crash", values, lambda t: _named_file(work, given, t))
        return {path: text.encode()}

    return _mended(work, ask)


def _mended(work: Work, ask: Callable[[Trial], Files]) -> Result:
    """Try candidates until one runs well, at most as often as allowed.

    Returns:
        What it leaves behind.
    """
    seen: set[tuple[bytes, ...]] = set()
    with work.world.runner.bench(work.unit) as bench:
        trial = first = _trial(work, bench, {})
        while not trial.good and work.may_ask:
            files = {**trial.files, **ask(trial)}
            state = tuple(files[path] for path in sorted(files))
            if state in seen:
                return _surrendered(work, first, "its repairs repeat themselves")
            seen.add(state)
            trial = _trial(work, bench, files)
    if trial.good:
        return _published(work, trial)
    return _surrendered(work, first, summary(trial.failures))


def _trial(work: Work, bench: Bench, files: Files) -> Trial:
    example, tests = prove(work, bench, files)
    return Trial(files=files, example=example, tests=tests)


def _published(work: Work, trial: Trial) -> Result:
    """Return the result that publishes a proven candidate.

    What was proven is recorded for the other steps: the example runs, the tests
    pass, and the example still fits if the interface is the same.
    """
    view = work.view
    after = work.after(trial.files)
    trace = _recorded(work, trial, after)
    notes = [example_line(trial.example)] if trial.example else []
    notes += [tests_line(trial.tests)] if trial.tests else []
    for path in (*view.unit.code, view.unit.example):
        if trial.files.get(path, stood := view.snapshot.contents.get(path)) != stood:
            notes.append(f"changed {path}")
    return Result(
        files=trial.files,
        trace=trace,
        report=reported(work, example=trial.example, tests=trial.tests),
        notes=tuple(notes),
    )


def _recorded(work: Work, trial: Trial, after: View) -> Fingerprint:
    view, trace = work.view, work.view.trace
    code = after.digests(Artifact.CODE)
    is_changed = not trial.files.keys().isdisjoint(view.unit.code)
    if is_changed and Step.GENERATE in trace.steps:
        same = is_same_interface(view, texts(view), texts(after))
        if same and not view.facts.interface_changed and Step.EXAMPLE in trace.steps:
            trace = work.with_record(trace, Step.EXAMPLE, after)
        if view.facts.code not in EDITS:  # an edit stays one: the prompt follows it
            trace = with_outputs(released(trace, code), Step.GENERATE, code)
            trace = work.with_record(trace, Step.UPDATE, after)
    if view.unit.example in trial.files:
        example = after.digests(Artifact.EXAMPLE)
        trace = work.with_record(trace, Step.EXAMPLE, after, outputs=example)
    if trial.example:
        trace = work.with_record(trace, Step.CRASH, after)
    if trial.tests:
        tests = after.digests(Artifact.TESTS)
        trace = work.with_record(trace, Step.TEST, after, outputs=tests)
    return work.with_record(trace, work.decision.step, after)


def _surrendered(work: Work, first: Trial, because: str) -> Result:
    """Return the result that records a state as hopeless; no artifact changes."""
    after, attempts = work.after({}), work.spent.calls
    msg = f"unit {work.unit.id}: {attempts} attempts failed: {because}"
    step = work.decision.step
    hint = (
        f"look at the failure, change the prompt, code or tests, or retry with"
        f" `doit forget sync:{work.unit.id}:{step}`"
    )
    return Result(
        trace=work.with_surrender(work.view.trace, after, because, attempts),
        report=reported(work, example=first.example, tests=first.tests),
        failure=StepError(msg, hint=hint),
    )


def _values(work: Work, trial: Trial) -> dict[str, str]:
    view = work.view
    values = common(view)
    example = trial.files.get(view.unit.example)
    values["example"] = example.decode() if example else values["example"]
    tag = values["fence"]
    values["code_section"] = shown(_standing(work, trial), tag)
    values["example_section"] = section(values["example_path"], values["example"], tag)
    values["failures"] = told(trial.failures)
    values["evidence"] = evidence(view, trial.failures, trial.output)
    values["output"] = trial.output
    return values


def _standing(work: Work, trial: Trial) -> Texts:
    """Return the code of a trial."""
    return with_files(texts(work.view), trial.files)


def _code(work: Work, text: str, old: Texts) -> Texts:
    code = codes_in(work, text, old)
    _check_names(work, code)
    return code


def _check_names(work: Work, code: Texts) -> None:
    view, old = work.view, texts(work.view)
    lost = public_names(view.unit, view.syntax, old)
    lost -= public_names(view.unit, view.syntax, code)
    if lost:
        names = ", ".join(sorted(lost))
        msg = f"the reply drops public names: {names}"
        raise ReplyError(msg)


def _repairable(view: View) -> tuple[PurePosixPath, ...]:
    """Return the files a repair may change: no person's, but where it is asked for."""
    allowed: list[PurePosixPath] = []
    if view.facts.fix or view.facts.code not in HAND_WRITTEN:
        allowed += view.unit.code
    fails = view.facts.example_run in {Ran.FAILED, Ran.BROKEN}
    if fails and view.facts.example not in HAND_WRITTEN:
        allowed.append(view.unit.example)
    return tuple(allowed)


def _named_file(work: Work, given: Texts, text: str) -> tuple[PurePosixPath, str]:
    """Return which file a repair replaces, and its new text.

    Args:
        work: The operation.
        given: The files it may change → their texts as the model was shown them.
        text: The reply.

    Raises:
        ReplyError: If it names no file, or one that may not be changed.
    """
    names = [
        line.partition(":")[2].strip().strip("`*")
        for line in text.splitlines()
        if line.strip("*` ").lower().startswith("file:")
    ]
    named = PurePosixPath(names[0]) if len(names) == 1 else None
    if named is None or named not in given:
        paths = " or ".join(str(path) for path in given)
        msg = f"the reply must say once 'File: PATH' with {paths}"
        raise ReplyError(msg)
    code = code_in(work, text, named, given[named])
    if named in work.unit.code:
        others = {path: given[path] for path in work.unit.code}
        _check_names(work, {**others, named: code})
    return named, code
