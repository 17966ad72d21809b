"""Units as a JUnit report: one test case a unit, a failure where it drifts.

Source: the schema of the Jenkins xUnit plugin, which pytest keeps to as well.
"""

import re
from collections.abc import Sequence
from typing import Final
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from pdd_tasks.core.plan.drift import DriftKind
from pdd_tasks.plugin.reports.finding import Finding, Standing


_UNFIT: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 cannot hold, however it is written."""


def junit(units: Sequence[Standing]) -> str:
    """Return the report."""
    counts = {
        "tests": str(len(units)),
        "failures": str(sum(_is_failure(one) for one in units)),
        "errors": str(sum(_is_error(one) for one in units)),
    }
    top = Element("testsuites", {"name": "doit pending", **counts})
    suite = SubElement(top, "testsuite", {"name": "pdd-tasks", **counts})
    suite.set("skipped", "0")
    suite.set("time", "0")
    for one in units:
        _case(suite, one)
    indent(top, " ")
    return f'<?xml version="1.0" encoding="utf-8"?>\n{tostring(top, "unicode")}\n'


def _is_error(unit: Standing) -> bool:
    """Return whether a unit could not be looked at."""
    return any(one.kind is DriftKind.REFUSED for one in unit.findings)


def _is_failure(unit: Standing) -> bool:
    return bool(unit.findings) and not _is_error(unit)


def _case(suite: Element, unit: Standing) -> None:
    case = SubElement(suite, "testcase", {"classname": "sync", "name": _fit(unit.unit)})
    case.set("file", _fit(unit.prompt))
    case.set("time", "0")
    if not unit.findings:
        return
    said = SubElement(case, "error" if _is_error(unit) else "failure")
    said.set("type", str(unit.findings[0].kind))
    said.set("message", _fit("; ".join(one.because for one in unit.findings)))
    said.text = _fit("\n".join(_lines(unit)))


def _lines(unit: Standing) -> list[str]:
    mends = dict.fromkeys(one.mend for one in unit.findings)
    return [
        *(_line(one) for one in unit.findings),
        *unit.steps,
        *(f"mend it with: {one}" for one in mends),
    ]


def _line(finding: Finding) -> str:
    return f"{finding.file}:{finding.line}: {finding.kind}: {finding.because}"


def _fit(text: str) -> str:
    return _UNFIT.sub("\ufffd", text)
