import pytest

from pdd_tasks.core.model.failure import Failure, FailureKind
from pdd_tasks.core.model.trace import TestRun
from pdd_tasks.core.plan import facts
from pdd_tasks.core.plan.facts import Ran


PASSED = {"t.py::a": "passed"}
FAILED = {"t.py::a": "passed", "t.py::b": "failed"}


def _failure(kind: FailureKind = FailureKind.OTHER, test: str = "t.py::b") -> Failure:
    return Failure(test=test, kind=kind, exception="", where="", line="", message="")


def _run(
    exit_code: int, results: dict[str, str], *failures: Failure, timed_out: bool = False
) -> TestRun:
    return TestRun(
        inputs={},
        exit_code=exit_code,
        results=results,
        failures=failures,
        timed_out=timed_out,
    )


@pytest.mark.parametrize(
    "run, ran",
    [
        pytest.param(None, Ran.NOT, id="never"),
        pytest.param(_run(0, PASSED), Ran.GOOD, id="all passed"),
        pytest.param(_run(3, PASSED), Ran.GOOD, id="passed, a bad exit is noise"),
        pytest.param(_run(5, {}), Ran.GOOD, id="no tests at all"),
        pytest.param(_run(1, FAILED, _failure()), Ran.FAILED, id="one failed"),
        pytest.param(_run(0, FAILED), Ran.FAILED, id="a failure before the exit code"),
        pytest.param(
            _run(2, {}, _failure(FailureKind.COLLECTION)), Ran.BROKEN, id="none ran"
        ),
        pytest.param(
            _run(1, PASSED, _failure(FailureKind.COLLECTION, test="u.py")),
            Ran.FAILED,
            id="one file could not be collected",
        ),
        pytest.param(
            _run(-9, {}, _failure(FailureKind.TIMEOUT), timed_out=True),
            Ran.FAILED,
            id="hung",
        ),
        pytest.param(
            _run(2, {"t.py": "skipped"}), Ran.BROKEN, id="a bad exit, nothing counted"
        ),
    ],
)
def test_what_a_run_of_the_tests_says(run, ran):
    assert facts.tests_ran(run) is ran
