"""Plain records: what is read here the strict readers read alike."""

import json
from dataclasses import replace
from typing import Any

import pytest
from core.test_quick_form import REPORT, TRACE, changed

from pdd_tasks.core.model.fingerprint_form import fingerprint_mapping, fingerprint_of
from pdd_tasks.core.model.form import FormError
from pdd_tasks.core.model.plain_form import (
    PlainReport,
    PlainTrace,
    plain_report,
    plain_trace,
)
from pdd_tasks.core.model.report_form import report_mapping, report_of
from pdd_tasks.core.model.trace import RunReport


SETTLED = replace(TRACE, stale=frozenset())


def texts(value: Any) -> int:
    """Return how many texts there are in a value, keys among them."""
    return json.dumps(value).replace('\\\\"', "").count('"') // 2


def plain(trace):
    """Return what there is to know of a fingerprint, in its plain form."""
    return PlainTrace(
        adopted={path: str(digest) for path, digest in trace.adopted.items()},
        triggers={str(s): record.triggers for s, record in trace.steps.items()},
        outputs={
            str(s): {path: str(digest) for path, digest in record.outputs.items()}
            for s, record in trace.steps.items()
        },
    )


def plain_runs(report):
    """Return what there is to know of a run report, in its plain form."""
    example, tests = report.example, report.tests
    return PlainReport(
        example=example and example.inputs,
        tests=tests and tests.inputs,
        counted=bool(tests and tests.results),
        coverage=tests and tests.coverage,
    )


def test_a_settled_fingerprint_is_plain():
    mapping = fingerprint_mapping(SETTLED)
    assert plain_trace(mapping, texts(mapping)) == plain(SETTLED)


@pytest.mark.parametrize("report", [REPORT, RunReport(timestamp="2026-01-02")])
def test_a_report_of_good_runs_is_plain(report):
    mapping = report_mapping(report)
    assert plain_report(mapping, texts(mapping)) == plain_runs(report)


@pytest.mark.parametrize(
    "mapping, read, strict, form",
    [
        pytest.param(
            fingerprint_mapping(SETTLED), plain_trace, fingerprint_of, plain, id="trace"
        ),
        pytest.param(
            report_mapping(REPORT), plain_report, report_of, plain_runs, id="report"
        ),
    ],
)
def test_what_is_plain_is_read_alike_by_the_strict_reader(mapping, read, strict, form):
    found = refused = 0
    for one in changed(mapping):
        plainly = read(one, texts(one))
        if plainly is not None:
            found += 1
            assert plainly == form(strict(one)), one
            continue
        try:
            strict(one)
        except FormError:
            refused += 1
    assert found
    assert refused


def test_nothing_that_waits_or_failed_is_plain():
    trace: dict[str, Any] = fingerprint_mapping(SETTLED)
    report: dict[str, Any] = report_mapping(REPORT)
    odd = [{**trace, "stale": ["fix"]}, {**trace, "conflicts": {}}]
    assert [plain_trace(one, texts(one)) for one in odd] == [None, None]
    failed = {**report["tests"], "results": {"a": "failed"}}
    ended = {**report["example"], "exit_code": 1}
    late = {**report["example"], "timed_out": True}
    reports = [
        {**report, "tests": failed},
        {**report, "example": ended},
        {**report, "example": late},
    ]
    assert [plain_report(one, texts(one)) for one in reports] == [None] * 3


@pytest.mark.parametrize("more", [-1, 1])
def test_a_file_with_another_number_of_texts_has_a_key_twice(more):
    trace: dict[str, Any] = fingerprint_mapping(SETTLED)
    report: dict[str, Any] = report_mapping(REPORT)
    assert plain_trace(trace, texts(trace) + more) is None
    assert plain_report(report, texts(report) + more) is None
