"""Turns what was observed of a unit into facts, each with its detail for people."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from pdd_tasks.core.model.artifact import Artifact, Digest
from pdd_tasks.core.model.failure import Failure, summary
from pdd_tasks.core.model.operation_graph import before
from pdd_tasks.core.model.profile import OnFailure
from pdd_tasks.core.model.run_inputs import example_inputs, test_inputs
from pdd_tasks.core.model.settings import AutoDeps, OnBreaking, Strictness
from pdd_tasks.core.model.step import Step
from pdd_tasks.core.model.trace import (
    Conflict,
    Fingerprint,
    RunReport,
    StepRecord,
    TestRun,
)
from pdd_tasks.core.model.unit import DevUnit, Snapshot
from pdd_tasks.core.plan.change import (
    EDITS,
    HAND_WRITTEN,
    Aspect,
    Same,
    State,
    file_state,
    heaviest,
)
from pdd_tasks.core.plan.facts import Facts, Ran, tests_ran
from pdd_tasks.core.plan.interface_change import Compatibility
from pdd_tasks.core.plan.rules import blocked
from pdd_tasks.engine.upstream import Upstream


_NO_RECORD = StepRecord()
_MAKER = {
    Artifact.CODE: Step.GENERATE,
    Artifact.EXAMPLE: Step.EXAMPLE,
    Artifact.TESTS: Step.TEST,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """What was observed of a unit, and the questions the facts answer.

    Attributes:
        upstream: The examples of other units that its prompt includes.
        symbols: How many definitions differ between a file and its bytes of a digest.
        held: True if the bytes of that digest, once in that file, are to be had.
    """

    unit: DevUnit
    snapshot: Snapshot
    trace: Fingerprint
    report: RunReport
    upstream: Upstream
    triggers: Mapping[Step, Mapping[str, str]]
    same: Same
    symbols: Callable[[PurePosixPath, Digest], int]
    held: Callable[[PurePosixPath, Digest], bool]
    problem: Callable[[PurePosixPath], str | None]

    def facts(self, *, deps_due: bool, deps_redundant: bool = False) -> Facts:
        """Return the facts.

        Args:
            deps_due: True if the prompt's auto-deps block is not what it should be.
            deps_redundant: True if the prompt repeats its includes and shall not.
        """
        code, run = self._state(Artifact.CODE), self._test_run()
        found = replace(
            self._wishes(),
            deps_due=deps_due,
            deps_redundant=deps_redundant,
            deps_recorded=not self._differing(Step.AUTO_DEPS),
            prompt_changed=bool(self._differing(Step.GENERATE)),
            code=code,
            example=self._state(Artifact.EXAMPLE),
            tests=self._tests_state(run),
            interface_changed=not self._same_code(Step.EXAMPLE, Aspect.INTERFACE),
            behaviour_changed=code is State.RECORDED and self._behaves_anew(),
            example_run=self._example_ran(),
            test_run=tests_ran(run),
            tests_parse=not self._unparsable(run),
            coverage_low=self._coverage_low(run),
            verified=not self._differing(Step.VERIFY),
            merge_base=self._regenerates(code) and self._has_base(),
            conflicted=self._regenerates(code) and self._conflict() is not None,
            gave_up=self._gave_up(),
            forgotten=self.trace.stale,
            breaking=self._refuses_breaking(),
            why=self._why(run, code),
        )
        skipping = self.unit.settings.profile.ending(OnFailure.SKIP)
        return replace(found, blocked=blocked(found, skipping)) if skipping else found

    def _wishes(self) -> Facts:
        """Return the facts that do not depend on the files: what people want."""
        settings, language = self.unit.settings, self.unit.language
        profile, resumed = settings.profile, settings.resume_from
        skipping = profile.ending(OnFailure.SKIP)
        return Facts(
            deps_choice=settings.auto_deps is AutoDeps.MODEL,
            coverage_required=settings.coverage is Strictness.REQUIRED,
            left_out=profile.left_out,
            passed_over=frozenset(before(resumed) if resumed else ()),
            tolerated=profile.ending(OnFailure.WARN) | skipping,
            accept_updates=settings.accept_updates,
            fix=settings.fix,
            force=settings.force,
            can_run=bool(language.run),
            can_test=bool(language.test),
        )

    def _record(self, step: Step) -> StepRecord:
        return self.trace.steps.get(step, _NO_RECORD)

    def _differing(self, step: Step) -> tuple[str, ...]:
        """Return the triggers of a step that changed, by their compared part."""
        if step not in self.trace.steps:
            return tuple(sorted(self.triggers[step])) or ("record",)
        known = self._record(step).triggers
        return self.upstream.changed(known, self.triggers[step])

    def _state(self, artifact: Artifact) -> State:
        record = self._record(_MAKER[artifact])
        paths = self.unit.paths(artifact)
        if artifact is Artifact.TESTS:
            paths = tuple(p for p in paths if p in self.snapshot.digests) or paths
        return heaviest(
            tuple(
                file_state(
                    path,
                    self.snapshot.digests.get(path),
                    record.outputs.get(str(path)),
                    self.trace.adopted.get(str(path)),
                    self.same,
                )
                for path in paths
            )
        )

    def _tests_state(self, run: TestRun | None) -> State:
        state = self._state(Artifact.TESTS)
        if run is None or run.results or run.failures or run.timed_out:
            return state
        return State.ABSENT

    def _same_code(self, step: Step, aspect: Aspect) -> bool:
        recorded = self._record(step).triggers
        is_interface = aspect is Aspect.INTERFACE
        for path in self.unit.headers if is_interface else self.unit.code:
            try:
                old = Digest.parse(recorded.get(str(path), ""))
            except ValueError:
                return False
            if not self.same(path, old, aspect):
                return False
        return True

    def _behaves_anew(self) -> bool:
        recorded = Step.TEST in self.trace.steps
        return recorded and not self._same_code(Step.TEST, Aspect.BEHAVIOUR)

    def _example_ran(self) -> Ran:
        run = self.report.example
        present = example_inputs(self.unit, self.snapshot.digests)
        if run is None or run.inputs != present:
            return Ran.NOT
        return Ran.GOOD if run.good else Ran.FAILED

    def _test_run(self) -> TestRun | None:
        run = self.report.tests
        present = test_inputs(self.unit, self.snapshot.digests)
        return run if run is not None and run.inputs == present else None

    def _unparsable(self, run: TestRun | None) -> str:
        """Return which test file does not parse, asked where no test could run."""
        if tests_ran(run) is not Ran.BROKEN:
            return ""
        for path in self.unit.tests:
            problem = self.problem(path) if path in self.snapshot.digests else None
            if problem:
                return f"{path}: {problem}"
        return ""

    def _coverage_low(self, run: TestRun | None) -> bool:
        if run is None or run.coverage is None:
            return False  # unknown is not zero
        return round(run.coverage, 2) < self.unit.settings.target_coverage

    def _regenerates(self, code: State) -> bool:
        """Return whether code that a person wrote is to be generated anew."""
        forgotten = Step.GENERATE in self.trace.stale
        due = forgotten or bool(self._differing(Step.GENERATE))
        return due and code in HAND_WRITTEN

    def _has_base(self) -> bool:
        outputs = self._record(Step.GENERATE).outputs
        return all(
            str(path) in outputs and self.held(path, outputs[str(path)])
            for path in self.unit.code
        )

    def _conflict(self) -> Conflict | None:
        """Return a merge of what stands now that waits for a person."""
        for path in self.unit.code:
            found = self.trace.conflicts.get(str(path))
            if found is not None and self._stands(path, found):
                return found
        return None

    def _stands(self, path: PurePosixPath, found: Conflict) -> bool:
        present = self.snapshot.digests.get(path)
        return (
            present is not None
            and present.text == found.mine.text
            and not self.upstream.changed(found.triggers, self.triggers[Step.GENERATE])
            and self.held(path, found.generated)
        )

    def _gave_up(self) -> frozenset[Step]:
        return frozenset(
            step
            for step, state in self.trace.gave_up.items()
            if step not in self.trace.stale
            and not self.upstream.changed(state.triggers, self.triggers[step])
        )

    def _why(self, run: TestRun | None, code: State) -> dict[str, str]:
        prompt = ", ".join(map(self._named, self._differing(Step.GENERATE)))
        why = {
            "prompt": prompt,
            "both": "; ".join(filter(None, (prompt, self._edited(code)))),
            "failures": self._failures(run),
            "tests": self._unparsable(run),
            "breaking": ", ".join(map(self._named, self._breaking())),
            "profile": self.unit.settings.profile.name,
            "resumed": str(self.unit.settings.resume_from or ""),
        }
        if Step.GENERATE in self.trace.steps:
            why["code"] = "it was deleted"
        if run is not None and run.coverage is not None:
            target = self.unit.settings.target_coverage
            why["coverage"] = f"{run.coverage:.1f} % of {target:g} %"
        if (waiting := self._conflict()) is not None:
            why["conflict"] = waiting.because
        for step, state in self.trace.gave_up.items():
            why[str(step)] = f"{state.because} ({state.attempts} attempts)"
        return why

    def _edited(self, code: State) -> str:
        """Return how many definitions a person added, removed or changed.

        All that stand count if the old bytes are nowhere to be had.
        """
        if code not in EDITS:
            return ""
        made, adopted = self._record(Step.GENERATE).outputs, self.trace.adopted
        known = {**adopted, **made}  # what was generated is what a merge starts from
        found = [path for path in self.unit.code if str(path) in known]
        count = sum(self.symbols(path, known[str(path)]) for path in found)
        return f"definitions edited: {count}" if count else ""

    def _refuses_breaking(self) -> bool:
        settings = self.unit.settings
        stops = settings.on_breaking is OnBreaking.STOP and not settings.accept_breaking
        return stops and bool(self._breaking())

    def _breaking(self) -> tuple[str, ...]:
        """Return the included examples that changed in a breaking way."""
        known = self._record(Step.GENERATE).triggers
        changes = {
            name: self.upstream.change(name, known.get(name))
            for name in self._differing(Step.GENERATE)
        }
        return tuple(
            name
            for name, change in changes.items()
            if change is not None and change.kind is Compatibility.BREAKING
        )

    def _named(self, name: str) -> str:
        """Return a trigger of the prompt as messages name it."""
        if name == str(self.unit.prompt):
            return name
        known = self._record(Step.GENERATE).triggers
        change = self.upstream.change(name, known.get(name))
        return f"{name} (included{f'; {change}' if change else ''})"

    def _failures(self, run: TestRun | None) -> str:
        found: list[Failure] = []
        if self._example_ran() is Ran.FAILED and self.report.example:
            failure = self.report.example.failure
            found += [failure] if failure else []
        found += run.failures if run else ()
        return summary(tuple(found))
