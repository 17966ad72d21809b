"""Which units the words of a command select, in one grammar for all of them."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from pdd_tasks.core.model.unit import DevUnit
from pdd_tasks.errors import ConfigError
from pdd_tasks.plugin.chosen import Chosen
from pdd_tasks.plugin.project import Project


AFFECTED: Final = "affected"
"""The variable of doit's command line that adds what depends on the named units."""

_FLAGS: Final = {
    **dict.fromkeys(("1", "true", "yes", "on"), True),
    **dict.fromkeys(("0", "false", "no", "off"), False),
}


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


def selected(
    project: Project, *words: str, all_affected: bool = False
) -> tuple[DevUnit, ...]:
    """Return the units that words select together, those needed first; all without.

    Args:
        project: The project.
        words: Selectors: ``calculator``, ``sync:+calculator_python:test``,
            ``backend/*+``, ``state:stale``.
        all_affected: True to add all that depends on them.

    Raises:
        ConfigError: If a word names no unit, state or result.
    """
    if not words:
        return project.units
    found = chosen(project, words, all_affected=all_affected)
    ids = {unit.id for one in found.values() for unit in one.units}
    return tuple(unit for unit in project.units if unit.id in ids)


def chosen(
    project: Project, words: Sequence[str], *, all_affected: bool = False
) -> Mapping[str, Chosen]:
    """Return each of some words → what it selects.

    Args:
        project: The project.
        words: Selectors.
        all_affected: True to add to each what depends on it.

    Raises:
        ConfigError: If a word names no unit, state or result, or is none.
    """
    if not words:
        return {}
    from pdd_tasks.plugin.selector_view import choice

    wide = all_affected or wants_affected(project.variables)
    return choice(project, words, all_affected=wide)


def wants_affected(variables: Mapping[str, str]) -> bool:
    """Return whether ``affected=1`` stands on doit's command line.

    Raises:
        ConfigError: If it has a value that is no answer.
    """
    given = variables.get(AFFECTED, "no")
    if given.strip().lower() not in _FLAGS:
        raise ConfigError(
            f"{AFFECTED}={given} on the command line: expected true or false",
            hint=f"write {AFFECTED}=1 to add what depends on the named units, or select"
            f" what changed since a revision: doit sync:{AFFECTED}:{given or 'main'}",
        )
    return _FLAGS[given.strip().lower()]
