"""Exchanging two files, and moving one, without ever losing what stands there.

"Compare, then replace" loses a save that a person makes in between; to exchange
first and compare the displaced bytes afterwards does not. Source: renameat2(2),
RENAME_EXCHANGE and RENAME_NOREPLACE; rename(2) of macOS, RENAME_SWAP, RENAME_EXCL.

Where the kernel or the file system has neither (NFS, some shared folders of
virtual machines, two mounts), `swap_by_link` keeps the displaced bytes under a
second name before it replaces them. A save that replaces the file between those
two calls is not seen; a save into the file is. `mend` ends what a kill interrupted.
"""

import errno
import os
import stat
import sys
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Final, NoReturn

from pdd_tasks.adapters.files import sync_directory, write_durably


_AT_FDCWD: Final = -100  # linux/fcntl.h: paths are relative to the working folder
_EXCHANGE: Final = 2  # RENAME_EXCHANGE of Linux, RENAME_SWAP of macOS
_NO_REPLACE: Final = 4 if sys.platform == "darwin" else 1  # RENAME_EXCL, _NOREPLACE
_UNSUPPORTED: Final = frozenset(
    {errno.ENOSYS, errno.EINVAL, errno.ENOTSUP, errno.EOPNOTSUPP, errno.EXDEV}
)


def exchange(first: Path, second: Path) -> None:
    """Exchange two files in one step.

    Raises:
        FileNotFoundError: If one of them does not exist.
    """
    failure = _rename(first, second, _EXCHANGE)
    if failure in _UNSUPPORTED:
        swap_by_link(first, second)
    elif failure:
        _refuse(failure, first, second)


def exchanged(first: Path, second: Path) -> bool:
    """Return whether two files were exchanged in one step; if not, nothing was done."""
    return not _rename(first, second, _EXCHANGE)


def place(source: Path, target: Path) -> None:
    """Move a file to a name that nothing has.

    Raises:
        FileExistsError: If something has the name; it is left as it is.
    """
    failure = _rename(source, target, _NO_REPLACE)
    if failure in _UNSUPPORTED:
        place_by_link(source, target)
    elif failure:
        _refuse(failure, source, target)


def swap_by_link(first: Path, second: Path) -> None:
    """Exchange two files where the system cannot do it in one step.

    Raises:
        FileNotFoundError: If one of them does not exist.
        OSError: If the system refuses.
    """
    kept = _kept(first)
    with suppress(FileNotFoundError):
        kept.unlink()
    try:
        kept.hardlink_to(second)
    except FileNotFoundError:
        raise
    except OSError:  # another file system, or one without links
        _copy(second, kept)
    try:
        first.replace(second)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        _copy(first, _beside(second)).replace(second)
        sync_directory(second.parent)
    kept.replace(first)


def mend(first: Path, second: Path) -> None:
    """Finish or undo a `swap_by_link` that was interrupted; else do nothing."""
    beside, kept = _beside(second), _kept(first)
    if beside.exists():
        beside.unlink()
    if not kept.exists():
        return
    if not first.exists() or _equal(first, second):
        kept.replace(first)
    else:
        kept.unlink()


def place_by_link(source: Path, target: Path) -> None:
    """Move a file to a free name where the system has no call for that.

    Raises:
        FileExistsError: If something has the name; it is left as it is.
    """
    try:
        target.hardlink_to(source)
    except FileExistsError:
        raise
    except OSError as error:
        _place_without_link(source, target, error)
        return
    source.unlink()


def _place_without_link(source: Path, target: Path, error: OSError) -> None:
    if error.errno == errno.EXDEV:
        place(_copy(source, _beside(target)), target)
        sync_directory(target.parent)
        source.unlink()
        return
    if os.path.lexists(target):
        _refuse(errno.EEXIST, source, target)
    # A file system without links (FAT): the only place where a name is looked at
    # and then taken in two steps.
    source.rename(target)


def _kept(first: Path) -> Path:
    return first.with_name(f"{first.name}.displaced")


def _beside(target: Path) -> Path:
    return target.with_name(f".{target.name}.pdd.tmp")


def _copy(source: Path, target: Path) -> Path:
    with suppress(FileNotFoundError):
        target.unlink()
    write_durably(target, source.read_bytes())
    target.chmod(stat.S_IMODE(source.stat().st_mode))
    return target


def _equal(first: Path, second: Path) -> bool:
    return second.is_file() and first.read_bytes() == second.read_bytes()


def _refuse(number: int, first: Path, second: Path) -> NoReturn:
    raise OSError(number, os.strerror(number), str(first), None, str(second))


def _rename(first: Path, second: Path, flags: int) -> int:
    native = _native()
    if native is None:
        return errno.ENOSYS
    sys.audit("pdd_tasks.exchange", str(first), str(second), flags)
    return native(os.fsencode(first), os.fsencode(second), flags)


@cache
def _native() -> Callable[[bytes, bytes, int], int] | None:
    import ctypes  # not needed by a run that publishes nothing

    library = ctypes.CDLL(None, use_errno=True)
    name = "renamex_np" if sys.platform == "darwin" else "renameat2"
    function = getattr(library, name, None)
    if function is None:  # musl before 1.2.6, other systems
        return None

    def renamed(first: bytes, second: bytes, flags: int) -> int:
        if sys.platform == "darwin":
            failed = function(first, second, ctypes.c_uint(flags))
        else:
            here = ctypes.c_int(_AT_FDCWD)
            failed = function(here, first, here, second, ctypes.c_uint(flags))
        return ctypes.get_errno() if failed else 0

    return renamed
