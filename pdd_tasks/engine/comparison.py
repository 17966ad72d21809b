"""Compares a file with the bytes it once had: by aspect, and by definition.

The old bytes come from the baselines by their digest; they are looked for only
when a question is asked.
"""

from collections.abc import Callable
from pathlib import PurePosixPath

from pdd_tasks.core.model.artifact import Digest
from pdd_tasks.core.model.unit import Snapshot
from pdd_tasks.core.plan.change import Aspect, Same
from pdd_tasks.core.plan.symbols import Symbols
from pdd_tasks.engine.ports import Baselines, Syntax


def comparer(baselines: Baselines, snapshot: Snapshot, syntax: Syntax) -> Same:
    """Return what answers whether a file agrees with its old bytes in an aspect."""

    def same(path: PurePosixPath, old: Digest, aspect: Aspect) -> bool:
        if path not in snapshot.digests:
            return False
        if snapshot.digests[path].text == old.text:
            return True
        before = old_text(baselines, path, old)
        if before is None:
            return False
        return same_aspect(syntax, before, snapshot.text(path), aspect)

    return same


def counter(
    baselines: Baselines, snapshot: Snapshot, syntax: Syntax
) -> Callable[[PurePosixPath, Digest], int]:
    """Return what counts the definitions that differ from a file's old bytes.

    All that stand count if the old bytes are nowhere to be had.
    """

    def count(path: PurePosixPath, old: Digest) -> int:
        before = old_text(baselines, path, old) or ""
        return symbols_between(syntax, before, snapshot.text(path)).total

    return count


def old_text(baselines: Baselines, path: PurePosixPath, old: Digest) -> str | None:
    """Return the text a file once had; None if it is nowhere to be had."""
    data = baselines.find(old.raw, path)
    return None if data is None else data.decode("utf-8-sig", "replace")


def same_aspect(syntax: Syntax, before: str, now: str, aspect: Aspect) -> bool:
    """Return whether two texts agree in an aspect; what does not parse does not."""
    if syntax.problem(before) or syntax.problem(now):
        return False
    if aspect is Aspect.INTERFACE:
        return syntax.interface(before) == syntax.interface(now)
    return syntax.behaviour(before) == syntax.behaviour(now)


def symbols_between(syntax: Syntax, before: str, now: str) -> Symbols:
    """Return which definitions differ between two texts."""
    return Symbols.between(syntax.definitions(before), syntax.definitions(now))
