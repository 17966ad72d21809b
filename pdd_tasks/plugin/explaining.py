"""Which units are explained: those that words select, or all that are not at rest."""

from collections.abc import Sequence

from pdd_tasks.core.model.unit import DevUnit
from pdd_tasks.core.plan.cause import StepState
from pdd_tasks.errors import ConfigError, PddError
from pdd_tasks.plugin.explained import Explanation
from pdd_tasks.plugin.explanation import Explainer
from pdd_tasks.plugin.project import Project
from pdd_tasks.plugin.selection import chosen


def _restless(project: Project) -> list[DevUnit]:
    """Return the units of which something is due, and those that need them."""
    found: list[DevUnit] = []
    names: set[str] = set()
    for unit in project.units:  # those needed first
        needs = project.edges.needs.get(str(unit.id), ())
        try:
            is_restless = bool(project.plan(unit).due) or not names.isdisjoint(needs)
        except PddError:
            is_restless = True
        if is_restless:
            found.append(unit)
            names.add(str(unit.id))
    return found


def _refuse_gone(project: Project, words: Sequence[str]) -> None:
    """Refuse a word that names a unit whose prompt is gone.

    Raises:
        ConfigError: If there is one.
    """
    names = {word.removeprefix("sync:").partition(":")[0] for word in words}
    for name in sorted(names):
        if project.unit(name) is None and not project.named(name):
            gone = {one.name: one for one in project.leftovers()}
            if name in gone:
                where = "is gone" if gone[name].here else "is not checked out"
                raise ConfigError(
                    f"unit {name}: its prompt {where}; its files are left alone",
                    hint="restore the prompt with git, or remove what is left of it",
                )


def explanations(
    project: Project, words: Sequence[str]
) -> tuple[tuple[Explanation, ...], int]:
    """Return why what words select stands as it does, and how much of it is at rest.

    Args:
        project: The project.
        words: Selectors; without one, all units that are not current are explained.

    Raises:
        ConfigError: If a word selects no unit, or one whose prompt is gone.
    """
    explainer = Explainer(project)
    if not words:
        restless = _restless(project)
        found = [explainer.explain(unit) for unit in project.units if unit in restless]
        shown = [one for one in found if one.state is not StepState.CURRENT]
        return tuple(shown), len(project.units) - len(shown)
    _refuse_gone(project, words)
    asked = {
        (str(unit.id), step): (unit, step)
        for one in chosen(project, words).values()
        for unit in one.units
        for step in (one.steps or (None,))
    }
    return tuple(explainer.explain(unit, step) for unit, step in asked.values()), 0
