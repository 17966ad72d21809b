"""Runs a unit by the commands of its language, each time in a copy of its own.

Rule 1: every run has a fresh copy, so no run sees what another left behind. Rule 2:
results come from reports and exit codes. Rule 3: coverage that nobody measured is
unknown, never zero.
"""

import contextlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Final

from pdd_tasks.adapters.processes import Finished
from pdd_tasks.adapters.scratch import overlay as lay_over
from pdd_tasks.adapters.scratch import scratch
from pdd_tasks.adapters.toolchain import failure
from pdd_tasks.adapters.toolchain.coverage import coverage
from pdd_tasks.adapters.toolchain.place import Place
from pdd_tasks.adapters.toolchain.reports import COVERAGE, RESULTS
from pdd_tasks.adapters.toolchain.result import Case, ResultReader
from pdd_tasks.adapters.toolchain.tool import check_tools
from pdd_tasks.core.model.artifact import UnitId
from pdd_tasks.core.model.failure import Failure
from pdd_tasks.core.model.run_inputs import example_inputs, test_inputs
from pdd_tasks.core.model.trace import ExampleRun, TestRun
from pdd_tasks.core.model.unit import DevUnit
from pdd_tasks.errors import ConfigError, RunError


_RANK: Final = {"passed": 0, "skipped": 1, "failed": 2}


def _unheard(unit: UnitId) -> None:
    del unit


class ToolchainRunner:
    """Makes benches for units that commands of ``languages.yaml`` run."""

    def __init__(self, root: Path, beat: Callable[[UnitId], None] = _unheard) -> None:
        """Name the project.

        Args:
            root: The absolute state root that all units are relative to.
            beat: Told before and after each run that a unit makes progress.
        """
        self._root, self._beat = root, beat

    def check(self, unit: DevUnit) -> None:
        """Look whether the tools of a unit's language are here, each once a process.

        Raises:
            RunError: If one is not, or is too old for its arguments.
        """
        check_tools(unit, self._root)

    @contextlib.contextmanager
    def bench(self, unit: DevUnit) -> Iterator["ToolchainBench"]:
        """Give a bench for a unit.

        Yields:
            The bench.
        """
        yield ToolchainBench(self._root, unit, lambda: self._beat(unit.id))


@dataclass(frozen=True, slots=True)
class _Ran:
    """A run of the tests, and what was read from it."""

    ended: Finished
    cases: tuple[Case, ...]


class ToolchainBench:
    """Runs one unit's example and tests."""

    def __init__(self, root: Path, unit: DevUnit, beat: Callable[[], None]) -> None:
        self._root, self._unit, self._beat = root, unit, beat

    def example(self, overlay: Mapping[PurePosixPath, bytes]) -> ExampleRun:
        """Run the example with some files replaced.

        Args:
            overlay: Root-relative path → bytes that stand there during the run.

        Returns:
            What happened, true for the bytes that stood there.

        Raises:
            RunError: If there is no example, no way to run one, or a tool is missing.
        """
        unit = self._unit
        language, limit = unit.language, unit.settings.run_timeout_s
        with self._place(overlay) as place:
            if not language.run:
                msg = f"languages.yaml does not say how {language.name} runs"
                raise RunError(msg, hint=f"add run: to {language.name} there")
            if not (place.project / unit.example).is_file():
                msg = f"unit {unit.id}: {unit.example} does not exist"
                raise RunError(msg, hint=f"doit sync:{unit.id}:example")
            inputs = example_inputs(unit, place.digests())
            ended = _prepared(place, language.before_run, limit)
            built = ended is None
            if ended is None:
                ended = place.run(place.command(language.run), limit, seed=0)
            return _example_run(ended, place, inputs, built=built)

    def tests(
        self, overlay: Mapping[PurePosixPath, bytes], *, measure: bool, seed: int = 0
    ) -> TestRun:
        """Run the unit's tests with some files replaced.

        Args:
            overlay: Root-relative path → bytes that stand there during the run.
            measure: True to measure coverage of the unit's code.
            seed: Seed for the order of hashes.

        Returns:
            What happened, true for the bytes that stood there; without any test
            file nothing runs.

        Raises:
            RunError: If a tool is missing.
        """
        unit = self._unit
        language = unit.language
        measure = measure and bool(language.measure) and bool(language.coverage)
        with self._place(overlay) as place:
            inputs = test_inputs(unit, place.digests())
            if not place.tests():
                return TestRun(inputs=inputs, exit_code=1, results={})
            run = _tests_in(place, inputs, measure=measure, seed=seed)
        if measure and not run.results and not run.timed_out:
            # The tool that measures may be missing, or older than its arguments.
            with self._place(overlay) as place:
                return _tests_in(place, inputs, measure=False, seed=seed)
        return run

    @contextlib.contextmanager
    def _place(self, overlay: Mapping[PurePosixPath, bytes]) -> Iterator[Place]:
        self._beat()
        with scratch(self._root, kept=self._unit.language.copied) as project:
            lay_over(project, overlay)
            place = Place(self._unit, project)
            check_tools(self._unit, project)
            place.provide()
            yield place
        self._beat()


