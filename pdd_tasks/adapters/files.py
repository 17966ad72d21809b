"""The project's files, and the few ways in which anything here reaches the disk.

Rule 1: whoever writes a file uses a function of this module, so that a file is
whole or absent after a crash. Rule 2: no path of a project leads out of it, not
by ``..`` and not by a link. What is not here: publishing several files at once
(`transactions`) and exchanging files that a person may be saving (`exchange`).
"""

import errno
import fcntl
import hashlib
import os
import stat
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath
from typing import Final

from pdd_tasks.adapters.residue import claim
from pdd_tasks.core.model.artifact import UnitId
from pdd_tasks.errors import ConfigError


STATE_FOLDER: Final = ".pdd"

_IGNORED: Final = b"""\
# Local state of pdd-tasks. Fingerprints (meta/) and analyses belong in git.
/baseline/
/txn/
/parked/
/locks/
/log/
/safety/
/cache/*
!/cache/analysis/
/state.db*
*.tmp
"""
_PIECE: Final = 1 << 20
_NAME_ROOM: Final = len("..0123abcd.tmp")  # what is put around a name for a while
_PATH_ROOM: Final = 320  # for `.pdd/parked/<transaction>/` before a path
SHORT: Final = 100
"""No file system refuses a name of so many bytes, or a path of twice as many."""
_NO_DIRECTORY_SYNC: Final = frozenset({errno.EINVAL, errno.ENOTSUP, errno.EBADF})


class ProjectFiles:
    """Reads the files of one project; fits the port `Files`.

    Attributes:
        root: The state root, absolute and without links.
    """

    def __init__(self, root: Path) -> None:
        self.root = Path(os.path.realpath(root))

    def locate(self, path: PurePosixPath) -> Path:
        """Return where a file really lies, links followed; it need not exist.

        Raises:
            ConfigError: If the path is absolute, leaves the project, or is too long
                for a file that is staged, exchanged and parked.
        """
        refuse_outside(path)
        try:
            real = Path(os.path.realpath(self.root / path))
        except ValueError as error:  # a NUL character in the name
            raise ConfigError(f"{str(path)!r} is not a path: {error}") from error
        if not real.is_relative_to(self.root):
            raise ConfigError(
                f"{path} leads out of the project, to {real}",
                hint="replace the link by a file inside the project",
            )
        self._refuse_long(path, real)
        return real

    def read(self, path: PurePosixPath) -> bytes | None:
        """Return a file's bytes; None if there is no such file.

        Raises:
            ConfigError: If the path leaves the project, is not a plain file, or
                cannot be read.
        """
        data = self.directly(path)
        if data is not None:
            return data
        real = self.locate(path)
        try:
            return plain_bytes(real)
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            raise ConfigError(
                f"{path} cannot be read: {error.strerror or error}",
                hint="make it a plain file that you may read",
            ) from error

    def matching(self, globs: Sequence[str]) -> tuple[PurePosixPath, ...]:
        """Return the files that match any of some globs, sorted; hidden ones never."""
        found = {path for glob in globs for path in self.root.glob(glob)}
        names = (PurePosixPath(p.relative_to(self.root)) for p in found if p.is_file())
        return tuple(
            sorted(n for n in names if not any(p.startswith(".") for p in n.parts))
        )

    def directly(self, path: PurePosixPath) -> bytes | None:
        """Return a plain file's bytes if no link is on the way to it, else None.

        What `locate` makes of all the others costs more than reading the file.
        """
        *folders, name = path.parts or ("",)
        real = f"{self.root}/{path}"
        if ".." in path.parts or path.is_absolute() or not real.isascii():
            return None
        if len(name) > SHORT or len(real) > SHORT * 2:
            return None
        way = str(self.root)
        try:
            for folder in folders:
                way = f"{way}/{folder}"
                if not stat.S_ISDIR(os.lstat(way).st_mode):
                    return None
            return plain_bytes(real, os.O_NOFOLLOW)
        except (OSError, ValueError):
            return None  # told by the long way

    def _refuse_long(self, path: PurePosixPath, real: Path) -> None:
        name, whole = len(os.fsencode(real.name)), len(os.fsencode(real))
        if name <= SHORT and whole <= SHORT * 2:
            return
        names, paths = (
            os.pathconf(self.root, limit) for limit in ("PC_NAME_MAX", "PC_PATH_MAX")
        )
        if name + _NAME_ROOM <= names and whole + _PATH_ROOM <= paths:
            return
        raise ConfigError(
            f"{_beginning(path)} is too long: {name} bytes in the name and {whole} in"
            f" all; there is room for {names - _NAME_ROOM} and {paths - _PATH_ROOM}",
            hint="give the unit or its folders shorter names",
        )


