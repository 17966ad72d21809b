"""Runs a unit by the commands of its language, each time in a copy of its own.

Every run has a fresh copy, so no run sees what another left behind. What is not here:
how the tests are run and read (`suite`).
"""

import contextlib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path, PurePosixPath

from pdd_tasks.adapters.processes import Finished
from pdd_tasks.adapters.scratch import overlay as lay_over
from pdd_tasks.adapters.scratch import scratch
from pdd_tasks.adapters.toolchain import failure
from pdd_tasks.adapters.toolchain.place import Place
from pdd_tasks.adapters.toolchain.suite import prepared, suite
from pdd_tasks.adapters.toolchain.tool import check_tools
from pdd_tasks.core.model.artifact import UnitId
from pdd_tasks.core.model.run_inputs import example_inputs, test_inputs
from pdd_tasks.core.model.trace import ExampleRun, TestRun
from pdd_tasks.core.model.unit import DevUnit
from pdd_tasks.errors import RunError


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
            ended = prepared(place, language.before_run, limit)
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
            run = suite(place, inputs, measure=measure, seed=seed)
        if measure and not run.results and not run.timed_out:
            # The tool that measures may be missing, or older than its arguments.
            with self._place(overlay) as place:
                return suite(place, inputs, measure=False, seed=seed)
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
