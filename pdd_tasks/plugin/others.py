"""Tasks of the user's own beside ours: what they need of units, and who is first.

Which of our tasks are made is decided before any task runs. Rule 1: a task of the
user's own that runs before one of ours may change anything, prompts too. Rule 2: where
it is not known what such tasks need or change, all units get tasks.
"""

from collections.abc import Iterable, Iterator, Mapping
from fnmatch import filter as matching

from doit.task import Task

from pdd_tasks.plugin.scope import ALL, Asked


def needed_of(others: Iterable[Task], question: Asked | None) -> tuple[str, ...] | None:
    """Return the tasks of ours that other tasks need; None if only a run can tell.

    Args:
        others: The tasks that are not ours.
        question: What doit was asked for.
    """
    tasks = {task.name: task for task in others}
    if any(task.loader or task.calc_dep or task.targets for task in tasks.values()):
        return None  # what it needs, or changes of ours, is known only later
    if question is not None and _is_any_first(tasks, question):
        return None
    found = (dep for task in tasks.values() for dep in _deps(task) if _is_ours(dep))
    return tuple(dict.fromkeys(found))


def _is_any_first(tasks: Mapping[str, Task], question: Asked) -> bool:
    """Return whether a task of the user's own may run before one of ours.

    One that waits for all of ours that the command is about does not.
    """
    if not getattr(question.command, "execute_tasks", False):
        return False
    names = [one for word in question.words for one in _called(word, tasks)]
    run = set(_reached(names or [*tasks, ALL], tasks))
    ours = run - tasks.keys()
    return any(
        tasks[name].actions and not ours <= set(_reached([name], tasks))
        for name in run & tasks.keys()
    )


def _called(word: str, tasks: Mapping[str, Task]) -> list[str]:
    """Return the tasks that a word names; a file, or a word for ours, as it stands."""
    if "*" in word and not _is_ours(word):
        return matching(tasks, word)
    return [word]


def _reached(names: Iterable[str], tasks: Mapping[str, Task]) -> Iterator[str]:
    """Yield names, and those of all that their tasks need, each once."""
    seen, left = set[str](), list(names)
    while left:
        name = left.pop()
        if name not in seen:
            seen.add(name)
            yield name
            deps = _deps(tasks[name]) if name in tasks else ()
            left += [one for dep in deps for one in _called(dep, tasks)]


def _deps(task: Task) -> Iterator[str]:
    yield from (*task.task_dep, *task.setup_tasks, *task.wild_dep)


def _is_ours(name: str) -> bool:
    return name == ALL or name.startswith(f"{ALL}:")
