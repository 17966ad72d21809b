"""Tasks for the selectors on doit's command line, which are no units' names."""

from collections.abc import Iterator, Mapping, Sequence

from pdd_tasks.plugin.chosen import Chosen
from pdd_tasks.plugin.project import Project
from pdd_tasks.plugin.selection import chosen, wants_affected
from pdd_tasks.plugin.tasks import SyncTask


def selector_tasks(
    project: Project, words: Sequence[str], tasks: Sequence[SyncTask]
) -> Mapping[str, SyncTask]:
    """Return word → a group task, for each word that is a selector and no task.

    That a pattern matches tasks does not make it one: doit's ``run`` alone would know.
    With ``affected=1`` a word that is a task gets what depends on it as well: tasks
    of whole units are given it, a step gets a group task, since what depends on a
    step waits for it.

    Args:
        project: The project.
        words: The words of the command line.
        tasks: The tasks that there are.

    Raises:
        ConfigError: If a word names no unit, state or result.
    """
    by_name = {task.name: task for task in tasks}
    ours = list(dict.fromkeys(word for word in words if is_selector(word)))
    new = [word for word in ours if word not in by_name]
    groups = {w: _group(project, w, one) for w, one in chosen(project, new).items()}
    if wants_affected(project.variables):
        for word, found in chosen(project, [w for w in ours if w not in new]).items():
            if found.steps:
                groups[word] = _group(project, _widened(word), found)
            else:
                _add_affected(word, found, by_name)
    return groups


def _widened(word: str) -> str:
    """Return the word for a step of units with those of what depends on them."""
    units, mark, step = word.rpartition(":")
    return f"{units}+{mark}{step}"


def is_selector(word: str) -> bool:
    """Return whether a word of the command line selects units."""
    return word.startswith("sync:") and "=" not in word


def _group(project: Project, name: str, found: Chosen) -> SyncTask:
    task = SyncTask(name, project, found.units, task_dep=found.tasks)
    task.steps = found.tasks if found.steps else ()
    return task


def _add_affected(word: str, found: Chosen, by_name: Mapping[str, SyncTask]) -> None:
    """Let a task of whole units wait for those of what depends on its units."""
    task = by_name[word]
    # what it stands for already, and what it is part of, cannot wait for it
    task.task_dep += [one for one in found.tasks if one not in _below(task)]


def _below(task: SyncTask) -> Iterator[str]:
    yield from (task.name, *task.task_dep)
    yield from (f"sync:{unit.id}" for unit in task.units)
