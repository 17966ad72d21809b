"""Which units the words of a command select."""

from collections.abc import Iterable
from fnmatch import fnmatch

from pdd_tasks.core.model.step import Step
from pdd_tasks.core.model.unit import DevUnit
from pdd_tasks.errors import ConfigError
from pdd_tasks.plugin.claim import unknown_unit
from pdd_tasks.plugin.project import Project


def project_of(tasks: Iterable[object]) -> Project:
    """Return the project that doit's tasks are of.

    Raises:
        ConfigError: If there is none.
    """
    found = (getattr(task, "project", None) for task in tasks)  # ours have one
    project = next((one for one in found if isinstance(one, Project)), None)
    if project is None:
        msg = "the dodo.py has no units"
        raise ConfigError(msg, hint="call doit_project in it, as the README shows")
    return project


def selected(project: Project, word: str) -> tuple[DevUnit, ...]:
    """Return the units that a word of the command line selects.

    Args:
        project: The project.
        word: A unit, a basename, a task or a pattern of them: ``calculator``,
            ``sync:calculator_python:test``, ``backend/*``.

    Raises:
        ConfigError: If it selects none.
    """
    name = word.removeprefix("sync:")
    if word == "sync":
        return project.units
    if "*" in name:
        return _matching(project, name)
    for candidate in (name, name.rpartition(":")[0]):
        unit = project.unit(candidate)
        found = (unit,) if unit else project.named(candidate)
        if found:
            return found
    error: ConfigError = unknown_unit(name, project.units)
    raise error


def _matching(project: Project, pattern: str) -> tuple[DevUnit, ...]:
    """Return the units that a pattern of units or of their steps matches.

    Raises:
        ConfigError: If it matches none.
    """
    found = tuple(
        unit
        for unit in project.units
        if fnmatch(str(unit.id), pattern)
        or fnmatch(unit.id.basename, pattern)
        or any(fnmatch(f"{unit.id}:{step}", pattern) for step in Step)
    )
    if not found:
        error: ConfigError = unknown_unit(pattern, project.units)
        raise error
    return found
