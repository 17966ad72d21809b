"""Which units the words of a command select, in one grammar for all of them."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from pdd_tasks.core.graph.selection import View, criteria, unknown
from pdd_tasks.core.graph.selection import selected as found_by
from pdd_tasks.core.graph.selector import (
    TASK,
    Dependents,
    Having,
    Method,
    Word,
    parse,
)
from pdd_tasks.core.model.step import Step
from pdd_tasks.core.model.unit import DevUnit
from pdd_tasks.errors import ConfigError
from pdd_tasks.plugin.claim import unknown_unit
from pdd_tasks.plugin.project import Project


AFFECTED: Final = "affected"
"""The variable of doit's command line that adds what depends on the named units."""

_FLAGS: Final = {
    **dict.fromkeys(("1", "true", "yes", "on"), True),
    **dict.fromkeys(("0", "false", "no", "off"), False),
}


class Chosen(NamedTuple):
    """What one word selects.

    Attributes:
        units: The units, those needed first; ties alphabetical.
        steps: Which of their steps; None if the word names none.
    """

    units: tuple[DevUnit, ...]
    steps: tuple[Step, ...] | None

    @property
    def tasks(self) -> tuple[str, ...]:
        """The names of the tasks that stand for it, in the order of its units."""
        ends = [f":{step}" for step in self.steps] if self.steps else [""]
        return tuple(f"{TASK}:{unit.id}{end}" for unit in self.units for end in ends)


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
    names = {name for u in project.units for name in (str(u.id), u.id.basename)}
    parsed = {word: parse(word, names) for word in words}
    if all_affected or wants_affected(project.variables):
        parsed = {word: _widened(one) for word, one in parsed.items()}
    view = _view(project, criteria(one.selector for one in parsed.values()))
    for one in parsed.values():
        missing = unknown(one.selector, view)
        if missing is not None:
            error: ConfigError = unknown_unit(missing, project.units)
            raise error
    return {
        word: Chosen(_units(project, found_by(one.selector, view)), one.steps)
        for word, one in parsed.items()
    }


def _widened(word: Word) -> Word:
    return Word(selector=Dependents(word.selector), steps=word.steps)


def _units(project: Project, ids: Iterable[str]) -> tuple[DevUnit, ...]:
    found = (project.unit(one) for one in ids)
    return tuple(unit for unit in found if unit is not None)


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


def _view(project: Project, wanted: Collection[Having]) -> View:
    return View(
        units={str(unit.id): unit.id.basename for unit in project.units},
        needs=project.edges.needs,
        having={one: _having(project, one) for one in sorted(wanted, key=str)},
    )


def _having(project: Project, wanted: Having) -> Collection[str]:
    """Return the ids of the units that have what is wanted."""
    if wanted.method is Method.AFFECTED:
        from pdd_tasks.plugin.affected import affected

        return affected(project, wanted.value)
    if wanted.method is Method.RESULT:
        # loaded only here: who asks for no result needs no log
        from pdd_tasks.plugin.logbook import logbook

        last = {one.unit: one.status for one in logbook(project).entries}
        return [unit for unit, status in last.items() if status == wanted.value]
    from pdd_tasks.plugin.standing import states

    return [
        str(unit.id) for unit in project.units if wanted.value in states(project, unit)
    ]
