"""What ``go test -json`` prints: one event a line.

A test with parts of its own is one case, and what its parts print belongs to it. What
is no event is the compiler's.

Source: go doc cmd/test2json.
"""

import json
import re
from dataclasses import dataclass, field
from typing import Final

from pdd_tasks.adapters.toolchain.result import Case
from pdd_tasks.core.model.test_name import test_name


_OUTCOMES: Final = {"pass": "passed", "fail": "failed", "skip": "skipped"}
_FRAME: Final = re.compile(r"^\s*(?:===|---) ")
_SAID: Final = re.compile(r"^\s+\S+\.go:\d+: (?P<said>.*)$")
_PANIC: Final = re.compile(r"^panic: (?P<said>.*?)(?: \[recovered\])?$")


@dataclass(slots=True)
class _Told:
    """What events say of one test; one that never ended failed."""

    outcome: str = "failed"
    lines: list[str] = field(default_factory=list)


def cases(text: str) -> tuple[Case, ...]:
    """Return the cases of a report, in the order in which they began."""
    found: dict[str, _Told] = {}
    has_failed, around = False, list[str]()
    for line in text.splitlines():
        event = _event(line)
        name, _, part = event.get("Test", "").partition("/")
        if not name:
            has_failed = has_failed or event.get("Action") == "fail"
            around.append(event.get("Output", ""))
            continue
        told = found.setdefault(name, _Told())
        action = event.get("Action", "")
        if action == "output":
            told.lines.append(event.get("Output", ""))
        elif action in _OUTCOMES and not part:
            told.outcome = _OUTCOMES[action]
    read = tuple(_case(name, told) for name, told in found.items())
    if has_failed and read and all(one.outcome != "failed" for one in read):
        said = "".join(around)  # a package can fail by more than its tests
        return (*read, Case(test="", outcome="failed", message=said, text=said))
    return read


def _event(line: str) -> dict[str, str]:
    """Return the texts of an event; nothing if the line is none."""
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        return {}
    if not isinstance(value, dict):
        return {}
    return {key: one for key, one in value.items() if isinstance(one, str)}


def _case(name: str, told: _Told) -> Case:
    if told.outcome != "failed":
        return Case(test=test_name([name]), outcome=told.outcome)
    lines = [line for line in told.lines if not _FRAME.match(line)]
    panics = [found for line in lines if (found := _PANIC.match(line.rstrip()))]
    said = [found for line in lines if (found := _SAID.match(line.rstrip()))]
    first = (panics or said)[0]["said"] if panics or said else "".join(lines).strip()
    return Case(
        test=test_name([name]),
        outcome="failed",
        exception="panic" if panics else "Failed",
        message=first,
        text="".join(lines),
    )
