"""What requests are made of: the same text on every machine and every Python."""

import difflib
from collections.abc import Iterable, Mapping
from typing import Final

from pdd_tasks.core.model.artifact import Artifact
from pdd_tasks.core.model.failure import Failure, FailureKind
from pdd_tasks.engine.view import View


_SHOWN: Final = 10  # failures in full; more of them rarely say more
_OUTPUT_CHARS: Final = 6_000


def common(view: View) -> dict[str, str]:
    """Return the places that every template may use."""
    unit = view.unit
    return {
        "language": unit.language.name,
        "fence": unit.language.fence[0] if unit.language.fence else "",
        "prompt": view.expansion.text.strip(),
        "conventions": unit.language.conventions,
        "code_path": "`, `".join(str(path) for path in unit.code),
        "import_root": str(unit.import_root),
        "example_path": str(unit.example),
        "test_path": str(unit.test),
        "code": view.text(Artifact.CODE),
        "example": view.text(Artifact.EXAMPLE),
        "tests": tests_text(view),
    }


def tests_text(view: View) -> str:
    """Return all test files, each under its path; empty if there are none."""
    parts = [
        f'<file path="{path}">\n{view.snapshot.text(path).rstrip()}\n</file>\n'
        for path in view.contents(Artifact.TESTS)
    ]
    return "".join(parts)


def section(title: str, body: str, tag: str = "") -> str:
    """Return a titled, fenced section; empty for an empty body."""
    if not body.strip():
        return ""
    mark = "```"
    while mark in body:
        mark += "`"
    return f"### {title}\n\n{mark}{tag}\n{body.rstrip()}\n{mark}\n\n"


def told(failures: Iterable[Failure]) -> str:
    """Return failures as lines: test, exception and message, then the source line."""
    lines: list[str] = []
    shown = tuple(failures)
    for failure in shown[:_SHOWN]:
        lines.append(f"- {failure.test or 'program'}: {failure.what}")
        if failure.line:
            lines.append(f"  at {failure.where}: {failure.line}")
    if len(shown) > _SHOWN:
        lines.append(f"- and {len(shown) - _SHOWN} more")
    return "\n".join(lines)


def evidence(view: View, failures: tuple[Failure, ...], output: str = "") -> str:
    """Return what a repair needs beside the failures; their pattern decides.

    Missing imports bring the surroundings of the module, a wrong interface the
    example, single assertions the tests that failed, a hang its stack.
    """
    kinds = {failure.kind for failure in failures}
    parts: list[str] = []
    if kinds & {FailureKind.IMPORT, FailureKind.COLLECTION}:
        parts.append(section("Where modules are found", _surroundings(view)))
    if kinds & {FailureKind.ATTRIBUTE, FailureKind.TYPE}:
        example = view.text(Artifact.EXAMPLE)
        parts.append(section("The example of its use", example))
    if FailureKind.TIMEOUT in kinds:
        parts.append(section("Where it hung", output[-_OUTPUT_CHARS:]))
    parts.append(section("The tests that failed", failed_tests(view, failures)))
    return "".join(parts).rstrip()


def failed_tests(view: View, failures: tuple[Failure, ...]) -> str:
    """Return the source of the test files in which only the failed tests are left.

    A file that could not be collected is given whole.
    """
    parts: list[str] = []
    for path in view.contents(Artifact.TESTS):
        mine = [f for f in failures if f.test.partition("::")[0] == str(path)]
        if not mine:
            continue
        names = {local_id(f.test) for f in mine}
        text = view.snapshot.text(path)
        whole = any(
            f.kind is FailureKind.COLLECTION or "::" not in f.test for f in mine
        )
        if not whole and not view.syntax.problem(text):
            others = [t for t in view.syntax.tests(text) if t not in names]
            text = view.syntax.without_tests(text, others)
        parts.append(f"{view.unit.language.comment} {path}\n{text}")
    return "\n".join(parts)


def local_id(test: str) -> str:
    """Return a test's id inside its file, without parameters."""
    return test.partition("::")[2].partition("[")[0]


def difference(before: str, after: str, path: str) -> str:
    """Return a unified diff of two texts; empty if they are equal."""
    lines = difflib.unified_diff(
        before.splitlines(), after.splitlines(), f"a/{path}", f"b/{path}", lineterm=""
    )
    return "\n".join(lines)


def numbered(requirements: Mapping[str, str]) -> str:
    """Return requirements as lines, each after its id."""
    return "\n".join(f"{name}: {text}" for name, text in requirements.items())


def _surroundings(view: View) -> str:
    unit = view.unit
    lines = [
        f"modules are imported from the folder {unit.import_root}/",
        *(f"code: {path}" for path in unit.code),
        f"example: {unit.example}",
        *(f"included: {injected.path}" for injected in view.expansion.injected),
    ]
    return "\n".join(lines)