def _prepared(
    place: Place,
    commands: Sequence[tuple[str, ...]],
    limit: float,
    *,
    measure: bool = False,
) -> Finished | None:
    """Run commands until one fails.

    Returns:
        How that one ended; None if none failed.
    """
    for template in commands:
        has_place = "{measure}" in template
        command = place.command(template, measure=measure if has_place else None)
        ended = place.run(command, limit, seed=0)
        if ended.timed_out or ended.exit_code:
            return ended
    return None


def _example_run(
    ended: Finished, place: Place, inputs: Mapping[str, str], *, built: bool
) -> ExampleRun:
    told = place.told()
    bad = ended.exit_code != 0 or ended.timed_out
    why = failure.ended_badly if built else failure.not_built
    return ExampleRun(
        inputs=inputs,
        exit_code=ended.exit_code,
        timed_out=ended.timed_out,
        failure=why(ended, told) if bad else None,
        output=failure.clean_output(ended.output, told),
    )


def _tests_in(
    place: Place, inputs: Mapping[str, str], *, measure: bool, seed: int
) -> TestRun:
    language, limit = place.unit.language, place.unit.settings.test_timeout_s
    broken = _prepared(place, language.before_test, limit, measure=measure)
    if broken is not None:
        why = failure.not_built(broken, place.told())
        return _test_run(_Ran(broken, ()), place, inputs, (why,))
    command = place.command(language.test, measure=measure)
    # What the output is read for must not be cut in the middle.
    whole = not any("{results}" in p or "{junit}" in p for p in language.test)
    ended = place.run(command, limit, seed=seed, whole=whole)
    text = _report(place, ended, whole=whole)
    ran = _Ran(ended, _named(_reader_of(place)(text), place))
    run = _test_run(ran, place, inputs, tuple(_failures(ran, place)))
    return _measured(run, place, limit) if measure else run


def _reader_of(place: Place) -> ResultReader:
    """Return what reads the results of a unit's tests.

    Raises:
        ConfigError: If nothing here does.
    """
    language = place.unit.language
    try:
        return RESULTS[language.results]
    except KeyError:
        known = ", ".join(sorted(RESULTS))
        msg = f"languages.yaml: {language.name} has results: {language.results!r}"
        raise ConfigError(msg, hint=f"name a reader that is there: {known}") from None


def _report(place: Place, ended: Finished, *, whole: bool) -> str:
    if whole:
        return ended.output.decode("utf-8", errors="replace")
    try:
        return place.results.read_text("utf-8", errors="replace")
    except OSError:
        return ""


def _named(cases: tuple[Case, ...], place: Place) -> tuple[Case, ...]:
    """Return cases with their files as root-relative paths of the unit."""
    return tuple(replace(case, file=_file_of(case, place)) for case in cases)


def _file_of(case: Case, place: Place) -> str:
    """Return which test file a case is of; reports do not always say."""
    tests = place.tests()
    named = case.file.removeprefix("file://")
    for path in tests:
        if named and (named == str(path) or named.endswith(f"/{path}")):
            return str(path)
    if len(tests) == 1:
        return str(tests[0])
    own = case.test.rpartition("::")[2]
    told = place.told()
    holding = [p for p in tests if own and own in (told.source(str(p)) or "")]
    return str((holding or tests)[0])


def _id(case: Case) -> str:
    return f"{case.file}::{case.test}" if case.test else case.file


def _failures(ran: _Ran, place: Place) -> Iterator[Failure]:
    told, seen = place.told(), set[str]()
    if ran.ended.timed_out or not ran.cases:
        yield failure.not_built(ran.ended, told)
        return
    for case in ran.cases:
        if case.outcome == "failed" and _id(case) not in seen:
            seen.add(_id(case))
            yield failure.case_failure(case, _id(case), told)


def _test_run(
    ran: _Ran, place: Place, inputs: Mapping[str, str], failures: tuple[Failure, ...]
) -> TestRun:
    results: dict[str, str] = {}
    for case in ran.cases if not ran.ended.timed_out else ():
        if case.test:
            before = results.get(_id(case), "passed")
            results[_id(case)] = max(before, case.outcome, key=_RANK.__getitem__)
    return TestRun(
        inputs=inputs,
        exit_code=ran.ended.exit_code,
        results=results,
        failures=failures,
        timed_out=ran.ended.timed_out,
        output=failure.clean_log(ran.ended.output, place.told()),
    )


def _measured(run: TestRun, place: Place, limit: float) -> TestRun:
    """Return a run with what was measured of the unit's code, if anything was.

    Raises:
        ConfigError: If nothing here reads such a report.
    """
    language = place.unit.language
    if _prepared(place, language.after_test, limit) is not None:
        return run
    reader = COVERAGE.get(language.coverage)
    if reader is None:
        known = ", ".join(sorted(COVERAGE))
        msg = f"languages.yaml: {language.name} has coverage: {language.coverage!r}"
        raise ConfigError(msg, hint=f"name a reader that is there: {known}")
    text = place.coverage_text()
    if not text:
        return run
    percent, missing = coverage(reader(text), place.unit.code, place.project)
    return replace(run, coverage=percent, missing=missing)
