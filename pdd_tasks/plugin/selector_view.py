"""What selectors select, looked up in a project; loaded when there is a selector."""

from collections.abc import Collection, Iterable, Mapping, Sequence

from pdd_tasks.core.graph.selection import View, criteria, unknown
from pdd_tasks.core.graph.selection import selected as found_by
from pdd_tasks.core.graph.selector import Dependents, Having, Method, Word, parse
from pdd_tasks.core.model.unit import DevUnit
from pdd_tasks.errors import ConfigError
from pdd_tasks.plugin.chosen import Chosen
from pdd_tasks.plugin.claim import unknown_unit
from pdd_tasks.plugin.project import Project


def choice(
    project: Project, words: Sequence[str], *, all_affected: bool
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
    if all_affected:
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
