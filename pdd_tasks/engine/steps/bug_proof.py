"""The proof that a test shows a bug: it fails by the code, in every run, and alone."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Final

from pdd_tasks.core.model.failure import Failure, FailureKind, summary
from pdd_tasks.core.model.text_style import styled
from pdd_tasks.core.model.trace import TestRun
from pdd_tasks.core.model.unit import DevUnit
from pdd_tasks.engine.material import local_id
from pdd_tasks.engine.ports import Bench
from pdd_tasks.engine.steps.standing import (
    check_kept,
    joined,
    known_run,
    lost,
    old_bytes,
    old_tests,
)
from pdd_tasks.engine.work import NO_FILES, Work
from pdd_tasks.errors import ReplyError


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


def proof(work: Work, bench: Bench, code: str) -> Shown | Right:
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
