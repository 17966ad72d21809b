"""What Python and pytest print, without what their versions and libraries put there.

Two layouts of tracebacks are known: the interpreter's own, and pytest's short one.
Frames of libraries go, for their lines differ between versions; so do the marks
under a line, suggestions, and the environment that pytest reports.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from pdd_tasks.core.prompt.failure_pattern import bounded, normalised


OUTPUT_LIMIT: Final = 8_000
MESSAGE_LIMIT: Final = 500
_READ_LIMIT: Final = 100_000

_LIBRARY: Final = re.compile(
    r"(?<![\w.])(?:(?:\.\.|[~/\w.+@-])[^\s\"'(),:;]{0,300})?"
    r"/lib(?:64)?/(?:python|pypy)\d(?:\.\d+)?t?/(?:(?:site|dist)-packages/)?"
)
_FOREIGN: Final = ("<", "../", "/", "~/")
_NATIVE: Final = re.compile(r'^\s*(?:\|\s*)?File "([^"]+)", line \d+, in ')
_SHORT: Final = re.compile(r"^(\S.*?):\d+: in \S")
_CARETS: Final = re.compile(r"^(?:E\s|\s{4})[\s|]*~*\^[~^]*\s*$")
_HINT: Final = re.compile(
    r"\. Did you mean:? '[^']*'\?(?: Or did you forget to import '[^']*'\?)?$"
    r"|\. Did you forget to import '[^']*'\??$"
    r"| \(consider renaming '[^']*' .*\)$"
    r"|(?<=invalid syntax)\. (?:Perhaps|Maybe) .*$"
)
_REPEATED: Final = re.compile(r"(\[Previous line repeated) \d+ (more times?\])")
_NOT_RAISED: Final = re.compile(r"(DID NOT RAISE) <class '(?:\w+\.)*(\w+)'>")
_PYTEST_TMP: Final = re.compile(r"pytest-of-[^/\s]+/pytest-\d+")
_RANDOM_TMP: Final = re.compile(r"(<tmp>/(?:[\w.-]+/)*)tmp[a-z0-9_]{8}\b")
_SKIPPED: Final = re.compile(r"^=+ (?:tests coverage|short test summary info) =+$")
_RULE: Final = re.compile(r"^=+ .* =+$")
_NOISE: Final = re.compile(
    r"^>?\s+(?:available fixtures:|use 'pytest --fixtures)"
    r"|^(?:platform|rootdir|configfile|plugins|cachedir):? "
)
_SUMMARY: Final = re.compile(
    r"^(=* ?(?:\d+ [a-z]+(?:, )?)+) in <time>(?: \(\d+:\d+:\d+\))?( =*)?$"
)


def clean(text: str, roots: Mapping[str, str]) -> str:
    """Return text of a Python run as it would be on every machine and version."""
    text = normalised(bounded(text, _READ_LIMIT), roots=roots)
    text = _LIBRARY.sub("<lib>/", text)
    text = _RANDOM_TMP.sub(r"\1tmp", _PYTEST_TMP.sub("pytest", text))
    text = _NOT_RAISED.sub(r"\1 \2", _REPEATED.sub(r"\1 \2", text))
    return "\n".join(_HINT.sub("", line) for line in text.split("\n"))


def clean_message(text: str, roots: Mapping[str, str]) -> str:
    """Return the first line of an exception's message, cleaned and not too long."""
    line = clean(text, roots).strip().partition("\n")[0].strip()
    return line if len(line) <= MESSAGE_LIMIT else f"{line[:MESSAGE_LIMIT]}..."


def clean_output(output: bytes, roots: Mapping[str, str]) -> str:
    """Return the output of a run, cleaned, without foreign frames, and bounded."""
    text = clean(output.decode("utf-8", errors="replace"), roots)
    lines = list(_own_frames(list(_told(text.split("\n")))))
    return bounded("\n".join(lines).strip("\n"), OUTPUT_LIMIT)


def is_own(path: str) -> bool:
    """Return whether a cleaned path of a frame is one of the project."""
    return not path.startswith(_FOREIGN)


def _told(lines: Sequence[str]) -> Iterator[str]:
    """Leave out what pytest says of itself and its plugins.

    Yields:
        The other lines.
    """
    is_skipped = False
    for line in lines:
        if _RULE.match(line):
            is_skipped = _SKIPPED.match(line) is not None
        if _SUMMARY.match(line):
            is_skipped = False
        if not (is_skipped or _NOISE.match(line) or _CARETS.match(line)):
            yield _SUMMARY.sub(r"\1\2", line)


def _own_frames(lines: Sequence[str]) -> Iterator[str]:
    """Leave out the library's frames, and all but one source line of the others.

    Python 3.13 prints every line of a statement, older ones the first.

    Yields:
        The other lines.
    """
    margin, allowed = -1, 0  # of the frame we are in; source lines still to come
    for line in lines:
        indent = len(line) - len(line.lstrip())
        own = _own_frame(line)
        if own is not None:
            margin, allowed = indent, int(own)
            if own:
                yield line
        elif margin >= 0 and indent > margin and line.strip():
            if allowed:
                yield line
            allowed = 0
        else:
            margin = -1
            yield line


def _own_frame(line: str) -> bool | None:
    """Return whether a frame is the project's; None if the line names no frame."""
    found = _NATIVE.match(line) or _SHORT.match(line)
    return None if found is None else is_own(found[1])
