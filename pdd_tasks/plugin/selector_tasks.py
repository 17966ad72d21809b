"""Tasks for the selectors on doit's command line, which are no units' names."""

from collections.abc import Collection, Iterator, Sequence
from fnmatch import filter as matching

from pdd_tasks.errors import ConfigError
from pdd_tasks.plugin.chosen import Chosen
from pdd_tasks.plugin.project import Project
from pdd_tasks.plugin.selection import AFFECTED, chosen, wants_affected
from pdd_tasks.plugin.tasks import SyncTask


def selector_tasks(
    project: Project, words: Sequence[str], tasks: Sequence[SyncTask]
) -> tuple[SyncTask, ...]:
    """Return a group task for each word that is a selector and no task.

    With ``affected=1`` a word that is a task gets what depends on it as well.

    Args:
        project: The project.
        words: The words of the command line.
        tasks: The tasks that there are.

    Raises:
        ConfigError: If a word names no unit, state or result.
    """
    by_name = {task.name: task for task in tasks}
    ours = list(dict.fromkeys(word for word in words if is_selector(word)))
    new = [word for word in ours if not _is_task(word, by_name)]
    found = chosen(project, new)
    if wants_affected(project.variables):
        _add_affected(project, [word for word in ours if word not in new], by_name)
    return tuple(_group(project, word, one) for word, one in found.items())


def is_selector(word: str) -> bool:
    """Return whether a word of the command line selects units."""
    return word.startswith("sync:") and "=" not in word


def _is_task(word: str, names: Collection[str]) -> bool:
    return bool(matching(names, word)) if "*" in word else word in names


def _group(project: Project, name: str, found: Chosen) -> SyncTask:
    return SyncTask(name, project, found.units, task_dep=found.tasks)


def _add_affected(
    project: Project, words: Sequence[str], by_name: dict[str, SyncTask]
) -> None:
    """Let tasks wait for those of what depends on their units.

    Raises:
        ConfigError: If a word names a step: what depends on it waits for it.
    """
    for word, found in chosen(project, words).items():
        if found.steps:
            msg = f"{word} names a step, which {AFFECTED}=1 cannot add to"
            raise ConfigError(msg, hint="write +: doit sync:UNIT+:STEP")
        names = frozenset(matching(by_name, word)) if "*" in word else {word}
        for name in names:
            task = by_name[name]
            # what it stands for already, and what it is part of, cannot wait for it
            task.task_dep += [one for one in found.tasks if one not in _below(task)]


def _below(task: SyncTask) -> Iterator[str]:
    yield from (task.name, *task.task_dep)
    yield from (f"sync:{unit.id}" for unit in task.units)
