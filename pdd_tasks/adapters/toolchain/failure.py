"""Failures of any language, told the same way on every machine.

The place of a failure is the first one in its text that is a file of the project:
stacks are printed innermost first, and a compiler names the first mistake first.
"""

import re
import signal
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from pdd_tasks.adapters.processes import Finished
from pdd_tasks.adapters.toolchain.result import REPORT_LIMIT_BYTES, Case
from pdd_tasks.core.model.failure import Failure, FailureKind
from pdd_tasks.core.prompt.failure_pattern import bounded, classify, normalised


OUTPUT_LIMIT: Final = 8_000
MESSAGE_LIMIT: Final = 500
_READ_LIMIT: Final = 100_000

_LIBRARY: Final = "node_modules/"
_PLACE: Final = re.compile(
    # Bounded, and begun only where a word does: output may be one endless word.
    r"(?<![\w@+~./-])(?P<path>[\w@+~./-]{0,200}[\w@+~-]\.\w{1,9})"
    r"(?::(?P<line>\d+)|: line (?P<word>\d+)|\((?P<paren>\d+)[,)])"
)
_RAISED: Final = re.compile(
    r"^(?:Uncaught |Exception in thread \"[^\"]*\" )?(?P<type>(?:[\w$]+\.)*[A-Z]\w*"
    r"(?:Error|Exception|Failure))(?: \[\w+\])?(?:: (?P<said>.*))?$",
    re.MULTILINE,
)
_MISTAKE: Final = re.compile(
    r"^.*\b(?:fatal error|error(?:\[\w+\])?|panic): ?(?P<said>.+)$", re.MULTILINE
)
_OWN_FRAME: Final = re.compile(r"^\s+at .*\bnode:|\(node:[\w/]+:\d+")
_TIMES: Final = re.compile(
    r"\b\d+(?:\.\d+)?(?:e-\d+)?(?= ?(?:ms|\u00b5s|ns|seconds?|secs?|s)\b)"
)
_CLOCK: Final = re.compile(r"\b\d\d:\d\d:\d\d\b")
_PROCESS: Final = re.compile(r"\((node|bash|java):\d+\)")
_VERSION: Final = re.compile(r"^Node\.js v[\d.]+$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Told:
    """The project a failure happened in.

    Attributes:
        roots: Absolute folder → what stands in its place in text.
        source: Reads a root-relative file; None if it is not there.
        within: Root-relative files by their own names, for reports that name no
            folder.
    """

    roots: Mapping[str, str]
    source: Callable[[str], str | None]
    within: Mapping[str, str]


def clean(text: str, told: Told) -> str:
    """Return text of a run as it would be on every machine."""
    text = bounded(text, _READ_LIMIT).replace("file:///", "/")
    text = normalised(text, roots=told.roots)
    text = _VERSION.sub("", _PROCESS.sub(r"(\1)", text))
    return "\n".join(line for line in text.split("\n") if not _OWN_FRAME.search(line))


def clean_output(output: bytes, told: Told) -> str:
    """Return the output of a run, cleaned and bounded."""
    text = clean(output.decode("utf-8", errors="replace"), told)
    return bounded(text.strip("\n"), OUTPUT_LIMIT)


def clean_log(output: bytes, told: Told) -> str:
    """Return what a test runner printed, cleaned, without times, and bounded.

    Of a program's own output this would take what it means to say.
    """
    return _CLOCK.sub("<time>", _TIMES.sub("<time>", clean_output(output, told)))


def case_failure(case: Case, test: str, told: Told) -> Failure:
    """Return the failure of one case.

    Args:
        case: The case, which failed.
        test: The id it has in the project.
        told: Where it happened.
    """
    text = clean(case.text, told)
    where, line = place(text, told)
    message = first_line(clean(case.message, told))
    kind = classify(case.exception, message)
    if not case.test and kind is not FailureKind.IMPORT:
        kind = FailureKind.COLLECTION
    return Failure(
        test=test,
        kind=kind,
        exception=case.exception,
        where=where,
        line=line,
        message=message,
    )


def ended_badly(ended: Finished, told: Told) -> Failure:
    """Return the failure that the end and the output of a program tell of."""
    text = clean(ended.output.decode("utf-8", errors="replace"), told)
    where, line = place(text, told)
    exception, message = _raised(text)
    failure = Failure(
        test="",
        kind=classify(exception, message),
        exception=exception,
        where=where,
        line=line,
        message=first_line(message) or f"ended with exit code {ended.exit_code}",
    )
    if ended.timed_out:
        message = "did not end within the time limit"
        return replace(failure, kind=FailureKind.TIMEOUT, exception="", message=message)
    if ended.exit_code < 0 and not exception:
        number = -ended.exit_code
        is_known = number in set(signal.Signals)
        name = signal.Signals(number).name if is_known else f"signal {number}"
        named = f"ended by {name}"
        return replace(failure, kind=FailureKind.OTHER, message=named)
    return failure


def not_built(ended: Finished, told: Told) -> Failure:
    """Return the failure of a command that should make something to run."""
    failure = ended_badly(ended, told)
    if failure.kind in {FailureKind.TIMEOUT, FailureKind.IMPORT}:
        return failure
    return replace(failure, kind=FailureKind.COLLECTION)


def too_long(ended: Finished) -> Failure:
    """Return the failure of tests whose report is longer than what is read of one."""
    message = (
        "the tests print too much for their results to be told: more than"
        f" {REPORT_LIMIT_BYTES} bytes; exit code {ended.exit_code}"
    )
    return Failure(
        test="",
        kind=FailureKind.OTHER,
        exception="",
        where="",
        line="",
        message=message,
    )


def place(text: str, told: Told) -> tuple[str, str]:
    """Return where in the project a cleaned text points to, and the line there.

    Returns:
        ``path:line`` and the source line; both empty if it points nowhere.
    """
    for match in _PLACE.finditer(text):
        path = match["path"].removeprefix("./")
        if _LIBRARY in path or ".." in path.split("/"):
            continue
        source = None if path.startswith("/") else told.source(path)
        if source is None:
            path = told.within.get(path.rpartition("/")[2], "")
            source = told.source(path) if path else None
        if source is not None:
            number = int(match["line"] or match["word"] or match["paren"])
            lines = source.splitlines()
            line = lines[number - 1].strip() if 0 < number <= len(lines) else ""
            return f"{path}:{number}", line
    return "", ""


def first_line(text: str) -> str:
    """Return what a message says on one line, not too long."""
    lines = [line.strip() for line in text.strip().splitlines() if line.strip()]
    if not lines:
        return ""
    line = " ".join(lines[:3]) if lines[0].endswith(":") else lines[0]
    return line if len(line) <= MESSAGE_LIMIT else f"{line[:MESSAGE_LIMIT]}..."


def _raised(text: str) -> tuple[str, str]:
    """Return type and message of what a program ended with."""
    raised = _RAISED.search(text)
    if raised:
        return raised["type"].rpartition(".")[2], raised["said"] or ""
    mistake = _MISTAKE.search(text)
    if mistake:
        return "", mistake["said"].strip()
    return "", _last(text.split("\n"))


def _last(lines: Sequence[str]) -> str:
    return next((line.strip() for line in reversed(lines) if line.strip()), "")
