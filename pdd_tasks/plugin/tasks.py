"""Units as doit tasks.

``sync`` → ``sync:<basename>`` → ``sync:<unit>`` → ``sync:<unit>:<step>``. File
dependencies and targets are real along the forward flow only: one producer for each
target, the prompt never one; what a step reads backwards is in its trace alone.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Final, TextIO

from doit.task import Task

from pdd_tasks.core.model.artifact import Artifact
from pdd_tasks.core.model.operation_graph import directly_before
from pdd_tasks.core.model.step import Step
from pdd_tasks.core.model.unit import DevUnit
from pdd_tasks.errors import PddError
from pdd_tasks.plugin.actions import StepAction
from pdd_tasks.plugin.edges import place
from pdd_tasks.plugin.project import Project
from pdd_tasks.plugin.redaction import Redaction


_READS: Final = {
    Step.AUTO_DEPS: (Artifact.PROMPT,),
    Step.UPDATE: (Artifact.PROMPT,),
    Step.GENERATE: (Artifact.PROMPT,),
    Step.EXAMPLE: (Artifact.CODE,),
    Step.CRASH: (Artifact.CODE, Artifact.EXAMPLE),
    Step.VERIFY: (Artifact.PROMPT, Artifact.CODE, Artifact.EXAMPLE),
    Step.TEST: (Artifact.CODE,),
    Step.FIX: (Artifact.CODE,),
}
_WRITES: Final = {
    Step.GENERATE: Artifact.CODE,
    Step.EXAMPLE: Artifact.EXAMPLE,
}
_BEFORE: Final = {step: directly_before(step) for step in Step}


class _Parent(str):
    """A parent's name that plain ``doit list`` overlooks while a step is due.

    doit hides a task whose parent's name is true; a step that is due is shown.
    """

    __slots__ = ("task",)
    task: "SyncTask"

    def __bool__(self) -> bool:
        return not self.task.due


class SyncTask(Task):
    """A doit task that stands for units; its status and its words are ours.

    Attributes:
        units: The units it stands for.
        step: The step; None for a group.
        steps: Names of the tasks of single steps that it stands for; empty if it
            stands for whole units.
    """

    steps: tuple[str, ...] = ()

    def __init__(  # noqa: PLR0913 - a doit task has many parts
        self,
        name: str,
        project: Project,
        units: tuple[DevUnit, ...],
        *,
        step: Step | None = None,
        parent: str | None = None,
        task_dep: tuple[str, ...] = (),
        file_dep: tuple[str, ...] = (),
        targets: tuple[str, ...] = (),
        acts: bool = False,
    ) -> None:
        self.project, self.units, self.step = project, units, step
        actions = [StepAction(project, units[0], step)] if acts else None
        super().__init__(
            name,
            actions,
            file_dep=list(file_dep),
            targets=list(targets),
            task_dep=list(task_dep),
            has_subtask=step is None,
            subtask_of=self._parent(parent),
        )

    def _parent(self, name: str | None) -> _Parent | None:
        if name is None:
            return None
        parent = _Parent(name)
        parent.task = self
        return parent

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why the task is not up to date; empty if it is."""
        reasons: list[str] = []
        for unit in self.units:
            try:
                decisions = self.project.plan(unit).due
            except PddError as error:
                reasons.append(self.project.redaction.said(error.message))
                continue
            if self.step in {None, Step.AUTO_DEPS} and self.project.cut_off(unit):
                # Before all others: what they look at may be half-published.
                reasons.append(f"{unit.id}: an earlier run was cut off")
            mine = [d for d in decisions if self.step in {None, d.step}]
            if self.step is not None:
                reasons += [d.because for d in mine]
            else:
                reasons += [f"{unit.id}:{d.step}: {d.because}" for d in mine]
        return tuple(reasons)

    @property
    def due(self) -> bool:
        """True if the task is not up to date."""
        return bool(self.reasons)

    @property
    def doc(self) -> str:
        """What ``doit list`` shows: the reason, or that there is none."""
        reasons = self.reasons
        if self.step is not None:
            return reasons[0] if reasons else "up to date"
        pending = len({reason.partition(":")[0] for reason in reasons})
        if len(self.units) == 1:
            return f"{counted(len(reasons), 'step')} pending" if reasons else "in sync"
        return f"{len(self.units)} units, {pending or 'none'} pending"

    @doc.setter
    def doc(self, text: str | None) -> None:
        """Ignore the documentation doit's constructor sets."""

    def clean(self, outstream: TextIO, dryrun: bool) -> None:  # noqa: FBT001 - doit's
        """Delete nothing: an artifact is kept in step, not built and thrown away.

        Args:
            outstream: Where it is said, once.
            dryrun: Ignored.
        """
        del dryrun
        if not self.project.cleaned:
            outstream.write(
                "units are not cleaned: prompts, code, examples and tests are kept;"
                " `doit cache gc` removes what nothing needs\n"
            )
        self.project.cleaned.add(self.name)

    def pickle_safe_dict(self) -> dict[str, str]:
        """Return what doit hands from worker to worker: the name, all else is fixed.

        The project cannot be pickled, and doit 0.37 waits for ever for a result that
        cannot; thus ``-P process`` gets as far as the action, which refuses it.
        """
        return {"name": self.name}


