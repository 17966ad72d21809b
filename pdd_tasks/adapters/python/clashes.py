"""Which names of new tests would change what older tests do.

A name clashes if the older file binds it otherwise, or uses it without binding it:
a built-in, a fixture from elsewhere, a name from a star import.
"""

import ast
from collections.abc import Callable, Iterator, Mapping
from typing import Final

from pdd_tasks.adapters.python.chunks import statements
from pdd_tasks.adapters.python.tests import UNNAMED
from pdd_tasks.adapters.python.tree import (
    Definition,
    Function,
    bound_names,
    dumped,
    identifiers,
)


_MODULE_WIDE: Final = frozenset(
    {
        *("pytestmark", "pytest_plugins", "load_tests", "__test__"),
        *("setup_module", "teardown_module", "setUpModule", "tearDownModule"),
        *("setup_function", "teardown_function", "setup", "teardown"),
    }
)


def clashes(old: ast.Module, new: ast.Module) -> frozenset[str]:
    """Return the names of the new file that cannot stand beside the old one."""
    before, after = bindings(old), bindings(new)
    used = _used(old)
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


def bindings(tree: ast.Module) -> dict[str, str]:
    """Return each name of a module's top level → how it is bound there, in order."""
    found: dict[str, dict[str, None]] = {}
    for node in statements(tree):
        for name, how in _bound(node):
            found.setdefault(name, {})[how] = None  # the same again changes nothing
    return {name: "\n".join(hows) for name, hows in found.items()}


def module_wide(old: ast.Module, new: ast.Module) -> str:
    """Return why new tests cannot share a module with old ones; empty if they can."""
    before, after = bindings(old), bindings(new)
    for node in statements(new):
        for name in bound_names(node):
            if after[name] == before.get(name):
                continue
            if name in _MODULE_WIDE or name.startswith("pytest_"):
                return f"{name} would change the older tests"
            if name == "*":
                return "a star import could hide names of the older tests"
            if isinstance(node, Function) and _is_autouse(node):
                return f"the fixture {name} would apply to the older tests"
    return ""


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


def _is_autouse(node: Function) -> bool:
    keywords = (
        keyword
        for mark in node.decorator_list
        if isinstance(mark, ast.Call)
        for keyword in mark.keywords
    )
    return any(keyword.arg == "autouse" for keyword in keywords)
