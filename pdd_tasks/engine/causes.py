"""Finds the root causes of what is due in a unit; writes nothing.

A name that a step compares is a root only if no step of the unit made it differ: what
generation made anew is no edit, and a step that has not followed yet is unfinished.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from pdd_tasks.core.model.artifact import Artifact
from pdd_tasks.core.model.failure import summary
from pdd_tasks.core.model.run_inputs import SETTINGS, example_inputs, test_inputs
from pdd_tasks.core.model.step import Operation, Step
from pdd_tasks.core.model.trace import StepRecord
from pdd_tasks.core.model.units import Units
from pdd_tasks.core.plan.cause import Cause, Kind, gathered
from pdd_tasks.core.plan.change import State
from pdd_tasks.core.plan.facts import Ran
from pdd_tasks.core.plan.plan import Plan
from pdd_tasks.core.plan.rule import Decision
from pdd_tasks.core.prompt.block import split
from pdd_tasks.engine.cause_sources import Sources
from pdd_tasks.engine.view import View
from pdd_tasks.engine.world import World


def causes(world: World, view: View, found: Plan) -> tuple[Cause, ...]:
    """Return the root causes of what is due, each with the steps it makes due.

    Args:
        world: The ports.
        view: The unit.
        found: Its plan.
    """
    due = tuple(decision.step for decision in found.due)
    if view.fresh and due:
        return (replace(_unrecorded(world, view), steps=due),)
    search = _Search(world, view)
    return gathered(one for d in found.due for one in search.of(d))


def _unrecorded(world: World, view: View) -> Cause:
    """Return the cause of all that is due in a unit whose code was never generated."""
    unit, prompt = str(view.unit.id), view.unit.prompt
    if view.facts.code is State.UNRECORDED:
        path = world.traces.fingerprint_write(view.unit.id, view.trace).path
        return Cause(kind=Kind.FINGERPRINT_MISSING, unit=unit, subject=str(path))
    found = Cause(kind=Kind.NEVER_BUILT, unit=unit, subject=str(prompt))
    return replace(found, now=view.snapshot.digests[prompt].raw)


class _Search:
    """The search for the root causes of one unit."""

    def __init__(self, world: World, view: View) -> None:
        self._world, self._view, self._unit = world, view, view.unit
        self._sources = Sources(world, view)
        self._of: dict[Step, Callable[[Decision], Iterator[Cause]]] = {
            Step.AUTO_DEPS: lambda _: self._of_needs(),
            Step.UPDATE: lambda _: self._sources.files(Artifact.CODE),
            Step.GENERATE: lambda _: self._of_code(),
            Step.EXAMPLE: lambda _: self._of_example(),
            Step.CRASH: self._of_example_run,
            Step.VERIFY: lambda _: self._of_verdict(),
            Step.TEST: self._of_tests,
            Step.FIX: lambda _: self._of_failures(),
        }

    def of(self, decision: Decision) -> Iterator[Cause]:
        """Yield the root causes of a decision that is due."""
        step = decision.step
        if decision.operation is Operation.GAVE_UP:
            found = [self._given_up(step)]
        else:
            found = list(self._of[step](decision))
        if step in self._view.trace.stale:
            found.append(self._cause(Kind.FORGOTTEN, str(self._unit.id)))
        for one in found or [self._unfinished()]:
            yield replace(one, steps=(step,))

    def _given_up(self, step: Step) -> Cause:
        state = self._view.trace.gave_up[step]
        said = f"{state.because} ({state.attempts} attempts)"
        return self._cause(Kind.GAVE_UP, str(step), note=said)

    def _of_needs(self) -> Iterator[Cause]:
        """Yield why the block of the prompt is looked at."""
        names, prompt = self._differing(Step.AUTO_DEPS), str(self._unit.prompt)
        if self._view.former is not None:
            yield from self._renamed()
            return
        if prompt in names and Step.AUTO_DEPS in self._view.trace.steps:
            yield self._sources.prompt()
        elif self._view.facts.deps_due and "auto-deps" not in names:
            yield from self._block()
        for name in names:
            if name == "offered" and "auto-deps" not in names:
                note = "other units or documents are offered than before"
                yield self._cause(Kind.UNIT_ADDED, name, note=note)
            elif name not in {prompt, "offered"}:
                yield self._setting(Step.AUTO_DEPS, name)
        if self._view.facts.deps_redundant and not names:
            yield self._cause(Kind.SETTING, "remove_redundant")

    def _renamed(self) -> Iterator[Cause]:
        if self._view.former is not None:
            subject = f"{self._view.former.id} -> {self._unit.id}"
            yield self._cause(Kind.RENAMED, subject)

    def _block(self) -> Iterator[Cause]:
        """Yield why the block is not what the rules give though the text is."""
        stands = set(split(self._unit.prompt, self._view.prompt).includes)
        wanted = set(split(self._unit.prompt, self._view.block).includes)
        known = self._record(Step.GENERATE).triggers
        units = Units.of(self._world.units, self._unit.root)
        for path in sorted(wanted ^ stands):
            owner = next(iter(units.by_file.get(path, ())), None)
            if (path in wanted) is (str(path) in known):
                yield self._sources.block()
            elif path in wanted and owner is not None:
                note = f"its example is {path}"
                yield self._cause(Kind.UNIT_ADDED, str(owner.prompt), note=note)
            else:
                yield self._cause(Kind.UNIT_GONE, str(path))

    def _of_code(self) -> Iterator[Cause]:
        if Step.GENERATE not in self._view.trace.steps:
            yield _unrecorded(self._world, self._view)
            return
        yield from self._sources.files(Artifact.CODE)
        yield from self._sources.inputs(self._differing(Step.GENERATE))

    def _of_example(self) -> Iterator[Cause]:
        yield from self._sources.files(Artifact.EXAMPLE)
        if self._view.facts.interface_changed:
            yield from self._sources.files(Artifact.CODE)

    def _of_verdict(self) -> Iterator[Cause]:
        if Step.VERIFY not in self._view.trace.steps:
            return
        names, roots = self._differing(Step.VERIFY), self._differing(Step.GENERATE)
        yield from self._sources.inputs(tuple(n for n in names if n in roots))
        yield from self._sources.own(names)
        if str(Step.VERIFY) in names:
            yield self._setting(Step.VERIFY, str(Step.VERIFY))

    def _of_example_run(self, decision: Decision) -> Iterator[Cause]:
        run = self._view.report.example
        if decision.operation is not Operation.RUN_EXAMPLE:
            yield from self._of_failures()
        elif run is None:
            yield from self._no_report(Step.CRASH)
        else:
            now = example_inputs(self._unit, self._view.snapshot.digests)
            yield from self._of_run("example", run.inputs, now)

    def _of_tests(self, decision: Decision) -> Iterator[Cause]:
        run = self._view.report.tests
        if decision.operation is not Operation.RUN_TESTS:
            yield from self._sources.files(Artifact.TESTS)
            if self._view.facts.coverage_low:
                yield self._coverage()
        elif run is None:
            yield from self._no_report(Step.TEST)
        else:
            now = test_inputs(self._unit, self._view.snapshot.digests)
            yield from self._of_run("test", run.inputs, now)

    def _coverage(self) -> Cause:
        name = "target coverage"
        if name in self._differing(Step.TEST):
            return self._setting(Step.TEST, name)
        said = self._view.facts.why.get("coverage", "")
        return self._cause(Kind.COVERAGE_LOW, str(self._unit.test), note=said)

    def _of_failures(self) -> Iterator[Cause]:
        """Yield whose edit fails, or what fails if nobody edited anything."""
        artifacts = (Artifact.CODE, Artifact.EXAMPLE, Artifact.TESTS)
        edits = [one for a in artifacts for one in self._sources.files(a)]
        yield from edits
        report, facts = self._view.report, self._view.facts
        if edits:
            return
        if facts.example_run is Ran.FAILED and report.example is not None:
            failure = report.example.failure
            note = summary((failure,)) if failure else ""
            yield self._cause(Kind.EXAMPLE_FAILS, str(self._unit.example), note=note)
        elif report.tests is not None:
            note = summary(report.tests.failures)
            yield self._cause(Kind.TESTS_FAIL, str(self._unit.test), note=note)

    def _no_report(self, step: Step) -> Iterator[Cause]:
        whole = self._view.report
        if self._view.former is not None:
            yield from self._renamed()
        elif step in self._view.trace.steps and not (whole.example or whole.tests):
            path = self._world.traces.report_write(self._unit.id, whole).path
            yield self._cause(Kind.REPORT_MISSING, str(path))

    def _of_run(
        self, what: str, before: Mapping[str, str], now: Mapping[str, str]
    ) -> Iterator[Cause]:
        """Yield why a run is not true for what stands."""
        names = {n for n in before.keys() | now.keys() if before.get(n) != now.get(n)}
        yield from self._sources.own(names)
        if SETTINGS in names:
            found = self._cause(Kind.SETTING, f"{what} {SETTINGS}")
            old, new = before.get(SETTINGS, ""), now.get(SETTINGS, "")
            yield replace(found, before=old, now=new)

    def _setting(self, step: Step, name: str) -> Cause:
        before = self._record(step).triggers.get(name, "")
        now = self._view.triggers[step].get(name, "")
        return replace(self._cause(Kind.SETTING, name), before=before, now=now)

    def _unfinished(self) -> Cause:
        made = self._record(Step.GENERATE).at
        note = f"the code was generated {made}" if made else ""
        return self._cause(Kind.UNFINISHED, str(self._unit.id), note=note)

    def _record(self, step: Step) -> StepRecord:
        return self._view.trace.steps.get(step, StepRecord())

    def _differing(self, step: Step) -> tuple[str, ...]:
        known, now = self._record(step).triggers, self._view.triggers[step]
        return self._view.upstream.changed(known, now)

    def _cause(self, kind: Kind, subject: str, note: str = "") -> Cause:
        return Cause(kind=kind, unit=str(self._unit.id), subject=subject, note=note)
