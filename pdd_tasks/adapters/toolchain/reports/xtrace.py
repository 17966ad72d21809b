"""What Bash says it runs, as ``drivers/bash_trace.py`` gathers it with the code.

One JSON object: file → its ``text``, and the ``lines`` at which commands were run.
Commands count by the line they begin at.

Source: bash(1), "PS4" and "BASH_XTRACEFD".
"""

import json
from collections.abc import Collection, Iterator, Mapping

from pdd_tasks.adapters.toolchain.result import Covered


def covered(text: str) -> Mapping[str, Covered]:
    """Return file → what of it was run; nothing of a file that does not parse."""
    try:
        report = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    if not isinstance(report, dict):
        return {}
    return {
        name: Covered(lines=lines)
        for name, found in report.items()
        if (lines := _lines(found))
    }


def _lines(found: object) -> Mapping[int, bool]:
    """Return line at which a command begins → whether it was run."""
    text, ran = _read(found)
    lines: dict[int, bool] = {}
    for first, last in _spans(text):
        is_run = any(first <= line <= last for line in ran)
        lines[first] = lines.get(first, False) or is_run
    return dict(sorted(lines.items()))


def _read(found: object) -> tuple[str, Collection[int]]:
    text = found.get("text") if isinstance(found, dict) else None
    ran = found.get("lines") if isinstance(found, dict) else None
    lines = [n for n in ran if isinstance(n, int)] if isinstance(ran, list) else []
    return (text if isinstance(text, str) else ""), lines


def _spans(text: str) -> Iterator[tuple[int, int]]:
    """Yield the first and the last line of each command; none if nothing reads them."""
    try:
        from pdd_tasks.adapters.treesitter.dialects.bash import commands
        from pdd_tasks.adapters.treesitter.grammar import tree_of
    except ImportError:
        return
    tree = tree_of("bash", text)
    if tree is not None and not tree.root_node.has_error:
        yield from commands(tree.root_node)
