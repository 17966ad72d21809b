"""The Test Anything Protocol, version 13 and 14, with YAML about what failed.

Groups are indented results before the line of the group itself; it counts only if
nothing in it was counted. A result whose name is a file stands for a file that could
not be loaded, if a comment or nothing but its exit code says why.

Source: https://testanything.org/tap-version-14-specification.html
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from pdd_tasks.adapters.toolchain.result import Case
from pdd_tasks.core.model.test_name import test_name


_RESULT: Final = re.compile(
    r"^(?P<indent> *)(?P<bad>not )?ok\b(?: +\d+)?(?: +- ?| +|$)(?P<said>.*)$"
)
_DIRECTIVE: Final = re.compile(r"(?<!\\)#\s*(?P<word>SKIP|TODO)\b.*$", re.IGNORECASE)
_KEY: Final = re.compile(r"^(?P<key>[A-Za-z_]+): ?(?P<value>.*)$")
_POSITION: Final = re.compile(r"(?::\d+){1,2}$")
_RAISED: Final = re.compile(
    r"^(?P<type>\w*(?:Error|Exception))(?: \[\w+\])?: (?P<said>.*)"
)
_LONG: Final = 500  # a longer name is no path
_FILE: Final = re.compile(r"^\S*/\S+\.\w+$|^[\w.-]+\.(?:[cm]?[jt]sx?|sh)$")


@dataclass(slots=True)
class _Told:
    """One line of a result with what follows it."""

    depth: int
    outcome: str
    name: str
    notes: list[str]
    yaml: list[str] = field(default_factory=list)
    inner: bool = False


def cases(text: str) -> tuple[Case, ...]:
    """Return the cases of a report, in its order."""
    told = _told(text.splitlines())
    return tuple(
        _case(told, place) for place in range(len(told)) if _counts(told, place)
    )


def _counts(told: Sequence[_Told], place: int) -> bool:
    """Return whether a result is a test's own, or a group's that failed by itself."""
    one = told[place]
    inner: list[_Told] = []
    for before in reversed(told[:place]):
        if before.depth <= one.depth:
            break
        inner.append(before)
    if not inner:
        return True
    return one.outcome == "failed" and all(i.outcome != "failed" for i in inner)


def _case(told: Sequence[_Told], place: int) -> Case:
    one = told[place]
    values = dict(_values(one.yaml))
    file = _POSITION.sub("", values.get("location", ""))
    is_file = len(one.name) < _LONG and _FILE.match(one.name) is not None
    if one.outcome == "failed" and is_file and "stack" not in values:
        return _unloaded(one)
    message = values.get("error", values.get("message", ""))
    return Case(
        test=test_name([*_groups(told, place), one.name]),
        outcome=one.outcome,
        file=file,
        exception=values.get("name", ""),
        message=message or _last(one.notes if one.outcome == "failed" else ()),
        text="\n".join((message, values.get("stack", ""), *one.notes)),
    )


def _unloaded(one: _Told) -> Case:
    """Return the case of a file that could not be loaded."""
    raised = [found for note in one.notes if (found := _RAISED.match(note.strip()))]
    return Case(
        test="",
        outcome="failed",
        file=one.name,
        exception=raised[0]["type"] if raised else "",
        message=raised[0]["said"] if raised else _last(one.notes),
        text="\n".join(one.notes),
    )


def _last(notes: Sequence[str]) -> str:
    return next((note.strip() for note in reversed(notes) if note.strip()), "")


def _groups(told: Sequence[_Told], place: int) -> list[str]:
    """Return the names of the groups around a result, the outermost first.

    A group's own line comes behind all that is in it.
    """
    names: list[str] = []
    depth = told[place].depth
    for later in told[place + 1 :] if depth else ():
        if not depth:
            break
        if later.depth < depth:
            names.append(later.name)
            depth = later.depth
    return names[::-1]


def _told(lines: Sequence[str]) -> list[_Told]:
    found: list[_Told] = []
    notes: list[str] = []
    block: str | None = None  # the indent of the YAML block that is open
    for line in lines:
        stripped = line.strip()
        if block is not None:
            if line == f"{block}...":
                block = None
            else:
                found[-1].yaml.append(line.removeprefix(block))
        elif found and stripped == "---":
            block = line[: line.index("-")]
        elif match := _RESULT.match(line):
            found.append(_result(match, notes))
            notes = []
        elif stripped.startswith("#") and not stripped.startswith("# Subtest:"):
            notes.append(stripped.removeprefix("#").removeprefix(" "))
    return found


def _result(match: re.Match[str], notes: list[str]) -> _Told:
    said = match["said"]
    directive = _DIRECTIVE.search(said)
    name = _DIRECTIVE.sub("", said).strip()
    outcome = "failed" if match["bad"] else "passed"
    if directive:
        outcome = "skipped"
    name = re.sub(r"\\(.)", r"\1", name)
    return _Told(len(match["indent"]), outcome, name, notes)


def _values(lines: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield the keys and values of a block, texts only.

    Yields:
        In the order of the block.
    """
    place = 0
    while place < len(lines):
        match = _KEY.match(lines[place])
        place += 1
        if match is None:
            continue
        value = match["value"]
        if value in {"|-", "|", ">-", ">"}:
            start = place
            while place < len(lines) and (lines[place][:2] == "  " or not lines[place]):
                place += 1
            value = "\n".join(line[2:] for line in lines[start:place])
        yield match["key"], _unquoted(value)


def _unquoted(value: str) -> str:
    if len(value) > 1 and value[0] == value[-1] == "'":
        return value[1:-1].replace("''", "'")
    if len(value) > 1 and value[0] == value[-1] == '"':
        return value[1:-1].replace('\\"', '"')
    return value
