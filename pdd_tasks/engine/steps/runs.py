"""Runs the example and the tests for what stands; free, and nothing is changed."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import PurePosixPath

from pdd_tasks.core.model.failure import summary
from pdd_tasks.core.model.step import Step
from pdd_tasks.core.model.trace import ExampleRun, Fingerprint, RunReport, TestRun
from pdd_tasks.core.plan.facts import Ran, tests_ran
from pdd_tasks.engine.ports import Bench
from pdd_tasks.engine.view import View
from pdd_tasks.engine.work import NO_FILES, Result, Work


def run_example(work: Work) -> Result:
    """Run the example as it stands and record what happened.

    Returns:
        What it leaves behind.
    """
    with work.world.runner.bench(work.unit) as bench:
        run = bench.example(NO_FILES)
    trace = proven_example(work, work.view.trace, work.after({}), run)
    return Result(
        trace=trace, report=reported(work, example=run), notes=(example_line(run),)
    )


def run_tests(work: Work) -> Result:
    """Run the tests as they stand, measure coverage, and record what happened.

    Returns:
        What it leaves behind.
    """
    with work.world.runner.bench(work.unit) as bench:
        run = bench.tests(NO_FILES, measure=bool(work.unit.language.measure))
    return Result(
        trace=work.view.trace,
        report=reported(work, tests=run),
        notes=(tests_line(run),),
    )


def reported(
    work: Work,
    *,
    example: ExampleRun | None = None,
    tests: TestRun | None = None,
) -> RunReport:
    """Return the unit's report with new runs in it."""
    old = work.view.report
    return RunReport(
        timestamp=work.world.clock.now(),
        example=example or old.example,
        tests=tests or old.tests,
    )


def proven_example(
    work: Work, trace: Fingerprint, after: View, run: ExampleRun
) -> Fingerprint:
    """Return the fingerprint with *crash* recorded if the example ran well."""
    if not run.good:
        return trace
    return work.with_record(trace, Step.CRASH, after)


def example_line(run: ExampleRun) -> str:
    """Return one line on a run of the example."""
    if run.good:
        return "the example ran: exit code 0"
    if run.timed_out:
        return "the example was ended at its time limit"
    why = summary((run.failure,)) if run.failure else ""
    return f"the example failed: exit code {run.exit_code}" + (
        f": {why}" if why else ""
    )


def tests_line(run: TestRun) -> str:
    """Return one line on a run of the tests."""
    said = f"{run.count('passed')} passed"
    for outcome in ("failed", "skipped"):
        if run.count(outcome):
            said += f", {run.count(outcome)} {outcome}"
    if run.coverage is not None:
        said += f", coverage {run.coverage:.1f} %"
    if tests_ran(run) is not Ran.GOOD:
        return f"{said}: {summary(run.failures)}"
    noise = f" (the runner ended with exit code {run.exit_code})"
    return said + (noise if run.exit_code else "")


def prove(
    work: Work, bench: Bench, files: Mapping[PurePosixPath, bytes]
) -> tuple[ExampleRun | None, TestRun | None]:
    """Run what stands of example and tests against candidate files.

    The tests are not run if the example fails. Either is None if it is absent,
    or the language cannot run it.

    Returns:
        What it leaves behind.
    """
    unit, contents = work.unit, {**work.view.snapshot.contents, **files}
    example = tests = None
    if unit.language.run and unit.example in contents:
        example = bench.example(files)
        if not example.good:
            return example, None
    if unit.language.test and any(path in contents for path in unit.tests):
        tests = bench.tests(files, measure=bool(unit.language.measure))
    return example, tests


def without_output(report: RunReport) -> RunReport:
    """Return a report without captured output, as it is recorded."""
    example = replace(report.example, output="") if report.example else None
    tests = replace(report.tests, output="") if report.tests else None
    return replace(report, example=example, tests=tests)
