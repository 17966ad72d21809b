import pytest

from pdd_tasks.core.model.ending import Status
from pdd_tasks.core.model.operation_log import LogEntry, Wanted
from pdd_tasks.core.model.step import Step


def entry(number, unit="a_python", step=Step.TEST, status=Status.DONE):
    return LogEntry(
        id=number,
        at=f"2026-01-0{number}T00:00:00Z",
        unit=unit,
        step=step,
        operation="run tests",
        because="it was due",
        status=status,
    )


LOG = (
    entry(3, status=Status.FAILED),
    entry(1),
    entry(2, unit="b_python"),
    entry(4, step=Step.FIX),
)


@pytest.mark.parametrize(
    "wanted, ids",
    [
        pytest.param(Wanted(), [1, 2, 3, 4], id="all-newest-last"),
        pytest.param(Wanted(units=frozenset({"b_python"})), [2], id="unit"),
        pytest.param(Wanted(units=frozenset()), [], id="no-unit"),
        pytest.param(
            Wanted(steps={"a_python": {Step.FIX}}), [2, 4], id="a-step-of-a-unit"
        ),
        pytest.param(Wanted(step=Step.FIX), [4], id="step"),
        pytest.param(Wanted(status=Status.FAILED), [3], id="status"),
        pytest.param(Wanted(since="2026-01-03"), [3, 4], id="since"),
        pytest.param(Wanted(last=2), [3, 4], id="last"),
        pytest.param(Wanted(last=9), [1, 2, 3, 4], id="more-than-there-are"),
        pytest.param(Wanted(last=0), [], id="none"),
        pytest.param(Wanted(step=Step.TEST, last=1), [3], id="filtered-then-last"),
    ],
)
def test_what_is_wanted_is_shown(wanted, ids):
    assert [one.id for one in wanted.of(LOG)] == ids