def refuse_outside(path: PurePosixPath) -> None:
    """Refuse a path that is not relative to the project, by its spelling.

    Raises:
        ConfigError: If it is absolute or goes upwards.
    """
    if path.is_absolute() or ".." in path.parts:
        raise ConfigError(
            f"{path} leads out of the project",
            hint="name a path inside the folder that holds .pdd, without '..'",
        )


def raw_digest(data: bytes) -> str:
    """Return the SHA-256 of some bytes, 64 hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()


def folder_name(unit: UnitId) -> str:
    """Return a unit's id as the name of one folder; two ids never share a name."""
    return str(unit).replace("%", "%25").replace("/", "%2F")


def ensure_state_folder(root: Path) -> Path:
    """Return the folder ``.pdd`` of a project, made if it is not there.

    What must not be committed is named in its ``.gitignore``, which is written
    when there is none and never changed after.
    """
    folder = root / STATE_FOLDER
    ignore = folder / ".gitignore"
    if not os.path.lexists(ignore):
        make_folders(folder)
        replace_durably(ignore, _IGNORED)
    return folder


def replace_durably(path: Path, data: bytes) -> None:
    """Replace one file, or create it; after a crash it is the old or the new one.

    Mode bits are kept. Its folder must exist. A link is replaced, not followed.
    """
    beside = path.with_name(f".{path.name}.{os.urandom(4).hex()}.tmp")
    try:
        with _written(beside, data):  # held until it has its name
            with suppress(FileNotFoundError):
                _copy_mode(path, beside)
            beside.replace(path)
    except BaseException:
        with suppress(OSError):
            beside.unlink()
        raise
    sync_directory(path.parent)


def write_durably(path: Path, data: bytes) -> None:
    """Create a file whose bytes survive a power cut; its name needs a synced folder.

    Raises:
        FileExistsError: If there is such a file.
    """
    with _written(path, data):
        pass


@contextmanager
def _written(path: Path, data: bytes) -> Iterator[None]:
    """Create a file as `write_durably` does, and hold it while the block runs.

    Yields:
        Nothing.
    """
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
    with os.fdopen(os.open(path, flags, 0o666), "wb") as stream:
        claim(stream.fileno())
        stream.write(data)
        stream.flush()
        _sync(stream.fileno())
        yield


def make_folders(path: Path) -> None:
    """Create a folder and those above it, each durably; fine if it is there.

    Raises:
        NotADirectoryError: If something else has the name.
    """
    if path.is_dir():
        return
    make_folders(path.parent)
    with suppress(FileExistsError):
        path.mkdir()
    if not path.is_dir():
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(path))
    sync_directory(path.parent)


def sync_directory(path: Path) -> None:
    """Make the names in a folder survive a power cut.

    Raises:
        OSError: If the disk refuses.
    """
    descriptor = os.open(path, os.O_RDONLY)
    try:
        _sync(descriptor)
    except OSError as error:
        # Some network file systems cannot sync a folder; they order names themselves.
        if error.errno not in _NO_DIRECTORY_SYNC:
            raise
    finally:
        os.close(descriptor)


def _sync(descriptor: int) -> None:
    if sys.platform == "darwin":  # where fsync stops at the drive's cache
        with suppress(OSError):
            fcntl.fcntl(descriptor, fcntl.F_FULLFSYNC)
            return
    os.fsync(descriptor)


def _copy_mode(source: Path, target: Path) -> None:
    wanted = stat.S_IMODE(source.lstat().st_mode)
    if wanted != stat.S_IMODE(target.lstat().st_mode):
        target.chmod(wanted)


def _beginning(path: PurePosixPath) -> str:
    text = str(path)
    return text if len(text) <= SHORT else f"{text[:SHORT]}…"


def plain_bytes(real: Path | str, flags: int = 0) -> bytes:
    """Return the bytes of a plain file.

    Raises:
        OSError: If it is none, or cannot be read.
    """
    # Without O_NONBLOCK a named pipe would hold the program up for ever.
    descriptor = os.open(real, os.O_RDONLY | os.O_NONBLOCK | flags)
    try:
        found = os.fstat(descriptor)
        if not stat.S_ISREG(found.st_mode):
            raise OSError(errno.EINVAL, "it is not a plain file")
        parts = [os.read(descriptor, found.st_size + 1)]
        if len(parts[0]) == found.st_size:  # one more was asked for: it is the end
            return parts[0]
        while parts[-1]:
            parts.append(os.read(descriptor, _PIECE))
        return b"".join(parts)
    finally:
        os.close(descriptor)
