"""A described bug as one failing test that joins the others for good.

Rule 1: the test fails by what the code does, and by no mistake of its own; it fails
the same way in every run. Rule 2: the code is left as it is: the step *fix* mends it,
and the test is one of its walls. Rule 3: where the prompt asks for what is called a
bug, a person decides.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Final, assert_never

from pdd_tasks.core.model.artifact import Artifact
from pdd_tasks.core.model.failure import Failure, FailureKind, summary
from pdd_tasks.core.model.step import Step
from pdd_tasks.core.model.text_style import styled
from pdd_tasks.core.model.trace import Fingerprint, TestRun
from pdd_tasks.core.model.unit import DevUnit
from pdd_tasks.core.plan.change import State
from pdd_tasks.core.prompt.bug_report import comment, contradiction, says
from pdd_tasks.core.prompt.reply import fences
from pdd_tasks.engine.material import common, local_id, section
from pdd_tasks.engine.ports import Bench
from pdd_tasks.engine.source import interface, public_names, shown, texts
from pdd_tasks.engine.steps.runs import reported
from pdd_tasks.engine.steps.standing import (
    check_kept,
    joined,
    known_run,
    lost,
    old_bytes,
    old_tests,
)
from pdd_tasks.engine.work import NO_FILES, Result, Work, with_outputs
from pdd_tasks.errors import ConflictError, ReplyError, StepError


_CONFTEST: Final = "conftest.py"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A test file in which one new test shows a bug.

    Attributes:
        text: The file.
        test: Id of the test inside the file.
        run: The measured run in which it failed.
        failure: How it failed.
    """

    text: str
    test: str
    run: TestRun
    failure: Failure


@dataclass(frozen=True, slots=True)
class Right:
    """A test of what was expected, which passes: the code is right already."""

    test: str


@dataclass(frozen=True, slots=True)
class Contradicted:
    """Words of the prompt that ask for what is called a bug."""

    words: str


Answer = Shown | Right | Contradicted


def show_bug(work: Work, description: str) -> Result:
    """Ask for a test that shows a bug, prove that it fails for it, and add it.

    Args:
        work: The operation.
        description: What is wrong, and what was expected.

    Returns:
        What it leaves behind: no files and a failure if there is nothing to add.

    Raises:
        StepError: If the unit cannot be tested, or no reply can be used.
    """
    _check_testable(work)
    with work.world.runner.bench(work.unit) as bench:
        try:
            answer = work.ask(
                "bug",
                _values(work, description),
                lambda reply: _answer(work, bench, description, reply),
            )
        except ReplyError as error:
            msg = f"unit {work.unit.id}: no test shows this: {error.message}"
            hint = "describe in other words what was done, what came, what should come"
            raise StepError(msg, hint=hint) from error
    match answer:
        case Shown():
            return _joined(work, answer)
        case Right(test):
            return _right(work, test)
        case Contradicted(words):
            return _contradicted(work, words)
        case _:
            assert_never(answer)


def _check_testable(work: Work) -> None:
    """Refuse a unit without code, or without a way to run tests.

    Raises:
        StepError: If it is one.
    """
    unit, syntax, code = work.unit, work.view.syntax, texts(work.view)
    if not unit.language.test:
        msg = f"unit {unit.id}: languages.yaml does not say how tests run"
        raise StepError(msg, hint=f"add test: to {unit.language.name} there")
    for path, text in code.items():
        problem = syntax.problem(text) if text.strip() else "it does not exist"
        if problem:
            msg = f"unit {unit.id}: {path} cannot be tested: {problem}"
            raise StepError(msg, hint=f"run `doit sync:{unit.id}` first")


def _values(work: Work, description: str) -> dict[str, str]:
    values = common(work.view)
    tag = values["fence"]
    code = texts(work.view)
    values["code_section"] = shown(code, tag)
    public = interface(work.unit, work.view.syntax, code)
    values["interface_section"] = section("Its public interface", public, tag)
    values["tests_section"] = section("Tests that exist", old_tests(work), tag)
    values["description"] = description.strip()
    return values


def _answer(work: Work, bench: Bench, description: str, reply: str) -> Answer:
    """Return what a reply comes to.

    Raises:
        ReplyError: If it cannot be used.
    """
    words = contradiction(reply)
    if words and not fences(reply):
        if not says(work.view.expansion.text, words):
            msg = "the words behind 'contradiction:' do not stand in the prompt"
            raise ReplyError(msg)
        return Contradicted(words)
    code = work.code_in(reply, work.unit.test)
    test = _one_test(work, code)
    lines = comment(description, work.unit.language.comment)
    return _shown(work, bench, work.view.syntax.with_comment(code, test, lines))


def _one_test(work: Work, code: str) -> str:
    """Return the id of the one new test in a reply; old ones may come again.

    Raises:
        ReplyError: If there is none or more, or it does not use the module's code.
    """
    syntax = work.view.syntax
    stand = syntax.tests(old_tests(work))
    tests = [t for t, body in syntax.tests(code).items() if stand.get(t) != body]
    if len(tests) != 1:
        msg = f"the reply holds {len(tests)} new tests where one was asked for"
        raise ReplyError(msg)
    public = public_names(work.unit, syntax, texts(work.view))
    if not public & syntax.used_names(code):
        msg = f"the test uses nothing of {work.unit.code[0]}"
        raise ReplyError(msg)
    return tests[0]


