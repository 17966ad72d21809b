"""A test file put together from older tests and from new ones and what they need."""

import ast
from collections.abc import Collection, Sequence

from pdd_tasks.adapters.python.chunks import Chunk, chunks, composed, trimmed
from pdd_tasks.adapters.python.clashes import bindings
from pdd_tasks.adapters.python.effects import is_confined
from pdd_tasks.adapters.python.harm import left_out, own_of
from pdd_tasks.adapters.python.tests import found
from pdd_tasks.adapters.python.tree import dumped, tree_of


_NO_TREE = ast.Module(body=[], type_ignores=[])


def with_tests(old: str, before: ast.Module, text: str) -> str:
    """Return the old file with the tests of a text, and what they need, added.

    Args:
        old: The file.
        before: Its tree.
        text: Tests whose names are free there.
    """
    has = bindings(before)
    parts = chunks(text)
    last = max((i for i, part in enumerate(parts) if part.is_import), default=-1)
    stand = {dumped(node) for node in before.body}
    tree = tree_of(text) or _NO_TREE
    gone = {dumped(node) for node in left_out(before, tree)}
    parts = [part for part in parts if not _is_all(part, gone)]
    own = own_of(before, tree)
    loose = [part for part in parts if _is_loose(part, own)]
    needed = _needed(parts, loose)
    above: list[str] = []
    below: list[Chunk] = []
    for index, part in enumerate(parts):
        if part.is_import:
            above += _import(part, needed - has.keys())
        elif _is_all(part, stand) or not (part in loose or _is_due(part, needed, has)):
            continue
        elif index < last and not part.is_definition:
            above.append(part.text)
        else:
            below.append(part)
    return composed(old, above, below)


def _import(part: Chunk, names: frozenset[str]) -> list[str]:
    wanted = part.binds & names
    return [trimmed(part, wanted)] if wanted else []


def _is_loose(part: Chunk, own: Collection[str]) -> bool:
    """Return whether a chunk is there for what it does, not for what it binds."""
    return not part.binds or all(
        isinstance(node, ast.For | ast.While) and is_confined(node, own)
        for node in part.nodes
    )


def _needed(parts: Sequence[Chunk], loose: Sequence[Chunk]) -> frozenset[str]:
    """Return the names that the tests among some chunks need, directly or not."""
    needed: set[str] = set()
    due = [part for part in parts if any(found(part.nodes)) or part in loose]
    while due:
        part = due.pop()
        fresh = part.uses - needed
        needed |= fresh
        due += [p for p in parts if p.binds & fresh and not p.is_import]
    return frozenset(needed)


def _is_due(part: Chunk, needed: frozenset[str], has: Collection[str]) -> bool:
    """Return whether a chunk must be added, not being an import."""
    if any(found(part.nodes)):
        return True
    return part.binds.isdisjoint(has) and not part.binds.isdisjoint(needed)


def _is_all(part: Chunk, dumps: Collection[str]) -> bool:
    return all(dumped(node) in dumps for node in part.nodes)
