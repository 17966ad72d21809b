"""Traces and run reports as they may be written down: what they say is redacted.

Names of files and tests, and digests, are compared and stay as they are.
"""

from collections.abc import Callable
from dataclasses import replace

from pdd_tasks.core.model.failure import Failure
from pdd_tasks.core.model.trace import Fingerprint, RunReport


def redacted(trace: Fingerprint, redact: Callable[[str], str]) -> Fingerprint:
    """Return a fingerprint whose reasons are redacted."""
    gave_up = {
        step: replace(state, because=redact(state.because))
        for step, state in trace.gave_up.items()
    }
    conflicts = {
        path: replace(one, because=redact(one.because))
        for path, one in trace.conflicts.items()
    }
    history = tuple(replace(o, because=redact(o.because)) for o in trace.history)
    return replace(trace, gave_up=gave_up, conflicts=conflicts, history=history)


def redacted_report(report: RunReport, redact: Callable[[str], str]) -> RunReport:
    """Return a run report whose failures are redacted."""
    example, tests = report.example, report.tests
    if example is not None and example.failure is not None:
        example = replace(example, failure=_failed(example.failure, redact))
    if tests is not None:
        failures = tuple(_failed(one, redact) for one in tests.failures)
        tests = replace(tests, failures=failures)
    return replace(report, example=example, tests=tests)


def _failed(failure: Failure, redact: Callable[[str], str]) -> Failure:
    line, message = redact(failure.line), redact(failure.message)
    return replace(failure, line=line, message=message)
