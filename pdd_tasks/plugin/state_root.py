"""State roots and the prompts below them, by looking at folders only.

Rule 1: hidden folders, virtual environments, caches and ``node_modules`` hold no
projects. Rule 2: links that lead in a circle are walked once. What prompts are
called, and what that means, is in `pdd_tasks.plugin.discover`.
"""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath
from typing import Final

from pdd_tasks.errors import ConfigError
from pdd_tasks.plugin import pddrc


_SKIPPED: Final = frozenset({"node_modules", "__pycache__"})
_FOREIGN: Final = frozenset({"pyvenv.cfg", "CACHEDIR.TAG"})
_PROMPT: Final = ".prompt"


def named_roots(top: Path, roots: Iterable[str]) -> tuple[PurePosixPath, ...]:
    """Return the state roots at and below the folders that a ``dodo.py`` names.

    Args:
        top: The folder doit runs in.
        roots: Folders, or globs of folders, relative to it; globs may match none.

    Raises:
        ConfigError: If a folder that is named plainly does not exist.
    """
    found = [
        folder / label
        for folder in _folders(top, roots)
        for label in state_roots(top / folder)
    ]
    return tuple(dict.fromkeys(found))


def _folders(top: Path, roots: Iterable[str]) -> list[PurePosixPath]:
    """Return the folders that roots name, sorted; globs may match none.

    Raises:
        ConfigError: If a folder that is named plainly does not exist.
    """
    found: set[PurePosixPath] = set()
    for root in roots:
        if any(mark in root for mark in "*?["):
            matches = [p for p in top.glob(root) if p.is_dir()]
            found |= {PurePosixPath(p.relative_to(top).as_posix()) for p in matches}
        elif (top / root).is_dir():
            found.add(PurePosixPath(root))
        else:
            msg = f"dodo.py names the folder {root}, which does not exist"
            raise ConfigError(msg, hint="correct the call of doit_project in dodo.py")
    return sorted(found)


def state_roots(top: Path) -> tuple[PurePosixPath, ...]:
    """Return the state roots at and below a folder, relative to it, sorted.

    The folder itself is always one; any other has a ``.pddrc``.
    """
    found = [PurePosixPath()]
    pending = [PurePosixPath()]
    while pending:
        folder = pending.pop()
        here = os.path.join(top, folder)  # noqa: PTH118 - as all else here, as a text
        if folder.name and os.path.exists(f"{here}/{pddrc.FILE}"):  # noqa: PTH110
            found.append(folder)
        if not any(os.path.lexists(f"{here}/{name}") for name in _FOREIGN):
            pending += [folder / name for name in _folders_in(here)]
    return tuple(sorted(found))


def prompts(root: Path, label: PurePosixPath, folder: PurePosixPath) -> list[str]:
    """Return the prompts in a folder, relative to it, sorted.

    Folders that are state roots of their own are left out.

    Args:
        root: The state root.
        label: The same folder as messages name it.
        folder: The prompts folder, relative to the state root.

    Raises:
        ConfigError: If a folder cannot be read.
    """
    try:
        return sorted(_prompts(root / folder))
    except FileNotFoundError:
        return []
    except OSError as error:
        raise ConfigError(
            f"the prompts folder {label / folder} cannot be read:"
            f" {(error.strerror or str(error)).lower()}",
            hint="make it a folder that you may read, or set prompts_dir in .pddrc",
        ) from error


def _prompts(top: Path) -> Iterator[str]:
    seen: set[str] = set()
    pending = [""]
    while pending:
        below = pending.pop()
        real = os.path.realpath(top / below)
        if real in seen:
            continue
        seen.add(real)
        folders: list[str] = []
        with os.scandir(top / below) as entries:
            for entry in entries:
                name = entry.name
                if name[0] == ".":
                    continue
                if entry.is_dir():
                    folders.append(name)
                elif name.endswith(_PROMPT):
                    yield below + name
        pending += [
            f"{below}{name}/" for name in folders if not _is_root(top / below / name)
        ]


def _is_root(folder: Path) -> bool:
    return (folder / pddrc.FILE).is_file()


def _folders_in(folder: str) -> list[str]:
    """Return the names of the folders in another that are worth a look."""
    try:
        with os.scandir(folder) as entries:
            found = [one.name for one in entries if one.is_dir(follow_symlinks=False)]
    except OSError:
        return []  # what may not be read holds no project of ours
    return [one for one in found if one[0] != "." and one not in _SKIPPED]
