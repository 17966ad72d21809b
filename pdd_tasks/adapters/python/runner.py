"""Runs Python examples and pytest in a scratch copy of the project.

Rule 1: every run has a fresh copy, so no run sees what another left behind. Rule 2:
results come from report files and the exit code, never from what was printed.
Rule 3: pytest reads the project's own configuration or none, never a parent's.
"""

import contextlib
import re
import signal
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import Final

from pdd_tasks.adapters.placeholders import arguments
from pdd_tasks.adapters.processes import Finished
from pdd_tasks.adapters.python import failures, reports
from pdd_tasks.adapters.python.output import clean_output
from pdd_tasks.adapters.python.place import Place
from pdd_tasks.adapters.scratch import overlay as lay_over
from pdd_tasks.adapters.scratch import scratch
from pdd_tasks.core.model.artifact import UnitId
from pdd_tasks.core.model.failure import Failure, FailureKind
from pdd_tasks.core.model.run_inputs import example_inputs, test_inputs
from pdd_tasks.core.model.trace import ExampleRun, TestRun
from pdd_tasks.core.model.unit import DevUnit
from pdd_tasks.errors import RunError


_NO_TESTS: Final = 5  # pytest's exit code when it finds none
_LACKING: Final = (
    (re.compile(r"No module named '?pytest'?$", re.MULTILINE), "pytest"),
    (re.compile(r"error: unrecognized arguments: .*--cov"), "pytest-cov"),
)


def _unheard(unit: UnitId) -> None:
    del unit


class PytestRunner:
    """Makes benches for units whose tests pytest runs."""

    def __init__(self, root: Path, beat: Callable[[UnitId], None] = _unheard) -> None:
        """Name the project.

        Args:
            root: The absolute state root that all units are relative to.
            beat: Told before and after each run that a unit makes progress.
        """
        self._root = root
        self._beat = beat

    def check(self, unit: DevUnit) -> None:
        """Look for nothing: what an interpreter lacks is told when it is run."""
        del unit

    @contextlib.contextmanager
    def bench(self, unit: DevUnit) -> Iterator["PytestBench"]:
        """Give a bench for a unit.

        Yields:
            The bench.
        """
        yield PytestBench(self._root, unit, lambda: self._beat(unit.id))


class PytestBench:
    """Runs one unit's example and tests, each time in a copy of its own."""

    def __init__(self, root: Path, unit: DevUnit, beat: Callable[[], None]) -> None:
        self._root = root
        self._unit = unit
        self._beat = beat

    def example(self, overlay: Mapping[PurePosixPath, bytes]) -> ExampleRun:
        """Run the example with some files replaced.

        Args:
            overlay: Root-relative path → bytes that stand there during the run.

        Returns:
            What happened, true for the bytes that stood there.

        Raises:
            RunError: If there is no example, no way to run one, or the interpreter
                cannot be started.
        """
        unit = self._unit
        with self._place(overlay) as place:
            if not unit.language.run:
                msg = f"languages.yaml does not say how {unit.language.name} runs"
                raise RunError(msg, hint=f"add run: to {unit.language.name} there")
            if not (place.project / unit.example).is_file():
                msg = f"unit {unit.id}: {unit.example} does not exist"
                raise RunError(msg, hint=f"doit sync:{unit.id}:example")
            command = arguments(unit.language.run, place.values())
            ended = place.run(command, unit.settings.run_timeout_s, seed=0)
            return ExampleRun(
                inputs=example_inputs(unit, place.digests()),
                exit_code=ended.exit_code,
                timed_out=ended.timed_out,
                failure=_example_failure(ended, place.told()),
                output=clean_output(ended.output, place.roots),
            )

    def tests(
        self, overlay: Mapping[PurePosixPath, bytes], *, measure: bool, seed: int = 0
    ) -> TestRun:
        """Run the unit's tests with some files replaced.

        Args:
            overlay: Root-relative path → bytes that stand there during the run.
            measure: True to measure branch coverage of the unit's code.
            seed: Seed for the order of hashes.

        Returns:
            What happened, true for the bytes that stood there; without any test
            file nothing runs and the exit code is pytest's for no tests.
        """
        unit = self._unit
        with self._place(overlay) as place:
            inputs = test_inputs(unit, place.digests())
            if not place.tests():
                return TestRun(inputs=inputs, exit_code=_NO_TESTS, results={})
            command = [*place.pytest_command(), *place.measured(measure=measure)]
            ended = place.run(command, unit.settings.test_timeout_s, seed=seed)
            return _test_run(ended, place, inputs)

    @contextlib.contextmanager
    def _place(self, overlay: Mapping[PurePosixPath, bytes]) -> Iterator[Place]:
        self._beat()
        with scratch(self._root) as project:
            lay_over(project, overlay)
            place = Place(self._unit, project)
            for folder in (place.reports, place.temporary):
                folder.mkdir()
            yield place
        self._beat()


