import pytest
from calculator_texts import CODE, EXAMPLE, PROMPT, TESTS, C, E, P, T
from memory_project import Project, synced

from pdd_tasks.core.model.failure import Failure, FailureKind
from pdd_tasks.core.model.step import Operation, Step
from pdd_tasks.core.model.trace import ExampleRun, TestRun
from pdd_tasks.engine.steps import runs


FAILURE = Failure(
    test="",
    kind=FailureKind.TYPE,
    exception="TypeError",
    where="src/a.py:1",
    line="x",
    message="no",
)


def _adopted() -> Project:
    project = Project({P: PROMPT, C: CODE, E: EXAMPLE, T: TESTS})
    project.perform(Step.AUTO_DEPS)
    return project


def test_an_example_that_runs_well_is_recorded_and_not_run_again():
    project = _adopted()
    assert project.perform(Step.CRASH) == [Operation.RUN_EXAMPLE]
    assert project.perform(Step.CRASH) == []
    assert Step.CRASH in project.trace.steps
    assert project.report.example is not None
    assert project.report.example.good


def test_what_an_example_prints_is_not_recorded():
    project = _adopted()
    project.perform(Step.CRASH)
    assert project.report.example is not None
    assert project.report.example.output == ""


def test_an_example_is_run_again_if_crash_was_forgotten():
    project = synced()
    project.forget(Step.CRASH)
    assert project.perform(Step.CRASH) == [Operation.RUN_EXAMPLE]
    assert project.due() == {}


def test_tests_run_with_coverage_and_are_not_run_again():
    project = _adopted()
    assert project.perform(Step.TEST) == [Operation.RUN_TESTS]
    assert project.perform(Step.TEST) == []
    assert project.runner.runs == ["tests measured"]
    assert project.report.tests is not None
    assert project.report.tests.coverage == 100.0


def test_a_runner_that_ends_badly_after_tests_that_pass_is_noise():
    project = _adopted()
    project.runner.exit_code = 3
    project.perform(Step.CRASH)
    project.perform(Step.TEST)
    assert project.due().keys() == set()
    assert "(the runner ended with exit code 3)" in project.notes[-1]


def test_white_space_runs_things_again_and_buys_nothing():
    project = synced()
    project.edit(C, "    return a + b\n", "    return a + b  \r\n")
    assert project.sync() == [Operation.RUN_EXAMPLE, Operation.RUN_TESTS]
    assert project.asked == []


@pytest.mark.parametrize(
    "run, line",
    [
        pytest.param({"exit_code": 0}, "the example ran: exit code 0", id="good"),
        pytest.param(
            {"exit_code": -9, "timed_out": True},
            "the example was ended at its time limit",
            id="hung",
        ),
        pytest.param(
            {"exit_code": 3}, "the example failed: exit code 3", id="failed silently"
        ),
        pytest.param(
            {"exit_code": 1, "failure": FAILURE},
            "the example failed: exit code 1: the example: TypeError: no",
            id="failed",
        ),
    ],
)
def test_a_run_of_the_example_is_said_in_a_line(run, line):
    assert runs.example_line(ExampleRun(inputs={}, **run)) == line


@pytest.mark.parametrize(
    "run, line",
    [
        pytest.param({}, "2 passed", id="unmeasured"),
        pytest.param({"coverage": 87.25}, "2 passed, coverage 87.2 %", id="measured"),
        pytest.param(
            {"exit_code": 1},
            "2 passed (the runner ended with exit code 1)",
            id="a bad exit",
        ),
        pytest.param(
            {"results": {"a::b": "failed", "a::c": "skipped"}, "failures": (FAILURE,)},
            "0 passed, 1 failed, 1 skipped: the example: TypeError: no",
            id="failed",
        ),
    ],
)
def test_a_run_of_the_tests_is_said_in_a_line(run, line):
    passed = {"a::b": "passed", "a::c": "passed"}
    plain = {"inputs": {}, "exit_code": 0, "results": passed}
    assert runs.tests_line(TestRun(**{**plain, **run})) == line
