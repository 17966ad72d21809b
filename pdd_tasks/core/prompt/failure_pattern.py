"""Failures as patterns, and text of a run made the same on every machine.

What is not here: how a language prints a failure. Its own adapter reads that, and
takes away what only its own versions and libraries put there.
"""

import re
from collections.abc import Mapping
from typing import Final

from pdd_tasks.core.model.failure import FailureKind


_KINDS: Final[Mapping[str, FailureKind]] = {
    "ImportError": FailureKind.IMPORT,
    "ModuleNotFoundError": FailureKind.IMPORT,
    "ClassNotFoundException": FailureKind.IMPORT,
    "NoClassDefFoundError": FailureKind.IMPORT,
    "NameError": FailureKind.IMPORT,  # a name from nowhere: mostly never imported
    "ReferenceError": FailureKind.IMPORT,
    "AttributeError": FailureKind.ATTRIBUTE,
    "NoSuchMethodError": FailureKind.ATTRIBUTE,
    "NoSuchFieldError": FailureKind.ATTRIBUTE,
    "TypeError": FailureKind.TYPE,
    "ClassCastException": FailureKind.TYPE,
    "AssertionError": FailureKind.ASSERTION,
    "AssertionFailedError": FailureKind.ASSERTION,
    "ComparisonFailure": FailureKind.ASSERTION,
    "Failed": FailureKind.ASSERTION,
    "SyntaxError": FailureKind.COLLECTION,
    "IndentationError": FailureKind.COLLECTION,
    "TabError": FailureKind.COLLECTION,
}
_PHRASES: Final[tuple[tuple[re.Pattern[str], FailureKind], ...]] = (
    (re.compile(r"Cannot find (module|package)\b"), FailureKind.IMPORT),
    (re.compile(r"\bis not a function$"), FailureKind.ATTRIBUTE),
    (re.compile(r"^Timeout >"), FailureKind.TIMEOUT),
)
_ESCAPE: Final = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]")
_ADDRESS: Final = re.compile(r"\b(at |[Tt]hread )0x[0-9a-fA-F]{4,}")
_POINTER: Final = re.compile(r"\b0x(?:0000)?(?:7f|5[56])[0-9a-fA-F]{10}\b")
_SPENT: Final = re.compile(r"\b(in|took) \d+(?:\.\d+)? ?(?:[mnu\u00b5]?s|seconds?)\b")
_CLOCK: Final = re.compile(
    r"\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d[.,]\d{3,9}(?:Z|[+-]\d\d:?\d\d)?\b"
)
_MARK: Final = "[... the middle of the output is left out ...]"


def classify(exception: str, message: str) -> FailureKind:
    """Return the pattern of a failure.

    Args:
        exception: The exception's type, with or without the module it is from.
        message: The first line of what it says.
    """
    for phrase, kind in _PHRASES:
        if phrase.search(message):
            return kind
    leaf = re.split(r"[.:]", exception)[-1]
    return _KINDS.get(leaf, FailureKind.OTHER)


def normalised(message: str, *, roots: Mapping[str, str]) -> str:
    """Return text of a run without what differs between machines and runs.

    Only what is surely noise goes: a bare number is never touched, for it may be
    what the failure is about.

    Args:
        message: Any text a run printed.
        roots: Absolute folder → what stands in its place; an empty string makes
            the paths below it relative.
    """
    text = _ESCAPE.sub("", message).replace("\r\n", "\n")
    for root in sorted(roots, key=len, reverse=True):
        text = _without_root(text, root, roots[root])
    text = _ADDRESS.sub(r"\g<1>0x0", text)
    text = _POINTER.sub("0x0", text)
    text = _SPENT.sub(r"\g<1> <time>", text)
    return _CLOCK.sub("<time>", text)


def bounded(text: str, limit: int) -> str:
    """Return a text cut to about `limit` characters: whole lines, head and tail."""
    if len(text) <= limit:
        return text
    half = limit // 2
    head = text[:half].rpartition("\n")[0] or text[:half]
    tail = text[-half:].partition("\n")[2] or text[-half:]
    return f"{head}\n{_MARK}\n{tail}"


def _without_root(text: str, root: str, name: str) -> str:
    folder = re.escape(root.rstrip("/"))
    inside = re.compile(rf"(?<![\w.~-]){folder}/")
    itself = re.compile(rf"(?<![\w.~-]){folder}(?![\w.~-])")
    text = inside.sub(lambda _: f"{name}/" if name else "", text)
    return itself.sub(lambda _: name or ".", text)
