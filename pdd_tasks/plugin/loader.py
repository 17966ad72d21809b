"""The ``doit.LOADER`` door: units without a ``dodo.py``, or besides one.

doit takes this loader where ``pyproject.toml`` says ``[tool.doit] loader = "pdd"``,
and it reads the ``pyproject.toml`` of the current folder only. Rule 1: a ``dodo.py``
may be absent; its tasks and its ``DOIT_CONFIG`` count if it is there. Rule 2: one
that calls `doit_project` itself is not served twice.
"""

import os
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

from doit import loader as doit_loader
from doit.cmd_base import Command, DodoTaskLoader, TaskLoader2
from doit.exceptions import InvalidCommand, InvalidDodoFile
from doit.task import Task

from pdd_tasks.core.model.nearest import nearest
from pdd_tasks.plugin.door import CONFIG, load_tasks
from pdd_tasks.plugin.tasks import SyncTask
from pdd_tasks.plugin.uncollected import uncollected


NAME: Final = "pdd"
_FILE: Final = "pyproject.toml"
_DODO: Final = "dodo.py"
_TABLE: Final = "pdd-tasks"
_KEYS: Final = ("projects",)
_DATABASE: Final = ".doit.db*"  # doit's own, with whatever its backend appends


class ProjectLoader(DodoTaskLoader):
    """Loads the units of a folder, and the tasks of its ``dodo.py`` if it has one."""

    def setup(self, opt_values: Mapping[str, Any]) -> None:
        """Load the ``dodo.py``, if there is one, and go to the project's folder.

        Args:
            opt_values: doit's ``-f``, ``-d`` and ``-k``.

        Raises:
            InvalidCommand: If ``-d`` names no folder.
        """
        start = Path.cwd()
        file, folder = opt_values["dodoFile"], opt_values["cwdPath"]
        here = self._home(start, dodo=opt_values["seek_file"])
        if file != _DODO or (here / _DODO).is_file():
            found = file if file != _DODO else str(here / _DODO)
            super().setup({**opt_values, "dodoFile": found})
            return
        if folder and not Path(folder).is_dir():
            raise InvalidCommand(f"-d {folder}: there is no such folder")
        self.namespace: dict[str, Any] = {}
        doit_loader.initial_workdir = str(start)  # what tasks are told they came from
        os.chdir(folder or here)  # as doit does it: paths of tasks start there

    def _home(self, start: Path, *, dodo: bool) -> Path:
        # Where doit's configuration names us, that is the folder; else a program or
        # a command of ours runs below it.
        chosen = self._said().get("loader") == NAME
        return start if chosen else home_of(start, dodo=dodo) or start

    def _said(self) -> Mapping[str, Any]:
        found: Mapping[str, Any] = (self.config or {}).get("GLOBAL", {})
        return found

    def load_doit_config(self) -> dict[str, Any]:
        """Return what the ``dodo.py`` sets, and our defaults for what nobody sets."""
        config: dict[str, Any] = super().load_doit_config()
        ours = dict(CONFIG)
        if any(
            name.startswith("task_") or hasattr(made, "create_doit_tasks")
            for name, made in self.namespace.items()
        ):
            del ours["default_tasks"]  # as doit does it: all that there is
            if any(Path().glob(_DATABASE)) and not Path(CONFIG["dep_file"]).exists():
                del ours["backend"], ours["dep_file"]  # its records stay good
        said = self._said()
        return {**{key: ours[key] for key in ours if key not in said}, **config}

    def load_tasks(self, cmd: Command, pos_args: list[str]) -> list[Task]:
        """Return the tasks of the ``dodo.py`` and those of all units.

        Args:
            cmd: The command that asks.
            pos_args: The words behind it.

        Raises:
            InvalidDodoFile: If ``pyproject.toml``, a configuration or a unit's name
                cannot be used.
        """
        tasks: list[Task] = []
        if self.namespace:
            tasks = super().load_tasks(cmd, pos_args)
        if not any(isinstance(task, SyncTask) for task in tasks):
            roots = roots_in(Path(_FILE))
            _check_folders(roots)
            with uncollected():
                tasks += load_tasks(Path.cwd(), roots, tasks)
        return tasks


def serving(given: TaskLoader2, options: Mapping[str, Any]) -> TaskLoader2:
    """Return the loader for a command: ours where doit's own would find nothing.

    doit reads its configuration in the current folder only, and so takes its own
    loader in a subfolder.

    Args:
        given: The loader doit has chosen.
        options: doit's ``-f``, ``-d`` and ``-k``.
    """
    plain = type(given) is DodoTaskLoader and options["dodoFile"] == _DODO
    if not plain or Path(_DODO).is_file():
        return given
    folder = options["cwdPath"]
    if not (_chooses(Path(folder)) if folder else home_of(Path.cwd())):
        return given
    ours = ProjectLoader()
    ours.cmd_names, ours.config = given.cmd_names, given.config
    return ours


def home_of(start: Path, *, dodo: bool = False) -> Path | None:
    """Return the nearest folder at or above another that chooses this loader.

    Args:
        start: Where to begin.
        dodo: True if a folder with a ``dodo.py`` counts, too.
    """
    for folder in (start, *start.parents):
        if dodo and (folder / _DODO).is_file():
            return folder
        if _chooses(folder):
            return folder
    return None


def roots_in(file: Path) -> tuple[str, ...]:
    """Return the folders of projects that a ``pyproject.toml`` names.

    Args:
        file: The file; it may be absent.

    Raises:
        InvalidDodoFile: If its table ``[tool.pdd-tasks]`` cannot be used.
    """
    table = _tool(file).get(_TABLE, {})
    if not isinstance(table, dict):
        error = _refused(f"{_TABLE} is no table", "write [tool.pdd-tasks]")
        raise error
    _check_keys(table)
    roots = table.get("projects", ["."])
    if not _are_texts(roots):
        error = _refused(
            "projects is no list of folders",
            'write projects = ["."], or leave it out',
        )
        raise error
    return tuple(roots) or (".",)


def _chooses(folder: Path) -> bool:
    file = folder / _FILE
    if not file.is_file():
        return False
    try:
        chosen = _tool(file).get("doit", {})
    except InvalidDodoFile:
        return False  # of a folder on the way up, which nobody asked for
    return isinstance(chosen, dict) and chosen.get("loader") == NAME


def _tool(file: Path) -> Mapping[str, Any]:
    """Return the table ``tool`` of a ``pyproject.toml``; empty without the file.

    Raises:
        InvalidDodoFile: If the file cannot be read.
    """
    try:
        tool = tomllib.loads(file.read_text(encoding="utf-8")).get("tool", {})
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:  # not UTF-8 and not TOML are ValueErrors
        unreadable = _refused(f"it cannot be read: {error}", "mend it")
        raise unreadable from None
    return tool if isinstance(tool, dict) else {}


def _check_keys(table: Iterable[str]) -> None:
    for key in table:
        if key not in _KEYS:
            like = nearest(key, _KEYS)
            hint = f"write {like}" if like else f"keys are: {', '.join(_KEYS)}"
            raise _refused(f"there is no key {key!r}", hint)


def _check_folders(roots: Iterable[str]) -> None:
    for root in roots:
        if not any(mark in root for mark in "*?[") and not Path(root).is_dir():
            raise _refused(
                f"projects names the folder {root}, which does not exist",
                "correct it, or create the folder",
            )


def _are_texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


def _refused(what: str, hint: str) -> InvalidDodoFile:
    return InvalidDodoFile(f"{_FILE}, [tool.{_TABLE}]: {what}\n  hint: {hint}")
