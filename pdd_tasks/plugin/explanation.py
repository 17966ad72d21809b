"""Why a unit stands as it does: root causes, the ways from them, and what comes of it.

Read only: no lock is taken, nothing is written, no model is asked.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import PurePosixPath
from typing import NamedTuple

from pdd_tasks.adapters.git_history import GitHistory
from pdd_tasks.core.model.ending import Status
from pdd_tasks.core.model.operation_log import LogEntry
from pdd_tasks.core.model.step import PAID, Step
from pdd_tasks.core.model.unit import DevUnit
from pdd_tasks.core.plan.cause import (
    Cause,
    Kind,
    StepState,
    gathered,
    step_state,
    unit_state,
)
from pdd_tasks.core.plan.offer import way
from pdd_tasks.core.plan.plan import Plan
from pdd_tasks.core.plan.row import row
from pdd_tasks.core.plan.rule import Decision
from pdd_tasks.engine.cause_sources import included_on_record
from pdd_tasks.engine.causes import causes
from pdd_tasks.engine.observe import planned
from pdd_tasks.engine.view import View
from pdd_tasks.errors import PddError
from pdd_tasks.plugin.changed_setting import ChangedSettings
from pdd_tasks.plugin.explained import Explanation, Remark, StepView
from pdd_tasks.plugin.logbook import logbook
from pdd_tasks.plugin.project import Project
from pdd_tasks.plugin.question import Question, question
from pdd_tasks.plugin.route import routes


_BAD = frozenset({Status.FAILED, Status.BUDGET})
_SPREADING = frozenset({Step.AUTO_DEPS, Step.UPDATE, Step.GENERATE, Step.EXAMPLE})
_OF_FILES = frozenset(Kind) - {
    Kind.FORGOTTEN,
    Kind.GAVE_UP,
    Kind.UNFINISHED,
    Kind.CIRCLE,
    Kind.REFUSED,
    Kind.RENAMED,
}


class _Look(NamedTuple):
    """A look at one unit."""

    plan: Plan
    view: View
    causes: tuple[Cause, ...]


@dataclass
class Explainer:
    """Explains units of one project; looks at each once."""

    project: Project
    _looks: dict[str, _Look | PddError] = field(default_factory=dict)
    _histories: dict[PurePosixPath, GitHistory] = field(default_factory=dict)

    def explain(self, unit: DevUnit, step: Step | None = None) -> Explanation:
        """Return why a unit, or one step of it, stands as it does."""
        try:
            self.project.edges.check(unit)
            look = self._look(unit)
        except PddError as error:
            return self._refused(unit, step, error)
        plan = look.plan if step is None else look.plan.up_to(step)
        upstream = self._upstream(unit)
        mine = [c for c in look.causes if step is None or _concerns(c, plan, step)]
        above = [c for name in upstream for c in self._causes_of(name) if _spreads(c)]
        found = _each_once([*mine, *above])
        remarks = tuple(self._remarks(unit, look))
        steps = self._steps(unit, look, plan, {r.kind for r in remarks})
        state = next(
            (one.state for one in steps if one.decision.step == step),
            unit_state(one.state for one in steps),
        )
        if state is StepState.CURRENT and above:
            state = StepState.POSSIBLE
        if any(one.kind == "held" for one in remarks) and look.plan.due:
            state = StepState.BLOCKED
        return Explanation(
            unit=unit,
            step=step,
            state=state,
            causes=found,
            routes=routes(self.project, unit, step, found, look.view),
            remarks=remarks,
            steps=steps,
            total=question(self.project, unit, plan),
        )

    def _look(self, unit: DevUnit) -> _Look:
        """Return a look at a unit.

        Raises:
            PddError: If it cannot be looked at.
        """
        name = str(unit.id)
        if name not in self._looks:
            try:
                self._looks[name] = self._looked(unit)
            except PddError as error:
                self._looks[name] = error
        found = self._looks[name]
        if isinstance(found, PddError):
            raise found
        return found

    def _looked(self, unit: DevUnit) -> _Look:
        world = self.project.world(unit)
        plan, view = planned(world, unit)
        named = ChangedSettings(self.project, unit, self._history(unit))
        found = gathered(named.named(one) for one in causes(world, view, plan))
        return _Look(plan, view, tuple(self._with_commit(unit, c) for c in found))

    def _history(self, unit: DevUnit) -> GitHistory:
        top = self.project.top / unit.root
        return self._histories.setdefault(unit.root, GitHistory(top))

    def _with_commit(self, unit: DevUnit, cause: Cause) -> Cause:
        if cause.kind not in _OF_FILES:
            return cause
        path = PurePosixPath(cause.subject.partition("#")[0])
        found = self._history(unit).origin(path, cause.before)
        return replace(cause, commit=found.commit, uncommitted=found.uncommitted)

    def _upstream(self, unit: DevUnit) -> list[str]:
        """Return the units that a unit needs, also by way of others; nearest first."""
        needs = self.project.edges.needs
        found = list(needs.get(str(unit.id), ()))
        for name in found:
            found += [n for n in needs.get(name, ()) if n not in found]
        return [name for name in found if name != str(unit.id)]

    def _causes_of(self, name: str) -> tuple[Cause, ...]:
        """Return the root causes of another unit; what it is refused for, too."""
        unit = self.project.unit(name)
        if unit is None:
            return ()
        try:
            self.project.edges.check(unit)
            return self._look(unit).causes
        except PddError as error:
            return self._refusals(unit, error)

    def _refused(
        self, unit: DevUnit, step: Step | None, error: PddError
    ) -> Explanation:
        return Explanation(
            unit=unit,
            step=step,
            state=StepState.BLOCKED,
            causes=self._refusals(unit, error),
            error=error,
        )

    def _refusals(self, unit: DevUnit, error: PddError) -> tuple[Cause, ...]:
        name, needs = str(unit.id), self.project.edges.needs
        ways = (way(one, name, needs) for one in needs.get(name, ()))
        around = next((one for one in ways if one), ())
        if around and name in self.project.edges.refused:
            subject = " -> ".join((name, *around))
            prompts = [
                str(one.prompt)
                for one in map(self.project.unit, around)
                if one is not None
            ]
            note = f"by the includes of {', '.join(prompts)}"
            return (Cause(kind=Kind.CIRCLE, unit=name, subject=subject, note=note),)
        gone = tuple(self._deleted(unit, error))
        return gone or (Cause(kind=Kind.REFUSED, unit=name, subject=error.message),)

    def _deleted(self, unit: DevUnit, error: PddError) -> Iterator[Cause]:
        """Yield what the prompt included on record and is missed now."""
        world = self.project.world(unit)
        try:
            trace = world.traces.fingerprint(unit.id)
            known = included_on_record(trace, unit)
            named = [path for path in known if str(path) in error.message]
            gone = [path for path in named if world.files.read(path) is None]
        except PddError:
            return
        for path in gone:
            found = Cause(
                kind=Kind.DOCUMENT_DELETED, unit=str(unit.id), subject=str(path)
            )
            yield self._with_commit(unit, replace(found, before=known[path]))

    def _steps(
        self, unit: DevUnit, look: _Look, plan: Plan, kinds: set[str]
    ) -> tuple[StepView, ...]:
        last = self._last(unit) if look.plan.due else None
        failed = frozenset({last.step}) if last and "failed" in kinds else frozenset()
        asked = {
            d.step: question(self.project, unit, Plan(decisions=(d,)))
            for d in plan.due
            if d.operation in PAID
        }
        recorded = frozenset(s for s, q in asked.items() if q and q.recorded)
        return tuple(
            self._step(look, decision, asked, recorded, failed)
            for decision in plan.decisions
        )

    def _step(
        self,
        look: _Look,
        decision: Decision,
        asked: dict[Step, Question | None],
        recorded: frozenset[Step],
        failed: frozenset[Step],
    ) -> StepView:
        record = look.view.trace.steps.get(decision.step)
        return StepView(
            decision=decision,
            state=step_state(look.plan, decision, failed=failed, recorded=recorded),
            row=row(look.view.facts, decision.step),
            asks=asked.get(decision.step),
            made=record.at if record else "",
            model=record.model if record else "",
        )

    def _remarks(self, unit: DevUnit, look: _Look) -> Iterator[Remark]:
        world = self.project.world(unit)
        holder = world.locks.holder(unit.id)
        if self.project.cut_off(unit):
            text = "an earlier run was cut off: the next one recovers first"
            yield Remark("cut-off", text)
        if holder is not None:
            yield Remark("held", f"another run holds it now: {holder}")
        if look.view.facts.conflicted:
            because = look.view.facts.why.get("conflict", "")
            yield Remark("conflict", f"a merge waits for you: {because}")
        last = self._last(unit) if look.plan.due else None
        if last is not None and last.status is Status.INTERRUPTED:
            text = f"the last run was interrupted in {last.step} ({last.operation})"
            yield Remark("interrupted", f"{text}, {last.at}")
        if last is not None and last.status in _BAD:
            text = f"the last try of {last.step} ended: {last.status}, {last.at}"
            error = last.error.partition("\n")[0]
            yield Remark("failed", f"{text}: {error}" if error else text)
        circle = self.project.circles.said(unit) if look.plan.due else ""
        if circle:
            yield Remark("circle", circle)
        if look.view.trace.pdd_version not in {"", world.version}:
            yield Remark(
                "program",
                f"recorded by pdd-tasks {look.view.trace.pdd_version}, this is"
                f" {world.version}: that makes nothing due",
            )

    def _last(self, unit: DevUnit) -> LogEntry | None:
        return self._log.get(str(unit.id))

    @cached_property
    def _log(self) -> dict[str, LogEntry]:
        return {one.unit: one for one in logbook(self.project).entries}


def _concerns(cause: Cause, plan: Plan, step: Step) -> bool:
    """Return whether a cause makes a step due, or one that comes first."""
    wanted = {d.step for d in plan.due}
    return bool(wanted & set(cause.steps)) and (
        step in cause.steps or step not in wanted
    )


def _each_once(found: Sequence[Cause]) -> tuple[Cause, ...]:
    """Return causes less those that another unit has by the same file."""
    first: dict[str, str] = {}
    return tuple(
        one for one in found if first.setdefault(one.subject, one.unit) == one.unit
    )


def _spreads(cause: Cause) -> bool:
    """Return whether what a cause makes due may change the unit's example."""
    return not cause.steps or bool(_SPREADING & set(cause.steps))
