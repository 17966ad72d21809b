"""Which names of new tests would change what older tests do.

A name clashes if the older file binds it otherwise, or uses it without binding it:
a built-in, a fixture from elsewhere, a name from a star import.
"""

import ast
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import Final

from pdd_tasks.adapters.python.chunks import statements
from pdd_tasks.adapters.python.fixtures import KNOWN, fixtures
from pdd_tasks.adapters.python.tests import UNNAMED
from pdd_tasks.adapters.python.tree import (
    Definition,
    bound_names,
    dumped,
    identifiers,
)


_TREES: Final = 4  # those that one merge asks about, again and again


def clashes(old: ast.Module, new: ast.Module) -> frozenset[str]:
    """Return the names of the new file that cannot stand beside the old one."""
    before, after = bindings(old), bindings(new)
    # pytest takes names of fixtures as strings, too, and its own stand on others.
    asked = fixtures(new) & (identifiers(old) | KNOWN)
    used = _used(old) | asked
    found = {
        name
        for name, how in after.items()
        if (how != before[name] if name in before else name in used)
    }
    fresh = found
    while fresh:  # what stands on a name that clashes is not what it was either
        fresh = {
            name
            for node in statements(new)
            if not found.isdisjoint(_needed(node))
            for name in bound_names(node)
            if name in before and name not in found
        }
        found |= fresh
    return frozenset(found)


@lru_cache(maxsize=_TREES)
def bindings(tree: ast.Module) -> Mapping[str, str]:
    """Return each name of a module's top level → how it is bound there, in order.

    Args:
        tree: The module, which does not change any more.
    """
    found: dict[str, dict[str, None]] = {}
    for node in statements(tree):
        for name, how in _bound(node):
            found.setdefault(name, {})[how] = None  # the same again changes nothing
    return {name: "\n".join(hows) for name, hows in found.items()}


def dependents(
    tree: ast.Module, reasons: Mapping[str, str]
) -> Callable[[ast.stmt], str]:
    """Return a function that says why a statement cannot be taken; empty if it can.

    Args:
        tree: The new tests.
        reasons: Name → why it cannot be had.
    """
    found = dict(reasons)
    before = -1
    while before != len(found):
        before = len(found)
        for node in statements(tree):
            why = _first_reason(node, found)
            if why:
                found |= {name: why for name in bound_names(node) if name not in found}
    return lambda node: _first_reason(node, found)


def _first_reason(node: ast.stmt, reasons: Mapping[str, str]) -> str:
    names = identifiers(node) | set(bound_names(node))
    return next((reasons[name] for name in sorted(names & reasons.keys())), "")


def _bound(node: ast.stmt) -> Iterator[tuple[str, str]]:
    """Yield each name a statement binds, and how, as text to compare."""
    if isinstance(node, ast.Import | ast.ImportFrom):
        origin = f"{getattr(node, 'level', 0)}:{getattr(node, 'module', None)}"
        for part in node.names:
            name = part.asname or part.name.partition(".")[0]
            yield name, f"{origin}:{part.name}:{part.asname}"
        return
    without = UNNAMED if isinstance(node, Definition) else frozenset()
    how = dumped(node, without=without)
    for name in bound_names(node):
        yield name, how


def _needed(node: ast.stmt) -> frozenset[str]:
    is_import = isinstance(node, ast.Import | ast.ImportFrom)
    return frozenset() if is_import else identifiers(node)


def _used(tree: ast.Module) -> frozenset[str]:
    found: set[str] = set()
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name, ctx=ast.Load()) | ast.arg(arg=name):
                found.add(name)
            case _:
                pass
    return frozenset(found)
