"""Names that a file system takes for one, though they are spelt differently.

Some file systems do not distinguish small letters from capitals, or two spellings of
one accented letter. Which do is found out by trying, since one disk can hold both kinds
of folders.
"""

import os
import unicodedata
from contextlib import suppress
from pathlib import Path, PurePosixPath

from pdd_tasks.adapters.files import write_durably


def folded(path: PurePosixPath) -> str:
    """Return what is the same for all spellings that any file system takes for one."""
    return unicodedata.normalize("NFC", str(path).casefold())


def folds(first: Path, second: Path) -> bool:
    """Return whether two names, equal when folded, are one file where they lie.

    Their folders exist. If the files do not, a file is made beside them and removed.

    Raises:
        OSError: If the disk refuses.
    """
    with suppress(FileNotFoundError):
        return first.samefile(second)
    if first.exists() or second.exists():
        return False  # the one that is there is not found by the other's name
    mark = f".pdd-{os.urandom(4).hex()}-"
    probe, other = (
        first.with_name(mark + first.name),
        second.with_name(mark + second.name),
    )
    write_durably(probe, b"")
    try:
        return other.exists()
    finally:
        probe.unlink()
