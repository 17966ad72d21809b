"""What Rust's test programs print, cargo's among them.

Source: the book of rustc, "Tests".
"""

import re
from collections.abc import Mapping
from typing import Final

from pdd_tasks.adapters.toolchain.result import Case
from pdd_tasks.core.model.test_name import test_name


_RESULT: Final = re.compile(
    r"^test (?P<name>\S+)(?: - should panic)? \.\.\. (?P<said>.*)$"
)
_BLOCK: Final = re.compile(r"^---- (?P<name>\S+)(?: - .*)? stdout ----$")
_PANICKED: Final = re.compile(
    r"^thread '.*?'(?: \(\d+\))? panicked at (?P<old>'.*', )?\S+:\d+:\d+:?$"
)
_NOTE: Final = re.compile(r"^note: (?P<said>test did not .*)$")
_NUMBER: Final = re.compile(r"^(thread '.*?') \(\d+\)", re.MULTILINE)
_END: Final = re.compile(r"(?P<said>ok|FAILED|ignored)(?:, .*)?(?: <[\d.]+s>)?$")
_OUTCOMES: Final = {"ok": "passed", "ignored": "skipped"}


def cases(text: str) -> tuple[Case, ...]:
    """Return the cases of a run, in its order; a test that never ended failed."""
    lines = text.splitlines()
    blocks = _blocks(lines)
    found: dict[str, str] = {}
    name = before = ""
    for line in lines:
        match = _RESULT.match(line)
        if match is not None:
            name = match["name"]
            before = found.get(name, "")  # several programs may have one of a name
            found[name] = "failed"
        # What a test prints past the capture stands before its outcome.
        said = _END.search(match["said"] if match else line) if name else None
        if said is not None:
            if name not in blocks and before != "failed":
                found[name] = _OUTCOMES.get(said["said"], "failed")
            name = ""
    return tuple(
        _case(name, outcome, blocks.get(name, "")) for name, outcome in found.items()
    )


def _blocks(lines: list[str]) -> Mapping[str, str]:
    """Return name of a failed test → what it printed."""
    found: dict[str, list[str]] = {}
    into: list[str] | None = None
    for line in lines:
        match = _BLOCK.match(line)
        if match is not None:
            into = found.setdefault(match["name"], [])
        elif line == "failures:" or line.startswith("test result:"):
            into = None
        elif into is not None:
            into.append(line)
    return {name: _NUMBER.sub(r"\1", "\n".join(said)) for name, said in found.items()}


def _case(name: str, outcome: str, said: str) -> Case:
    parts = name.split("::")
    if outcome != "failed":
        return Case(test=test_name(parts), outcome=outcome)
    lines = said.splitlines()
    message, places = _message(lines)
    is_assertion = message.startswith("assertion") or bool(_NOTE.match(places))
    return Case(
        test=test_name(parts),
        outcome="failed",
        exception="AssertionError" if is_assertion else "panic",
        message=message,
        text=f"{places}\n{said}",
    )


def _message(lines: list[str]) -> tuple[str, str]:
    """Return what a test that failed says, and the line with its place."""
    for number, line in enumerate(lines):
        note = _NOTE.match(line)
        if note is not None:
            return note["said"].partition(" at ")[0], line
        panicked = _PANICKED.match(line)
        if panicked is not None:
            old = (panicked["old"] or "").removesuffix(", ").strip("'")
            below = lines[number + 1] if number + 1 < len(lines) else ""
            return old or below, line
    return "it was ended before it ended itself", ""
