import re
from datetime import UTC, datetime

from pdd_tasks.adapters.clock import SystemClock


def test_the_time_is_in_utc_and_whole_seconds():
    now = SystemClock().now()
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", now)
    assert abs(datetime.now(UTC) - datetime.fromisoformat(now)).total_seconds() < 60


def test_the_monotonic_clock_does_not_go_back():
    clock = SystemClock()
    assert clock.monotonic() <= clock.monotonic()