def _shown(work: Work, bench: Bench, code: str) -> Shown | Right:
    """Return how a test shows a bug, run beside the tests that stand.

    Raises:
        ReplyError: If it cannot be added, or fails for another reason.
    """
    old = old_tests(work)
    merged = joined(work, old, code)
    if not merged.added:
        raise ReplyError("; ".join(merged.refused.values()))
    check_kept(work, old, merged.text)
    test = merged.added[0]
    files = {work.unit.test: styled(merged.text, old_bytes(work))}
    run = bench.tests(files, measure=bool(work.unit.language.measure))
    outcomes = {o for t, o in run.results.items() if local_id(t) == test}
    if outcomes == {"passed"}:
        return Right(code)
    failure = _failure(work, test, run)
    before = known_run(work) or bench.tests(NO_FILES, measure=False)
    if gone := lost(before, run):
        msg = f"the test changes how others end: {', '.join(gone)}"
        raise ReplyError(msg)
    _check_stable(work, bench, files, test, failure)
    return Shown(text=merged.text, test=test, run=run, failure=failure)


def _failure(work: Work, test: str, run: TestRun) -> Failure:
    """Return the failure that shows the bug.

    Raises:
        ReplyError: If the test did not fail, or by a mistake of its own.
    """
    failures = [f for f in run.failures if local_id(f.test) == test]
    if not failures:
        said = summary(run.failures) or "it was skipped, or is no test"
        msg = f"the test did not run: {said}"
        raise ReplyError(msg)
    why = next((why for f in failures if (why := mistake(work.unit, f))), "")
    if why:
        msg = f"the test fails for another reason than the bug: {why}"
        raise ReplyError(msg)
    return failures[0]


def mistake(unit: DevUnit, failure: Failure) -> str:
    """Return why a failure does not show a bug of a unit's code; empty if it does."""
    told = summary((failure,))
    path = PurePosixPath(failure.where.rpartition(":")[0])
    if failure.kind in {FailureKind.TIMEOUT, FailureKind.COLLECTION}:
        return told
    is_test = path in unit.tests or path.name == _CONFTEST
    is_code = path in unit.code or path.is_relative_to(unit.import_root)
    asserted = failure.kind is FailureKind.ASSERTION and path in unit.tests
    raised = bool(failure.where) and is_code and not is_test
    return "" if asserted or raised else f"it is a mistake of the test: {told}"


def _check_stable(
    work: Work,
    bench: Bench,
    files: Mapping[PurePosixPath, bytes],
    test: str,
    first: Failure,
) -> None:
    """Run the tests as often as they must agree.

    Raises:
        ReplyError: If the test does not fail in the same way each time.
    """
    for seed in range(1, work.unit.settings.stability_runs):
        run = bench.tests(files, measure=False, seed=seed)
        again = [f for f in run.failures if local_id(f.test) == test]
        if not any(_same(first, failure) for failure in again):
            said = summary(tuple(again)) or "it passed"
            msg = f"the test is not stable: {summary((first,))}; then {said}"
            raise ReplyError(msg)


def _same(one: Failure, other: Failure) -> bool:
    return (one.exception, one.where) == (other.exception, other.where)


def _joined(work: Work, shown: Shown) -> Result:
    """Return the result that adds the test and makes *fix* due."""
    files = {work.unit.test: styled(shown.text, old_bytes(work))}
    failure = shown.failure
    told = f"{failure.exception}: {failure.message}".strip(": ")
    return Result(
        files=files,
        trace=_recorded(work, files),
        report=reported(work, tests=shown.run),
        notes=(
            f"a test was added: {work.unit.test}::{shown.test}",
            f"it fails as described: {told}",
            f"at {failure.where}: {failure.line}",
        ),
    )


def _recorded(work: Work, files: Mapping[PurePosixPath, bytes]) -> Fingerprint:
    """Return the fingerprint in which the test file is ours; what is due stays due.

    An edit of the tests that a person made before stays one.
    """
    after, trace = work.after(files), work.view.trace
    tests = after.digests(Artifact.TESTS)
    match work.view.facts.tests:
        case State.ABSENT:
            return work.with_record(trace, Step.TEST, after, outputs=tests)
        case State.RECORDED:
            return with_outputs(trace, Step.TEST, tests)
        case _:
            return trace


def _right(work: Work, test: str) -> Result:
    msg = f"unit {work.unit.id}: the described behaviour is already right"
    hint = "describe in other words what was done, what came, and what should come"
    notes = ("this test of it passes, and was not added:", *test.splitlines())
    failure = StepError(msg, hint=hint)
    return Result(trace=work.view.trace, notes=notes, failure=failure)


def _contradicted(work: Work, words: str) -> Result:
    unit = work.unit
    msg = f'unit {unit.id}: {unit.prompt} asks for what is called a bug: "{words}"'
    hint = f"if that is wrong, change the prompt and run `doit sync:{unit.id}`"
    failure = ConflictError(msg, hint=hint)
    return Result(trace=work.view.trace, failure=failure)
