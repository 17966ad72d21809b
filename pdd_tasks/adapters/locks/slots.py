"""The places for units at work, of which a setting may allow only some."""

import fcntl
import os

from pdd_tasks.adapters.locks.folder import LockFolder


def take_slot(folder: LockFolder, limit: int) -> int | None:
    """Return the descriptor of a place that was free; None if all are taken.

    The place is free again when the descriptor is closed.
    """
    for number in range(limit):
        descriptor = os.open(folder.slot(number), os.O_RDWR | os.O_CREAT, 0o666)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
        except BaseException:
            os.close(descriptor)
            raise
        else:
            return descriptor
    return None
