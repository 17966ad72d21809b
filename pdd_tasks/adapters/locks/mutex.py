"""The short mutex of a unit: whoever has it may read and write the unit's record."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final


FOR_EVER: Final = -1.0

_POLL_S: Final = 0.002


@contextmanager
def mutex(path: Path, limit_s: float = FOR_EVER) -> Iterator[None]:
    """Hold a mutex; the kernel frees it when its holder ends, however it ends.

    Args:
        path: Its file, which stays.
        limit_s: Seconds to try; `FOR_EVER` has no limit.

    Yields:
        Nothing.

    Raises:
        TimeoutError: If somebody else has it for longer than that.
    """
    from filelock import FileLock

    # One object a call: an object shared by threads would let a second one in. And a
    # file that merely exists would be no lock: rather an error than that.
    lock = FileLock(path, thread_local=False, fallback_to_soft=False)
    lock.acquire(timeout=limit_s, poll_interval=_POLL_S)
    try:
        yield
    finally:
        lock.release()
