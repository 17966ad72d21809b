"""Failures read from Python's tracebacks, from pytest's short ones, and from stacks.

The place of a failure is the innermost frame inside the project, moved to the first
line of its statement, so that all versions of Python name the same line.
"""

import ast
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from pdd_tasks.adapters.python.output import clean, clean_message, is_own
from pdd_tasks.adapters.python.tree import lines_of, tree_of
from pdd_tasks.core.model.failure import Failure, FailureKind
from pdd_tasks.core.prompt.failure_pattern import classify


_FRAMES: Final = re.compile(
    r'^E?[ |]*File "(?P<native>[^"\n]+)", line (?P<native_line>\d+)'
    r"|^(?P<short>\S[^\n]*?):(?P<short_line>\d+): in \S"
    r"|^file (?P<fixture>\S+), line (?P<fixture_line>\d+)$",
    re.MULTILINE,
)
_HEAD: Final = re.compile(
    r"^(?P<type>(?:[A-Za-z_]\w*\.)*[A-Za-z_]\w*)(?:: ?(?P<message>.*))?$"
)
_EXPLAINED: Final = re.compile(r"^E   (.*)$")
_TIME_OUT: Final = "did not end within the time limit"


@dataclass(frozen=True, slots=True)
class Project:
    """The project a failure happened in.

    Attributes:
        roots: Absolute folder → what stands in its place in text.
        source: Reads a root-relative file; None if it is not there.
    """

    roots: Mapping[str, str]
    source: Callable[[str], str | None]


def failed(text: str, test: str, project: Project) -> Failure:
    """Return the failure that pytest's short traceback tells of.

    Args:
        text: The traceback as a report holds it.
        test: Id of the test, or of what could not be collected; may be empty.
        project: Where it happened.
    """
    told = clean(text, project.roots)
    block = _last_explained(told.split("\n"))
    exception, message = _explained(block) if block else _raised(told)
    return _failure(told, test, (exception, message), project)


def crashed(output: str, project: Project) -> Failure:
    """Return the failure that a program's output ends with.

    Args:
        output: What the program printed; without a traceback its last line counts.
        project: Where it happened.
    """
    told = clean(output, project.roots)
    return _failure(told, "", _raised(told), project)


def time_out(output: str, tests: Sequence[str], project: Project) -> Failure:
    """Return the failure of a run that hung, from the stacks it printed when ended.

    Args:
        output: What the run printed.
        tests: Root-relative test files; a frame in one of them names the test.
        project: Where it happened.
    """
    frames = list(_dumped(clean(output, project.roots)))
    where, line = _place(frames[:1], project)
    inside = [(path, number) for path, number in frames if path in tests]
    names = [_test_at(path, number, project) for path, number in inside]
    return Failure(
        test=next((name for name in names if name), ""),
        kind=FailureKind.TIMEOUT,
        exception="",
        where=where,
        line=line,
        message=_TIME_OUT,
    )


def _failure(
    told: str, test: str, exception: tuple[str, str], project: Project
) -> Failure:
    where, line = _place(_frames(told), project)
    name, message = exception[0], clean_message(exception[1], project.roots)
    return Failure(
        test=test,
        kind=classify(name, message),
        exception=name,
        where=where,
        line=line,
        message=message,
    )


def _frames(text: str) -> list[tuple[str, int]]:
    """Return the project's frames, path and line, the innermost first."""
    found = []
    for match in _FRAMES.finditer(text):
        path = match["native"] or match["short"] or match["fixture"]
        number = match["native_line"] or match["short_line"] or match["fixture_line"]
        if is_own(path):
            found.append((path, int(number)))
    return found[::-1]


def _dumped(text: str) -> Iterator[tuple[str, int]]:
    """Yield the project's frames of a dump, innermost first, current thread first."""
    blocks = re.split(r"(?m)^(?=(?:Current thread|Thread) 0x)", text)[1:]
    for block in sorted(blocks, key=lambda b: not b.startswith("Current")):
        yield from reversed(_frames(block))


def _place(frames: Sequence[tuple[str, int]], project: Project) -> tuple[str, str]:
    for path, number in frames[:1]:
        source = project.source(path)
        if source is None:
            return f"{path}:{number}", ""
        first = _statement_line(source, number)
        lines = lines_of(source)
        line = lines[first - 1].strip() if first <= len(lines) else ""
        return f"{path}:{first}", line
    return "", ""


def _statement_line(source: str, number: int) -> int:
    """Return the first line of the statement that a line belongs to."""
    tree = tree_of(source)
    if tree is None:
        return number
    around = [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.stmt) and node.lineno <= number <= _last_line(node)
    ]
    return max(around, default=number)


def _last_line(node: ast.stmt) -> int:
    """Return the last line of a statement, of its head if it has a body."""
    body = getattr(node, "body", None)
    if isinstance(body, list) and body:
        first: ast.stmt = body[0]
        marks: list[int] = [
            mark.lineno for mark in getattr(first, "decorator_list", ())
        ]
        start = min([first.lineno, *marks])
        return max(start - 1, node.lineno)
    return node.end_lineno or node.lineno


def _test_at(path: str, number: int, project: Project) -> str:
    """Return the id of the test function around a line; empty if there is none."""
    tree = tree_of(project.source(path) or "")
    names: list[str] = []
    scope: Sequence[ast.stmt] = tree.body if tree else ()
    while True:
        inner = next((n for n in scope if _spans(n, number)), None)
        if isinstance(inner, ast.ClassDef):
            names.append(inner.name)
            scope = inner.body
            continue
        if isinstance(inner, ast.FunctionDef | ast.AsyncFunctionDef):
            is_test = inner.name.startswith("test")
            return "::".join((path, *names, inner.name)) if is_test else ""
        return ""


def _spans(node: ast.stmt, number: int) -> bool:
    return node.lineno <= number <= (node.end_lineno or node.lineno)


def _raised(text: str) -> tuple[str, str]:
    """Return type and message of the exception that a program ended with."""
    lines = text.split("\n")
    last = max((i for i, x in enumerate(lines) if _FRAMES.match(x)), default=-1)
    for line in lines[last + 1 :] if last >= 0 else ():
        head = _HEAD.match(line)
        if head:
            return head["type"].rpartition(".")[2], head["message"] or ""
    return "", next((line for line in reversed(lines) if line.strip()), "")


def _last_explained(lines: Sequence[str]) -> list[str]:
    """Return the last block of the lines that pytest marks with an E."""
    block: list[str] = []
    for line in reversed(lines):
        found = _EXPLAINED.match(line)
        if found:
            block.append(found[1])
        elif block:
            break
    return block[::-1]


def _explained(block: Sequence[str]) -> tuple[str, str]:
    if block[0].startswith("assert "):
        return "AssertionError", block[0]
    for line in block:
        head = _HEAD.match(line)
        if head and (head["message"] is not None or len(block) == 1):
            kind = head["type"].rpartition(".")[2]
            return kind, _asserted(kind, head["message"] or "", block)
    return "", block[0].strip()


def _asserted(kind: str, message: str, block: Sequence[str]) -> str:
    """Return an assertion's own words with what was compared, if both are there."""
    compared = next((x for x in block[1:] if x.startswith("assert ")), "")
    both = kind == "AssertionError" and compared
    return f"{message} ({compared})" if both else message
