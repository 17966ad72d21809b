import json
from collections.abc import Mapping
from dataclasses import replace

import pytest
from hypothesis import given, settings
from trace_values import calculator_report, changed, reports

from pdd_tasks.core.model.form import FormError, NewerFormError
from pdd_tasks.core.model.report_form import report_mapping, report_of
from pdd_tasks.core.model.trace import ExampleRun, RunReport, TestRun


FOREIGN: Mapping[str, object] = {
    "timestamp": "2026-01-01T00:00:00+00:00",
    "exit_code": 0,
    "tests_passed": 4,
    "tests_failed": 0,
    "coverage": 91.0,
}


@settings(deadline=None, max_examples=60)
@given(reports)
def test_a_report_comes_back_as_it_was(report):
    text = json.dumps(report_mapping(report))
    assert report_of(json.loads(text)) == report
    assert json.dumps(report_mapping(report_of(json.loads(text)))) == text


def test_the_names_that_users_know_stand_at_the_top():
    mapping = report_mapping(calculator_report())
    assert {
        key: mapping[key] for key in mapping if key not in {"example", "tests"}
    } == {
        "schema": 1,
        "timestamp": "2026-03-01T09:31:00+00:00",
        "exit_code": 1,
        "tests_passed": 1,
        "tests_failed": 1,
        "tests_skipped": 0,
        "coverage": 87.5,
    }


def test_a_report_without_a_test_run_says_null():
    assert report_mapping(RunReport(timestamp="now")) == {
        "schema": 1,
        "timestamp": "now",
        "exit_code": None,
        "tests_passed": None,
        "tests_failed": None,
        "tests_skipped": None,
        "coverage": None,
        "example": None,
        "tests": None,
    }


def test_a_passing_run_without_tests_is_not_taken_for_no_run():
    report = RunReport(
        example=ExampleRun(inputs={}, exit_code=0),
        tests=TestRun(inputs={}, exit_code=0, results={}),
    )
    mapping = report_mapping(report)
    assert mapping["exit_code"] == 0
    assert mapping["tests_passed"] == 0
    assert report_of(mapping) == report


def test_captured_output_is_not_written():
    report = calculator_report()
    assert report.example
    assert report.tests
    loud = replace(
        report,
        example=replace(report.example, output="3"),
        tests=replace(report.tests, output="F."),
    )
    assert report_mapping(loud) == report_mapping(report)


def test_the_derived_counts_are_not_believed():
    mapping = report_mapping(calculator_report())
    assert report_of({**mapping, "tests_failed": 0}) == calculator_report()


@pytest.mark.parametrize(
    "more",
    [
        pytest.param({}, id="oldest"),
        pytest.param({"test_hash": None, "test_files": None}, id="nulls"),
        pytest.param({"test_hash": "a" * 64, "test_files": {"x": "y"}}, id="full"),
    ],
)
def test_a_report_of_pdd_cli_leaves_only_its_time(more):
    migrated = RunReport(timestamp="2026-01-01T00:00:00+00:00")
    assert report_of({**FOREIGN, **more}) == migrated


def _changed(*path, to):
    return changed(report_mapping(calculator_report()), *path, to=to)


@pytest.mark.parametrize(
    "mapping, problem",
    [
        pytest.param(
            _changed("exit_code", to="0"),
            "exit_code: expected a whole number, found '0'",
            id="derived",
        ),
        pytest.param(
            _changed("coverage", to=101),
            "coverage: expected a number from 0 to 100, found 101",
            id="too-much",
        ),
        pytest.param(
            _changed("tests", "coverage", to=float("nan")),
            "tests.coverage: expected a number from 0 to 100, found nan",
            id="not-a-number",
        ),
        pytest.param(
            _changed("tests", "coverage", to=True),
            "tests.coverage: expected a number from 0 to 100, found true",
            id="true",
        ),
        pytest.param(
            _changed("tests", "coverage", to="90"),
            "tests.coverage: expected a number from 0 to 100, found '90'",
            id="text",
        ),
        pytest.param(
            _changed("tests", "results", "t", to="error"),
            "tests.results.t: 'error' is not one of passed, failed, skipped",
            id="outcome",
        ),
        pytest.param(
            _changed("tests", "failures", "0", "kind", to="bad luck"),
            "tests.failures.0.kind: 'bad luck' is not one of import, attribute, type,"
            " assertion, timeout, collection, other",
            id="kind",
        ),
        pytest.param(
            _changed("example", "timed_out", to=0),
            "example.timed_out: expected true or false, found 0",
            id="flag",
        ),
        pytest.param(
            _changed("example", "failure", to=3),
            "example.failure: expected an object, found 3",
            id="failure",
        ),
        pytest.param(_changed("tests", "output", to=""), "tests.output: unknown key"),
    ],
)
def test_a_broken_report_is_refused_with_the_place(mapping, problem):
    with pytest.raises(FormError) as caught:
        report_of(mapping)
    assert problem in caught.value.problems


def test_a_report_that_is_neither_ours_nor_theirs_is_refused():
    with pytest.raises(FormError, match="schema: expected a number from 1 to 1"):
        report_of({"timestamp": "now"})


def test_a_broken_report_of_pdd_cli_is_refused():
    with pytest.raises(FormError, match="timestamp: expected a text, found null"):
        report_of({**FOREIGN, "timestamp": None})


def test_a_newer_report_is_told_apart():
    with pytest.raises(NewerFormError):
        report_of({"schema": 7})
