"""The form of a run report on disk, and the migration of pdd-cli's.

The counts at the top are for people and their scripts: they are derived from
``tests`` when a report is written, and not believed when it is read. Captured
output is not written: it differs from machine to machine.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from pdd_tasks.core.model.failure import Failure, FailureKind
from pdd_tasks.core.model.form import Node, check_schema, read
from pdd_tasks.core.model.quick_form import quick_report
from pdd_tasks.core.model.trace import ExampleRun, RunReport, TestRun


SCHEMA: Final = 1
_COUNTS: Final = {
    "tests_passed": "passed",
    "tests_failed": "failed",
    "tests_skipped": "skipped",
}
# pdd-cli's: a mapping without a schema is its work if all of these are there.
_FOREIGN: Final = frozenset(
    {"timestamp", "exit_code", "tests_passed", "tests_failed", "coverage"}
)


class _Outcome(StrEnum):
    PASSED = "passed"
    FAILED = "failed"
    SKIPPED = "skipped"


def report_mapping(report: RunReport) -> dict[str, object]:
    """Return a run report as a plain mapping, ready for JSON."""
    tests = report.tests
    return {
        "schema": SCHEMA,
        "timestamp": report.timestamp,
        "exit_code": tests and tests.exit_code,
        **{name: tests and tests.count(of) for name, of in _COUNTS.items()},
        "coverage": tests and _coverage(tests),
        "example": report.example and _example_mapping(report.example),
        "tests": tests and _tests_mapping(tests),
    }


def report_of(mapping: Mapping[str, object]) -> RunReport:
    """Return the run report in a mapping, ours or pdd-cli's.

    A report of pdd-cli does not say which code it was taken with, so nothing of it
    can be relied on: it becomes an empty report with its time, and the example and
    tests are due to run.

    Raises:
        FormError: If the mapping is neither, or broken; names every place.
        NewerFormError: If its schema is newer than this program.
    """
    if "schema" not in mapping and mapping.keys() >= _FOREIGN:
        return read(mapping, _foreign)
    check_schema(mapping, SCHEMA)
    return quick_report(mapping) or read(mapping, _report)


def _example_mapping(run: ExampleRun) -> dict[str, object]:
    return {
        "inputs": dict(run.inputs),
        "exit_code": run.exit_code,
        "timed_out": run.timed_out,
        "failure": run.failure and _failure_mapping(run.failure),
    }


def _tests_mapping(run: TestRun) -> dict[str, object]:
    return {
        "inputs": dict(run.inputs),
        "exit_code": run.exit_code,
        "timed_out": run.timed_out,
        "results": dict(run.results),
        "failures": [_failure_mapping(failure) for failure in run.failures],
        "coverage": _coverage(run),
        "missing": run.missing,
    }


def _failure_mapping(failure: Failure) -> dict[str, object]:
    return {
        "test": failure.test,
        "kind": failure.kind.value,
        "exception": failure.exception,
        "where": failure.where,
        "line": failure.line,
        "message": failure.message,
    }


def _coverage(run: TestRun) -> float | None:
    # A whole number would be read back as 90.0 and then written differently.
    return None if run.coverage is None else float(run.coverage)


def _report(node: Node) -> RunReport:
    derived = ("exit_code", *_COUNTS)
    got = node.fields("schema", "timestamp", *derived, "coverage", "example", "tests")
    for name in derived:
        _optional_whole(got[name])
    _optional_percent(got["coverage"])
    return RunReport(
        timestamp=got["timestamp"].text(),
        example=None if got["example"].is_null else _example(got["example"]),
        tests=None if got["tests"].is_null else _tests(got["tests"]),
    )


def _foreign(node: Node) -> RunReport:
    return RunReport(timestamp=dict(node.entries())["timestamp"].text())


def _example(node: Node) -> ExampleRun:
    got = node.fields("inputs", "exit_code", "timed_out", "failure")
    return ExampleRun(
        inputs=got["inputs"].texts(),
        exit_code=got["exit_code"].whole(),
        timed_out=got["timed_out"].flag(),
        failure=None if got["failure"].is_null else _failure(got["failure"]),
    )


def _tests(node: Node) -> TestRun:
    measured = ("coverage", "missing")
    got = node.fields(
        "inputs", "exit_code", "timed_out", "results", "failures", *measured
    )
    results = got["results"].entries()
    return TestRun(
        inputs=got["inputs"].texts(),
        exit_code=got["exit_code"].whole(),
        timed_out=got["timed_out"].flag(),
        results={test: of.member(_Outcome).value for test, of in results},
        failures=tuple(_failure(of) for of in got["failures"].elements()),
        coverage=_optional_percent(got["coverage"]),
        missing=got["missing"].text(),
    )


def _failure(node: Node) -> Failure:
    got = node.fields("test", "kind", "exception", "where", "line", "message")
    return Failure(
        test=got["test"].text(),
        kind=got["kind"].member(FailureKind),
        exception=got["exception"].text(),
        where=got["where"].text(),
        line=got["line"].text(),
        message=got["message"].text(),
    )


def _optional_whole(node: Node) -> int | None:
    return None if node.is_null else node.whole()


def _optional_percent(node: Node) -> float | None:
    return None if node.is_null else node.percent()
