import pytest

from pdd_tasks.core.model.trace import ExampleRun, StepRecord, TestRun


@pytest.mark.parametrize(
    "run, good",
    [
        pytest.param(ExampleRun(inputs={}, exit_code=0), True, id="ended-well"),
        pytest.param(ExampleRun(inputs={}, exit_code=3), False, id="exit-code"),
        pytest.param(ExampleRun(inputs={}, exit_code=-9), False, id="signal"),
        pytest.param(
            ExampleRun(inputs={}, exit_code=0, timed_out=True), False, id="too-slow"
        ),
    ],
)
def test_an_example_ran_well_if_it_ended_by_itself_with_nought(run, good):
    assert run.good is good


def test_outcomes_are_counted():
    run = TestRun(
        inputs={}, exit_code=1, results={"a": "passed", "b": "failed", "c": "passed"}
    )
    assert [run.count(o) for o in ("passed", "failed", "skipped")] == [2, 1, 0]


def test_records_share_nothing():
    assert StepRecord() == StepRecord(triggers={}, context={}, outputs={})
    assert StepRecord().triggers is not StepRecord().triggers
