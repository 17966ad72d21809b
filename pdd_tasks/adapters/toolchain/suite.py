"""The tests of a unit, built and run once in a place, and what their reports say.

Rule 1: results come from reports and exit codes. Rule 2: coverage that nobody
measured is unknown, never zero. Rule 3: a report of which a part is missing says
nothing: which tests passed could not be told.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from pdd_tasks.adapters.processes import Finished
from pdd_tasks.adapters.toolchain import failure
from pdd_tasks.adapters.toolchain.coverage import coverage
from pdd_tasks.adapters.toolchain.place import Place
from pdd_tasks.adapters.toolchain.reports import COVERAGE, RESULTS
from pdd_tasks.adapters.toolchain.result import REPORT_LIMIT_BYTES, Case, ResultReader
from pdd_tasks.core.model.failure import Failure
from pdd_tasks.core.model.trace import TestRun
from pdd_tasks.errors import ConfigError


_RANK: Final = {"passed": 0, "skipped": 1, "failed": 2}


@dataclass(frozen=True, slots=True)
class _Ran:
    """A run of the tests, and what was read from it."""

    ended: Finished
    cases: tuple[Case, ...]


def suite(
    place: Place, inputs: Mapping[str, str], *, measure: bool, seed: int
) -> TestRun:
    """Build and run the tests.

    Args:
        place: The copy that they run in.
        inputs: What the run is true for.
        measure: True to measure coverage of the unit's code.
        seed: Seed for the order of hashes.

    Returns:
        What happened.

    Raises:
        ConfigError: If nothing here reads such reports.
    """
    language, limit = place.unit.language, place.unit.settings.test_timeout_s
    broken = prepared(place, language.before_test, limit, measure=measure)
    if broken is not None:
        why = _of_a_file(failure.not_built(broken, place.told()), place)
        return _test_run(_Ran(broken, ()), place, inputs, (why,))
    ended, text = _reported(place, measure=measure, seed=seed)
    if text is None:
        why = _of_a_file(failure.too_long(ended), place)
        run = _test_run(_Ran(ended, ()), place, inputs, (why,))
        return replace(run, exit_code=ended.exit_code or 1)
    ran = _Ran(ended, _named(_reader_of(place)(text), place))
    run = _test_run(ran, place, inputs, tuple(_failures(ran, place)))
    return _measured(run, place, limit) if measure else run


def prepared(
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


def _reported(place: Place, *, measure: bool, seed: int) -> tuple[Finished, str | None]:
    """Run the command of the tests.

    Returns:
        How it ended, and what is read for results.
    """
    language, limit = place.unit.language, place.unit.settings.test_timeout_s
    command = place.command(language.test, measure=measure)
    # What the output is read for must not be cut in the middle.
    whole = not any("{results}" in p or "{junit}" in p for p in language.test)
    ended = place.run(command, limit, seed=seed, whole=whole)
    return ended, _report(place, ended, whole=whole)


def _report(place: Place, ended: Finished, *, whole: bool) -> str | None:
    """Return what is read for results; None if it is too long to be read as a whole.

    A run that was cut off by its time limit has no results in any case.
    """
    if whole:
        is_cut = ended.left_out and not ended.timed_out
        return None if is_cut else ended.output.decode("utf-8", errors="replace")
    try:
        if place.results.stat().st_size > REPORT_LIMIT_BYTES and not ended.timed_out:
            return None
        with place.results.open("rb") as file:
            return file.read(REPORT_LIMIT_BYTES).decode("utf-8", errors="replace")
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
        yield _of_a_file(failure.not_built(ran.ended, told), place)
        return
    for case in ran.cases:
        if case.outcome == "failed" and _id(case) not in seen:
            seen.add(_id(case))
            yield failure.case_failure(case, _id(case), told)


def _of_a_file(why: Failure, place: Place) -> Failure:
    """Return a failure of no single test as one of the test file that it is in."""
    tests = [str(path) for path in place.tests()]
    named = why.where.partition(":")[0]
    return replace(why, test=named if named in tests else tests[0])


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
    if prepared(place, language.after_test, limit) is not None:
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
