import pytest

from pdd_tasks.adapters.locks.patience import Patience
from pdd_tasks.core.model.artifact import UnitId
from pdd_tasks.errors import ExitCode, LockedError


UNIT = UnitId("a", "python")


class Time:
    """A clock that only sleep moves."""

    def __init__(self):
        self.now = 100.0
        self.slept: list[float] = []

    def clock(self):
        return self.now

    def sleep(self, seconds):
        self.slept.append(seconds)
        self.now += seconds


def waited(limit_s, seconds):
    """Return what was told after how many seconds, and the pauses."""
    time, told = Time(), []
    patience = Patience(
        UNIT, limit_s, lambda who: told.append((time.now, who)), time.clock, time.sleep
    )
    while time.now < 100 + seconds:
        patience.wait("process 1", lambda: "let it end")
    return [(round(at - 100), who) for at, who in told], time.slept


def test_it_is_told_at_once_and_then_rarely():
    told, _ = waited(None, 1300)
    assert told == [(at, "process 1") for at in (0, 60, 660, 1260)]


def test_pauses_grow_and_stay_short():
    _, slept = waited(None, 1)
    assert slept[:5] == [0.001, 0.002, 0.004, 0.008, 0.015]
    assert set(slept[5:]) == {0.015}


def test_the_last_pause_ends_with_the_time():
    with pytest.raises(LockedError) as found:
        waited(0.01, 1)
    assert found.value.message == (
        "unit a_python: waited 0.01 s for process 1 (wait=0.01)"
    )
    assert found.value.hint == "let it end"
    assert found.value.exit_code is ExitCode.REFUSED


def test_without_time_nothing_is_told():
    time = Time()
    told: list[str] = []
    with pytest.raises(LockedError, match=r"does not wait for process 1 \(wait=0\)"):
        Patience(UNIT, 0, told.append, time.clock, time.sleep).wait("process 1", str)
    assert (told, time.slept) == ([], [])