def tasks_of(
    project: Project, names: Collection[str] | None = None
) -> Iterator[SyncTask]:
    """Yield the tasks of units, those needed first, and the one that is for all.

    Args:
        project: The project.
        names: Ids of the units that get tasks; None stands for all. What a unit needs
            and has no tasks is in sync and stays so.
    """
    units = tuple(u for u in project.units if names is None or str(u.id) in names)
    groups = {str(unit.id): f"sync:{unit.id}" for unit in units}
    for unit in units:
        yield from _unit_tasks(project, unit, groups)
    for basename in dict.fromkeys(unit.id.basename for unit in units):
        mine = project.named(basename)
        deps = tuple(groups[str(u.id)] for u in mine if str(u.id) in groups)
        yield SyncTask(f"sync:{basename}", project, mine, task_dep=deps)
    yield SyncTask("sync", project, project.units, task_dep=tuple(groups.values()))


def _unit_tasks(
    project: Project, unit: DevUnit, built: Collection[str]
) -> Iterator[SyncTask]:
    group = f"sync:{unit.id}"
    for step in Step:
        before = tuple(f"{group}:{one}" for one in _BEFORE[step])
        yield SyncTask(
            f"{group}:{step}",
            project,
            (unit,),
            step=step,
            parent=group,
            task_dep=(*before, *_upstream(project, unit, step, built)),
            file_dep=_file_dep(unit, step),
            targets=_targets(unit, step),
            acts=True,
        )
    steps = tuple(f"{group}:{step}" for step in Step)
    yield SyncTask(
        group,
        project,
        (unit,),
        parent=f"sync:{unit.id.basename}",
        task_dep=(*steps, *_upstream(project, unit, None, built)),
        acts=True,
    )


def _upstream(
    project: Project, unit: DevUnit, step: Step | None, built: Collection[str]
) -> Iterator[str]:
    """Yield the tasks of other units that a step waits for.

    That is the proof of the examples that the unit's prompt includes. In a circle
    proofs wait until all of its units are made, and the end until all are done; who
    needs a unit of a circle waits for that end.

    Args:
        project: The project.
        unit: The unit.
        step: Its step; None for settling.
        built: Ids of the units that have tasks.
    """
    name = str(unit.id)
    circle = project.edges.circles.get(name, ())
    if step is Step.GENERATE:
        for one in project.edges.waits.get(name, ()):
            if one in built:
                is_circular = one in project.edges.circles
                last = f":{Step.EXAMPLE if is_circular else Step.CRASH}"
                yield f"sync:{one}{last if one in circle or not is_circular else ''}"
    wanted = {Step.CRASH: Step.EXAMPLE, None: Step.FIX}.get(step)
    if wanted is not None:
        yield from (f"sync:{one}:{wanted}" for one in circle if one != name)


def _file_dep(unit: DevUnit, step: Step) -> tuple[str, ...]:
    return tuple(place(unit, path) for a in _READS[step] for path in unit.paths(a))


def _targets(unit: DevUnit, step: Step) -> tuple[str, ...]:
    if step is Step.TEST:
        return (place(unit, unit.test),)
    if step not in _WRITES:
        return ()
    return tuple(place(unit, path) for path in unit.paths(_WRITES[step]))


def redaction_of(tasks: Iterable[object]) -> Redaction:
    """Return what redacts for the project that tasks are of.

    Args:
        tasks: Any tasks of doit; without ours the environment's secrets count alone.
    """
    found = next((t.project for t in tasks if isinstance(t, SyncTask)), None)
    return found.redaction if found else Redaction((), {})


def project_of(tasks: Iterable[object]) -> Project | None:
    """Return the project that tasks are of; None if none of them is ours."""
    return next((t.project for t in tasks if isinstance(t, SyncTask)), None)


def wanted(tasks: Mapping[str, Task], selected: Iterable[str]) -> Iterator[SyncTask]:
    """Yield our tasks of one unit each that were selected, or are needed for that.

    Args:
        tasks: All tasks by name.
        selected: Names of those that were asked for.
    """
    left, seen = list(selected), set[str]()
    while left:
        name = left.pop()
        task = tasks.get(name)
        if name in seen or task is None:
            continue
        seen.add(name)
        left += (*task.task_dep, *task.setup_tasks)
        if isinstance(task, SyncTask) and len(task.units) == 1:
            yield task


def counted(number: int, one: str, many: str = "") -> str:
    """Return a number with its noun: ``1 step``, ``2 steps``."""
    return f"{number} {one if number == 1 else many or f'{one}s'}"
