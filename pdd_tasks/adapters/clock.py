"""The time of day, from the system; fits the port `Clock`."""

import time


class SystemClock:
    """The system's clocks."""

    def now(self) -> str:
        """Return the time, ISO 8601 in UTC, whole seconds."""
        return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())

    def monotonic(self) -> float:
        """Return seconds on a clock that only goes forward."""
        return time.monotonic()
