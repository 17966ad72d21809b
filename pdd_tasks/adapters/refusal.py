"""What the disk refuses, as an error that a person can mend."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from pdd_tasks.errors import PddError


_FULL: Final = "free some space on the disk, then run the command again"
_CLOSED: Final = "make the file and its folder writable, then run the command again"
_NO_LOCKS: Final = "this file system keeps no locks: run it with lock_dir=runtime"
_HINTS: Final = {
    errno.ENOSPC: _FULL,
    errno.EDQUOT: _FULL,
    errno.EFBIG: _FULL,
    errno.EACCES: _CLOSED,
    errno.EPERM: _CLOSED,
    errno.EROFS: _CLOSED,
    errno.ENAMETOOLONG: "give the unit or its folders shorter names",
    errno.ENOTDIR: "move the file that stands where a folder is needed",
    errno.EEXIST: "move the file that stands where a folder is needed",
    errno.ENOLCK: _NO_LOCKS,
    errno.ENOSYS: _NO_LOCKS,
}


@contextmanager
def refusing(doing: str) -> Iterator[None]:
    """Turn what the system refuses into an error that a person can mend.

    Args:
        doing: What is being done, for the message: ``publish unit a_python``.

    Yields:
        Nothing.

    Raises:
        PddError: If the system refuses anything inside.
    """
    try:
        yield
    except OSError as error:
        where = f"{os.fsdecode(error.filename)}: " if error.filename else ""
        raise PddError(
            f"cannot {doing}: {where}{error.strerror or error}",
            hint=_HINTS.get(error.errno or 0, "mend that, then run the command again"),
        ) from error
