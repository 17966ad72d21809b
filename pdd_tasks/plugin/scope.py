"""Which units a command of doit needs tasks for.

doit's cost grows with its tasks, and most units of a large project are in sync. Rule
1: a unit gets tasks if something is due in it, if it may become due because it is
downstream of such a unit, or if the command names it or needs it for what it names.
Rule 2: where it is not known what a command needs, all units get tasks.
"""

import inspect
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, NamedTuple

from doit.cmd_base import DoitCmdBase
from doit.task import Task

from pdd_tasks.core.model.artifact import Artifact
from pdd_tasks.core.model.step import Step
from pdd_tasks.core.model.unit import DevUnit
from pdd_tasks.errors import PddError
from pdd_tasks.plugin.edges import place
from pdd_tasks.plugin.project import Project


ALL: Final = "sync"
AFFECTED: Final = "affected"
"""The variable by which a command is about what depends on the named units, too."""

_TALKATIVE: Final = 2  # doit's verbosity at which steps say why they do nothing
_ON_NAMES: Final = frozenset({"list", "info", "forget", "ignore", "reset-dep"})


_STEPS: Final = "|".join(Step)
_PLAIN: Final = re.compile(rf"sync:([\w./-]+?)(?::(?:{_STEPS}))?")


class Asked(NamedTuple):
    """What doit was asked for.

    Attributes:
        command: The command.
        options: Its options.
        words: The tasks and files that were named, or that stand for none.
        named: True if the words were typed.
    """

    command: Any
    options: Mapping[str, Any]
    words: tuple[str, ...]
    named: bool

    @property
    def name(self) -> str:
        """The command's name."""
        return str(self.command.name)

    @property
    def looks_at_named(self) -> bool:
        """True if the command makes no tasks and looks at named units alone."""
        plain = getattr(self.command, "looks_at_named", False)
        is_wide = any(self.options.get(name) for name in ("all_affected", "staged"))
        return plain and self.named and not is_wide

    @property
    def needs_all(self) -> bool:
        """True if the command wants the tasks of all units."""
        if self.name == "run":
            # what is up to date is run anyway, or says why it is not run
            talks = self.options.get("verbosity") == _TALKATIVE
            return bool(self.options.get("always")) or talks
        if self.name == "list" and not self.named:
            # names alone are what shells complete
            return bool(self.options.get("subtasks") or self.options.get("quiet"))
        return self.name not in _ON_NAMES or (self.name != "list" and not self.named)

    def rename(self, groups: Mapping[str, Task]) -> None:
        """Let the command be about the tasks that words stand for.

        What is run has no pattern among its words: doit would take each step of what
        it matches for one that was asked for alone.

        Args:
            groups: Word → the group task that stands for it.
        """
        selected = self.command.sel_tasks  # doit 0.37; the typed words are its list
        if not selected:
            return
        runs = bool(self.command.execute_tasks)
        names = {
            word: task.task_dep if runs and "*" in task.name else [task.name]
            for word, task in groups.items()
        }
        selected[:] = [one for word in selected for one in names.get(word, [word])]


class Scope(NamedTuple):
    """Which units get tasks.

    Attributes:
        names: Their ids; None stands for all.
        quiet: Ids of the units that a sync of all is about and that get none, since
            they are in sync and stay so.
    """

    names: frozenset[str] | None
    quiet: frozenset[str] = frozenset()


def asked() -> Asked | None:
    """Return what doit was asked for; None if that cannot be told.

    A task creator is not told, but it runs below the command (doit 0.37 and 0.38).
    """
    frame = inspect.currentframe()
    while frame is not None:
        if frame.f_code is DoitCmdBase.execute.__code__:
            known = frame.f_locals
            command, typed = known["self"], tuple(known["args"])
            words = tuple(command.sel_tasks or ())
            return Asked(command, known["params"], words, bool(typed))
        frame = frame.f_back
    return None