def _example_failure(ended: Finished, project: failures.Project) -> Failure | None:
    text = ended.output.decode("utf-8", errors="replace")
    if ended.timed_out:
        return failures.time_out(text, (), project)
    if ended.exit_code == 0:
        return None
    if ended.exit_code < 0:
        return _ended_by_signal(ended, project)
    found = failures.crashed(text, project)
    return found if found.message or found.exception else _said(found, ended)


def _test_run(ended: Finished, place: Place, inputs: Mapping[str, str]) -> TestRun:
    report = place.reports / "junit.xml"
    made = TestRun(
        inputs=inputs,
        exit_code=ended.exit_code,
        results={},
        timed_out=ended.timed_out,
        output=clean_output(ended.output, place.roots),
    )
    if ended.timed_out or not report.is_file():
        return replace(made, failures=(_unreported(ended, place),))
    found = reports.outcomes(report, place.tests())
    measured = place.reports / "coverage.json"
    percent, missing = reports.coverage(measured, place.unit.code, place.project)
    return replace(
        made,
        results=reports.results(found),
        failures=tuple(_failures(found, place.told())),
        coverage=percent,
        missing=missing,
    )


def _failures(
    found: tuple[reports.Outcome, ...], project: failures.Project
) -> Iterator[Failure]:
    seen: set[str] = set()
    for each in found:
        if each.outcome == "failed" and each.test not in seen:
            seen.add(each.test)
            failure = failures.failed(each.text, each.test, project)
            yield failure if each.collected else _at_collection(failure)


def _at_collection(failure: Failure) -> Failure:
    if failure.kind is FailureKind.IMPORT:
        return failure
    return replace(failure, kind=FailureKind.COLLECTION)


def _unreported(ended: Finished, place: Place) -> Failure:
    """Return why a run of pytest left no report.

    Raises:
        RunError: If the interpreter lacks what the run needs.
    """
    text = ended.output.decode("utf-8", errors="replace")
    project = place.told()
    if ended.timed_out:
        names = [str(path) for path in place.tests()]
        return failures.time_out(text, names, project)
    for pattern, package in _LACKING:
        if pattern.search(text):
            interpreter = place.values()["interpreter"]
            msg = f"the interpreter {interpreter} has no {package}"
            hint = f"{interpreter} -m pip install pytest pytest-cov"
            raise RunError(msg, hint=hint)
    if ended.exit_code < 0:
        return _ended_by_signal(ended, project)
    return _at_collection(_said(failures.failed(text, "", project), ended))


def _ended_by_signal(ended: Finished, project: failures.Project) -> Failure:
    text = ended.output.decode("utf-8", errors="replace")
    name = signal.Signals(-ended.exit_code).name
    stack = failures.time_out(text, (), project)
    message = f"ended by {name}"
    return replace(stack, kind=FailureKind.OTHER, exception="", message=message)


def _said(failure: Failure, ended: Finished) -> Failure:
    if failure.message or failure.exception:
        return failure
    return replace(failure, message=f"ended with exit code {ended.exit_code}")
