"""Tasks for doit, through either door; the ``dodo.py`` door is `doit_project`."""

import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from doit import doit_cmd
from doit.exceptions import InvalidCommand, InvalidDodoFile
from doit.task import Task

from pdd_tasks.errors import PddError
from pdd_tasks.plugin.dependency import take_over
from pdd_tasks.plugin.others import needed_of
from pdd_tasks.plugin.project import Project
from pdd_tasks.plugin.redaction import Redaction, folders_of
from pdd_tasks.plugin.reporter import SyncReporter
from pdd_tasks.plugin.scope import (
    AFFECTED,
    Asked,
    asked,
    has_others,
    is_at_rest,
    plain_names,
    scope_of,
)
from pdd_tasks.plugin.tasks import SyncTask, tasks_of
from pdd_tasks.plugin.uncollected import uncollected


CONFIG: Final[Mapping[str, Any]] = {
    "default_tasks": ["sync"],
    "continue": True,
    "reporter": SyncReporter,
    "par_type": "thread",
    "backend": "json",  # written at the end only, so no file for our tasks
    "dep_file": ".doit.db.json",
}
"""How doit is set by default, through either door."""


def doit_project(
    *roots: str,
) -> tuple[dict[str, Any], Callable[[], Iterator[Task]]]:
    """Return ``DOIT_CONFIG`` and ``task_sync`` for projects.

    Args:
        roots: Folders, or globs of folders, relative to the folder doit runs in.
    """

    def task_sync() -> Iterator[Task]:
        """Keep prompts, code, examples and tests in step."""  # noqa: DOC402
        with uncollected():
            tasks = load_tasks(Path.cwd(), roots)
        yield from tasks

    task_sync.of_units = True  # type: ignore[attr-defined] # see `has_others`
    return dict(CONFIG), task_sync


def load_tasks(
    top: Path, roots: tuple[str, ...], others: Iterable[Task] | None = None
) -> list[Task]:
    """Return the tasks of the units that the command is about.

    Args:
        top: The folder doit runs in.
        roots: As for `doit_project`.
        others: The tasks that are not ours; None if they are not made yet.

    Raises:
        InvalidDodoFile: If a configuration or a unit's name cannot be used.
    """
    variables = command_variables()
    question = asked()
    try:
        if others is None and not has_others(question):
            others = ()
        needed = None if others is None else needed_of(others, question)
        names = plain_names(question, needed)
        tasked = question is not None and not question.looks_at_named
        project = _project(
            top, roots, variables, names, alone=not others, tasked=tasked
        )
        scope = scope_of(project, question, needed)
        project.quiet = scope.quiet
        tasks = list(tasks_of(project, scope.names))
    except PddError as error:
        redaction = Redaction(folders_of(top, roots), variables)
        raise InvalidDodoFile(redaction.said(str(error))) from None
    words = [*sys.argv[1:], *(question.words if question else ())]
    add_selectors(words, tasks, project, question)
    take_over(project)
    return tasks


def _project(
    top: Path,
    roots: tuple[str, ...],
    variables: Mapping[str, str],
    names: list[str],
    *,
    alone: bool,
    tasked: bool,
) -> Project:
    """Return the project; of one that is large no more than names are about.

    Whatever is due is seen together with all other units, since it may concern them;
    so is whatever other tasks may do something to.
    """
    if names and AFFECTED not in variables:
        from pdd_tasks.plugin.few import few  # noqa: PLC0415 - seldom in a large run

        chosen = few(top, roots, variables, os.environ, names) if alone else None
        if chosen is None and not tasked:
            return Project(top, roots, variables)
        project = Project(top, roots, variables, about=names, chosen=chosen)
        if is_at_rest(project, names):
            return project
    return Project(top, roots, variables)


def command_variables() -> dict[str, str]:
    """Return the ``name=value`` words of doit's command line."""
    return dict(doit_cmd._CMDLINE_VARS or {})  # noqa: SLF001 - get_var knows no list


def add_selectors(
    words: list[str], tasks: list[SyncTask], project: Project, question: Asked | None
) -> None:
    """Add a task for each word that selects units and is no task.

    Without one doit would say only that it is none, ``doit info`` would end in a
    traceback, and a pattern that matches nothing would end well with nothing done.
    Where the word of a step stands for more than its task, the command is told so.

    Raises:
        InvalidCommand: If there is a word that looks like a unit and is none.
    """
    known = {task.name for task in tasks}
    unknown = [word for word in words if word.startswith("sync:") and word not in known]
    if not unknown and AFFECTED not in project.variables:
        return
    from pdd_tasks.plugin.selector_tasks import selector_tasks  # noqa: PLC0415 - seldom

    try:
        found = selector_tasks(project, words, tasks)
    except PddError as error:
        raise InvalidCommand(project.redaction.said(str(error))) from None
    tasks += {task.name: task for task in found.values()}.values()
    if question is not None:
        question.rename(found)
