"""JUnit's XML as vitest, jest, Maven, Gradle, CTest and others write it."""

from collections.abc import Iterator
from typing import Final
from xml.etree import ElementTree as ET

from pdd_tasks.adapters.toolchain.result import Case
from pdd_tasks.core.model.test_name import test_name


_DEPTH: Final = 50  # suites in suites; nobody means more


def cases(text: str) -> tuple[Case, ...]:
    """Return the cases of a report, in its order; none if it is no XML."""
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        return ()  # no report has one, and what it may stand for has no bound
    try:
        root = ET.fromstring(text)  # noqa: S314  # without a DTD nothing expands
    except ET.ParseError:
        return ()
    return tuple(_case(case, suites) for case, suites in _found(root, ()))


def _found(
    node: ET.Element, around: tuple[ET.Element, ...]
) -> Iterator[tuple[ET.Element, tuple[ET.Element, ...]]]:
    for child in node:
        if child.tag == "testcase":
            yield child, (*around, node)
        elif child.tag in {"testsuite", "testsuites"} and len(around) < _DEPTH:
            yield from _found(child, (*around, node))


def _case(case: ET.Element, suites: tuple[ET.Element, ...]) -> Case:
    bad = next((child for child in case if child.tag in {"failure", "error"}), None)
    skipped = any(child.tag == "skipped" for child in case)
    text = "" if bad is None else (bad.text or "")
    file = case.get("file") or next(
        (name for suite in reversed(suites) if (name := suite.get("file"))), ""
    )
    return Case(
        test=test_name(_parts(case)),
        outcome="failed" if bad is not None else "skipped" if skipped else "passed",
        file=file or _suite_file(case, suites),
        exception="" if bad is None else _exception(bad.get("type", "")),
        message="" if bad is None else bad.get("message", "") or text.strip(),
        text=text,
    )


def _suite_file(case: ET.Element, suites: tuple[ET.Element, ...]) -> str:
    """Return the path that vitest gives as the name of the suite, or of the class."""
    names = [case.get("classname", ""), *(s.get("name", "") for s in reversed(suites))]
    return next((name for name in names if "/" in name and " " not in name), "")


def _parts(case: ET.Element) -> list[str]:
    """Return groups and name of a case; vitest and jest join them by `` > ``."""
    return case.get("name", "").split(" > ")


def _exception(named: str) -> str:
    return named.rpartition(".")[2]