def scope_of(
    project: Project, question: Asked | None, needed: Iterable[str] | None
) -> Scope:
    """Return which units get tasks.

    Args:
        project: The project.
        question: What doit was asked for.
        needed: Tasks of ours that other tasks need; None if that is not known yet.
    """
    if question is None:
        return Scope(None)
    if not getattr(question.command, "builds_tasks", True):
        return Scope(frozenset())
    if needed is None or question.needs_all or AFFECTED in project.variables:
        return Scope(None)
    words = question.words
    found = {str(unit.id) for unit in _named(project, (*words, *needed))}
    names = _closure(found, project.edges.needs)
    if all(word.startswith(f"{ALL}:") for word in words) and words:
        return Scope(names)
    names |= _closure(_stale(project), _turned(project.edges.needs))
    everything = frozenset(str(unit.id) for unit in project.units)
    return Scope(names, everything - names if ALL in words else frozenset())


def plain_names(question: Asked | None, needed: Iterable[str] | None) -> list[str]:
    """Return the units and basenames that a command is about and nothing else.

    Empty if it is about more, or if it is not known what it is about.
    """
    if question is None or needed is None or not question.words:
        return []
    words = (*question.words, *needed)
    if question.looks_at_named:
        words = tuple(f"{ALL}:{word.removeprefix(f'{ALL}:')}" for word in words)
    elif question.needs_all:
        return []
    found = [_PLAIN.fullmatch(word) for word in words]
    return [one[1] for one in found if one] if all(found) else []


def is_at_rest(project: Project, names: Iterable[str]) -> bool:
    """Return whether nothing is due in some units and in those that they need."""
    units = [unit for name in names for unit in _called(project, name)]
    closure = _closure((str(unit.id) for unit in units), project.edges.needs)
    found = [project.unit(name) for name in closure]
    return bool(units) and not any(one and _is_stale(project, one) for one in found)


def _called(project: Project, name: str) -> tuple[DevUnit, ...]:
    unit = project.unit(name)
    return (unit,) if unit else project.named(name)


def has_others(question: Asked | None) -> bool:
    """Return whether a ``dodo.py`` makes other tasks than ours."""
    loader = question.command.loader if question else None
    space = getattr(loader, "namespace", None) or {}
    return any(
        hasattr(made, "create_doit_tasks") or name.startswith("task_")
        for name, made in space.items()
        if not getattr(made, "of_units", False)
    )


def quiet_of(tasks: Iterable[object]) -> frozenset[str]:
    """Return the ids of the units that a sync of all is about and that got no tasks."""
    found = (getattr(task, "project", None) for task in tasks)  # ours have one
    project = next((one for one in found if isinstance(one, Project)), None)
    return project.quiet if project else frozenset()


def _named(project: Project, words: Iterable[str]) -> Iterator[DevUnit]:
    """Yield the units that words name, by themselves or by a file."""
    files: list[str] = []
    for word in words:
        if not word.startswith(f"{ALL}:"):
            files.append(word)
            continue
        plain = _PLAIN.fullmatch(word)
        if plain and (units := _called(project, plain[1])):
            yield from units
            continue
        from pdd_tasks.plugin.selection import chosen  # noqa: PLC0415 - seldom

        try:
            for one in chosen(project, [word]).values():
                yield from one.units
        except PddError:
            continue  # told when the word is looked for among the tasks
    wanted = {file for file in files if file != ALL}
    yield from (unit for unit in project.units if wanted and wanted & _files(unit))


def _files(unit: DevUnit) -> set[str]:
    return {
        place(unit, path)
        for artifact in (Artifact.CODE, Artifact.EXAMPLE, Artifact.TESTS)
        for path in unit.paths(artifact)
    }


def _stale(project: Project) -> set[str]:
    return {str(unit.id) for unit in project.units if _is_stale(project, unit)}


def _is_stale(project: Project, unit: DevUnit) -> bool:
    try:
        return bool(project.plan(unit).due) or project.cut_off(unit)
    except PddError:
        return True


def _closure(
    names: Iterable[str], further: Mapping[str, Iterable[str]]
) -> frozenset[str]:
    """Return names and all that they lead to, one step or more away."""
    found, left = set[str](), list(names)
    while left:
        name = left.pop()
        if name not in found:
            found.add(name)
            left += further.get(name, ())
    return frozenset(found)


def _turned(needs: Mapping[str, Iterable[str]]) -> Mapping[str, list[str]]:
    """Return unit → the units that need it."""
    found: dict[str, list[str]] = {}
    for name, needed in needs.items():
        for one in needed:
            found.setdefault(one, []).append(name)
    return found
