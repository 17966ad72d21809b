"""The reports of pytest and coverage, read by their own readers.

What is not here: how a failure is read from its traceback (`failures`).
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final, NotRequired, TypedDict

from pdd_tasks.errors import RunError


_RANK: Final = {"passed": 0, "skipped": 1, "failed": 2}


@dataclass(frozen=True, slots=True)
class Outcome:
    """One entry of a JUnit report.

    Attributes:
        test: Id, ``tests/test_x.py::TestA::test_y[1]``; of a file that could not
            be collected, the file's path.
        outcome: ``passed``, ``failed`` or ``skipped``.
        text: The traceback of a failure; empty otherwise.
        collected: False if this is about a file that could not be collected.
    """

    test: str
    outcome: str
    text: str
    collected: bool


class _Summary(TypedDict):
    covered_lines: int
    num_statements: int
    # Absent if nothing at all was measured: then there is no data of branches.
    covered_branches: NotRequired[int]
    num_branches: NotRequired[int]


class _File(TypedDict):
    summary: _Summary
    missing_lines: list[int]
    missing_branches: NotRequired[list[list[int]]]


def outcomes(report: Path, tests: Sequence[PurePosixPath]) -> tuple[Outcome, ...]:
    """Return what a JUnit report says, in its order.

    Args:
        report: The file that pytest wrote.
        tests: The root-relative test files that ran.

    Raises:
        RunError: If the report cannot be read.
    """
    # Dear to import, and needed only after a run.
    from junitparser import JUnitXml, JUnitXmlError

    try:
        suites = JUnitXml.fromfile(str(report))
    except (JUnitXmlError, SyntaxError, OSError) as error:
        msg = f"the test report cannot be read: {error}"
        hint = "run the tests by hand to see what ends them"
        raise RunError(msg, hint=hint) from error
    found: list[Outcome] = []
    for case in (case for suite in suites for case in suite):
        told = {type(r).__name__: r.text or r.message or "" for r in case.result}
        found.append(_outcome(case.classname or "", case.name or "", told, tests))
    return tuple(found)


def results(found: Sequence[Outcome]) -> dict[str, str]:
    """Return test id → outcome; what a test's teardown says counts as well."""
    worst: dict[str, str] = {}
    for each in found:
        if each.collected:
            before = worst.get(each.test, "passed")
            worst[each.test] = max(before, each.outcome, key=_RANK.__getitem__)
    return worst


def coverage(
    report: Path, code: Sequence[PurePosixPath], project: Path
) -> tuple[float | None, str]:
    """Return line and branch coverage of some files, and what is missing.

    Args:
        report: The JSON file that coverage wrote.
        code: The root-relative files that count.
        project: The folder they were measured in.

    Returns:
        Percent, 0 to 100, None if nothing is known of the files; and what was
        not covered, ``12-14, 20->22``, with the file in front if there are several.
    """
    entries = dict(_entries(report, code, project))
    if not entries:
        return None, ""
    summaries = [entry["summary"] for entry in entries.values()]
    covered = sum(s["covered_lines"] + s.get("covered_branches", 0) for s in summaries)
    wanted = sum(s["num_statements"] + s.get("num_branches", 0) for s in summaries)
    found = ((path, _missing(entry)) for path, entry in entries.items())
    gaps = {path: gap for path, gap in found if gap}
    named = [f"{path}: {gap}" if len(code) > 1 else gap for path, gap in gaps.items()]
    percent = 100.0 * covered / wanted if wanted else 100.0
    return percent, "; ".join(named)


def _outcome(
    classname: str, name: str, told: Mapping[str, str], tests: Sequence[PurePosixPath]
) -> Outcome:
    bad = {"Failure", "Error"} & told.keys()
    outcome = "failed" if bad else "skipped" if "Skipped" in told else "passed"
    return Outcome(
        test=_test_id(classname, name, tests),
        outcome=outcome,
        text=told.get("Failure", told.get("Error", "")),
        collected=bool(classname),
    )


def _test_id(classname: str, name: str, tests: Sequence[PurePosixPath]) -> str:
    """Return a test's id; the report has dots where the id has slashes and colons."""
    dotted = classname or name
    for path in sorted(tests, key=lambda p: -len(str(p))):
        module = ".".join(path.with_suffix("").parts)
        if dotted == module or dotted.startswith(f"{module}."):
            classes = dotted[len(module) + 1 :].split(".")
            parts = (str(path), *classes, name if classname else "")
            return "::".join(part for part in parts if part)
    return f"{classname}::{name}" if classname else name


def _entries(
    report: Path, code: Sequence[PurePosixPath], project: Path
) -> Iterator[tuple[PurePosixPath, _File]]:
    try:
        files: Mapping[str, _File] = json.loads(report.read_bytes())["files"]
    except (OSError, ValueError, KeyError):
        return  # nothing was measured: the run ended before its report
    for path in code:
        entry = files.get(str(path)) or files.get(str(project / path))
        if entry is not None:
            yield path, entry


def _missing(entry: _File) -> str:
    lines = entry["missing_lines"]
    # A jump from or to a line that is missing itself says nothing more.
    jumps = [j for j in entry.get("missing_branches", []) if not {*j} & {*lines}]
    arrows = (f"{line}->{target if target > 0 else 'exit'}" for line, target in jumps)
    return ", ".join((*_ranges(lines), *arrows))


def _ranges(lines: Sequence[int]) -> Iterator[str]:
    """Yield runs of lines, ``12-14``; lines without code between them split a run."""
    first = last = None
    for line in sorted(lines):
        if last is not None and line == last + 1:
            last = line
            continue
        if first is not None:
            yield f"{first}-{last}" if last != first else f"{first}"
        first = last = line
    if first is not None:
        yield f"{first}-{last}" if last != first else f"{first}"
