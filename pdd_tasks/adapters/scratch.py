"""A copy of the project to run programs in, outside of it, gone afterwards.

Rule 1: nothing in the copy leads out of it by a relative path or by a link. Rule 2:
what tools leave behind, and the state of this program, is not copied. Rule 3: the
copy is removed on every way out, also if a program took permissions away.
"""

import contextlib
import fnmatch
import os
import shutil
import stat
import tempfile
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import Final

from pdd_tasks.adapters.residue import claim, is_forsaken
from pdd_tasks.errors import ConfigError, RunError


_PREFIX: Final = "pdd-"
_PROJECT: Final = "project"
_OWNER: Final = "owner"  # locked while the copy is in use
_IGNORED: Final = (
    *(".git", ".hg", ".svn", ".pdd", ".doit.db*"),
    *(".venv", "venv", "node_modules", ".tox", ".nox"),
    *("__pycache__", "*.pyc", ".pytest_cache", ".hypothesis"),
    *(".mypy_cache", ".ruff_cache", ".import_linter_cache"),
    *(".coverage", ".coverage.*", "*.pdd-conflict"),
)
_ROOM: Final = "free some space, or set TMPDIR to another folder"
_VENV_MARK: Final = "pyvenv.cfg"


@contextlib.contextmanager
def scratch(root: Path, kept: Collection[str] = ()) -> Iterator[Path]:
    """Copy a project for the time of a block and give the copy's folder.

    Beside the copy, in its parent, is room for reports; that goes as well.

    Args:
        root: The project.
        kept: Names that are copied though tools have left them behind.

    Yields:
        The copy.

    Raises:
        RunError: If the copy cannot be made.
    """
    origin = root.resolve()
    holder = _holder(origin)
    try:
        with _in_use(root, holder):
            project = holder / _PROJECT
            _copy_whole(origin, project, frozenset(kept))
            yield project
    finally:
        _remove(holder)


def sweep_scratch(root: Path) -> int:
    """Return how many copies were removed that a killed run left behind."""
    removed = 0
    for place in _places(root.resolve()):
        for holder in place.glob(f"{_PREFIX}*"):
            if is_forsaken(holder / _OWNER):
                _remove(holder)
                removed += 1
    return removed


def overlay(project: Path, files: Mapping[PurePosixPath, bytes]) -> None:
    """Write files over those of a copy.

    Args:
        project: The copy's folder.
        files: Root-relative path → bytes that shall stand there.

    Raises:
        ConfigError: If a path leaves the project.
        RunError: If a file cannot be written.
    """
    for path, data in files.items():
        target = project / path
        parent = Path(os.path.realpath(target.parent))
        if ".." in path.parts or not parent.is_relative_to(project):
            msg = f"{path} lies outside the project"
            raise ConfigError(msg, hint="use a path below the folder of .pddrc")
        try:
            parent.mkdir(parents=True, exist_ok=True)
            target.unlink(missing_ok=True)
            target.write_bytes(data)
        except OSError as error:
            raise RunError(_no_copy(target, project, error), hint=_ROOM) from error


def _holder(origin: Path) -> Path:
    """Return a new folder of our own that is not inside the project.

    Raises:
        RunError: If there is no place for one.
    """
    for folder in _places(origin):
        with contextlib.suppress(OSError):
            return Path(tempfile.mkdtemp(prefix=_PREFIX, dir=folder))
    msg = f"there is no folder outside {origin} to run programs in"
    raise RunError(msg, hint="set TMPDIR to a writable folder outside the project")


def _places(origin: Path) -> Iterator[Path]:
    places = (tempfile.gettempdir(), "/tmp", "/var/tmp", origin.parent)  # noqa: S108  # mkdtemp makes it ours
    for folder in dict.fromkeys(Path(place).resolve() for place in places):
        if not folder.is_relative_to(origin):
            yield folder


@contextlib.contextmanager
def _in_use(root: Path, holder: Path) -> Iterator[None]:
    """Hold the file that says that somebody uses a copy.

    Yields:
        Nothing.

    Raises:
        RunError: If it cannot be made.
    """
    try:
        owner = os.open(holder / _OWNER, os.O_RDONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise RunError(_no_copy(root, holder, error), hint=_ROOM) from error
    try:
        claim(owner)
        yield
    finally:
        os.close(owner)


def _copy_whole(origin: Path, project: Path, kept: frozenset[str]) -> None:
    """Copy a project.

    Raises:
        RunError: If the disk refuses.
    """
    try:
        _copy_folder(origin, project, (origin, project), kept)
    except OSError as error:
        raise RunError(_no_copy(origin, project, error), hint=_ROOM) from error


def _no_copy(source: Path, place: Path, error: OSError) -> str:
    return f"cannot copy {source} to {place}: {(error.strerror or str(error)).lower()}"


def _copy_folder(
    source: Path, target: Path, whole: tuple[Path, Path], kept: frozenset[str]
) -> None:
    target.mkdir()
    try:
        entries = sorted(os.scandir(source), key=lambda entry: entry.name)
    except PermissionError:
        return  # the program could not look into it either
    for entry in entries:
        if entry.name not in kept and _is_ignored(entry):
            continue
        there = target / entry.name
        if entry.is_symlink():
            _copy_link(Path(entry.path), there, *whole)
        elif entry.is_dir():
            _copy_folder(Path(entry.path), there, whole, kept)
        else:
            _copy_file(Path(entry.path), there)


def _is_ignored(entry: os.DirEntry[str]) -> bool:
    if any(fnmatch.fnmatchcase(entry.name, pattern) for pattern in _IGNORED):
        return True
    return entry.is_dir() and os.path.exists(os.path.join(entry.path, _VENV_MARK))  # noqa: PTH110, PTH118  # a string is what scandir gives, and this is asked for every entry


def _copy_link(source: Path, target: Path, origin: Path, project: Path) -> None:
    """Copy a link that stays inside, as a link; a file from outside, as a file.

    A link to a folder outside is left out: through it a program could write there.
    """
    goal = Path(os.path.realpath(source))
    if goal.is_relative_to(origin):
        inside = project / goal.relative_to(origin)
        target.symlink_to(os.path.relpath(inside, target.parent))
    else:
        _copy_file(goal, target)


def _copy_file(source: Path, target: Path) -> None:
    # Pipes and devices would block; a file may go, or be unreadable to us.
    with contextlib.suppress(FileNotFoundError, PermissionError):
        if stat.S_ISREG(source.stat().st_mode):
            shutil.copy2(source, target)


def _remove(holder: Path) -> None:
    shutil.rmtree(holder, ignore_errors=True)
    if not holder.exists():
        return
    holder.chmod(stat.S_IRWXU)
    for folder, names, _ in os.walk(holder):  # from the top: opened, then entered
        for path in (Path(folder, name) for name in names):
            if not path.is_symlink():
                path.chmod(stat.S_IRWXU)
    shutil.rmtree(holder, ignore_errors=True)
