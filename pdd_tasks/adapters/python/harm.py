"""What new tests in a module would do to the older ones in it.

What is not here: names that mean two things (`clashes`), for which others are found.
"""

import ast
from collections.abc import Collection
from functools import lru_cache
from typing import Final

from pdd_tasks.adapters.python.chunks import statements
from pdd_tasks.adapters.python.clashes import bindings, clashes
from pdd_tasks.adapters.python.effects import is_confined, outside, own_values
from pdd_tasks.adapters.python.fixtures import ANY, KNOWN, given_names, is_autouse
from pdd_tasks.adapters.python.tree import bound_names, dumped, identifiers


_MODULE_WIDE: Final = frozenset(
    {
        *("pytestmark", "pytest_plugins", "load_tests", "__test__", "__getattr__"),
        *("setup_module", "teardown_module", "setUpModule", "tearDownModule"),
        *("setup_function", "teardown_function", "setup", "teardown"),
    }
)


def module_wide(old: ast.Module, new: ast.Module) -> str:
    """Return why new tests cannot share a module with old ones; empty if they can."""
    before, after = bindings(old), bindings(new)
    for node in statements(new):
        is_import = isinstance(node, ast.Import | ast.ImportFrom)
        for name in bound_names(node):
            if after[name] == before.get(name):
                continue
            is_hook = name.startswith("pytest_") and not is_import
            if name in _MODULE_WIDE or is_hook:
                return f"{name} would change the older tests"
            if name == "*":
                return "a star import could hide names of the older tests"
            if is_autouse(node):
                return f"the fixture {name} would apply to the older tests"
    return ""


def harmful(old: ast.Module, new: ast.Module) -> dict[str, str]:
    """Return name → why what binds it cannot stand beside the older tests.

    Args:
        old: The older tests.
        new: New ones, whose names are free.
    """
    own, stands = own_of(old, new), bindings(old).keys()
    asked = identifiers(old) | stands | KNOWN | {ANY}
    found: dict[str, str] = {}
    for node in _fresh(old, new):
        why = _harm(node, own, stands, asked)
        found |= {name: why for name in bound_names(node) if why}
    return found


def left_out(old: ast.Module, new: ast.Module) -> list[ast.stmt]:
    """Return the statements that bind nothing and would be felt by older tests."""
    own = own_of(old, new)
    loose = (node for node in _fresh(old, new) if not bound_names(node))
    return [node for node in loose if not is_confined(node, own)]


def own_of(old: ast.Module, new: ast.Module) -> Collection[str]:
    """Return the names of values that new tests write out and old ones do not know."""
    return own_values(new) - bindings(old).keys()


def objection(old: ast.Module, result: ast.Module) -> str:
    """Return why older tests would not be what they were; empty if they are.

    However the file was put together: it is looked at anew.

    Args:
        old: The older tests.
        result: The same with new ones added.
    """
    if names := clashes(old, result):
        return f"{min(names)} would mean something else"
    if left_out(old, result):
        return "something would run for the older tests, too"
    return module_wide(old, result) or next(iter(harmful(old, result).values()), "")


@lru_cache(maxsize=2)
def _fresh(old: ast.Module, new: ast.Module) -> tuple[ast.stmt, ...]:
    """Return the statements of a file that do not stand in an older one."""
    stand = {dumped(node) for node in old.body}
    return tuple(node for node in statements(new) if dumped(node) not in stand)


def _harm(
    node: ast.stmt, own: Collection[str], stands: Collection[str], asked: frozenset[str]
) -> str:
    """Return what a statement would do to older tests; empty if nothing.

    Args:
        node: The statement.
        own: Names of values that it may change.
        stands: Names that the older tests bind.
        asked: Names by which they may ask for fixtures.
    """
    if changed := outside(node, own):
        return f"it does something with {changed} when it is imported"
    for each in ast.walk(node):
        if isinstance(each, ast.Global) and (names := set(stands) & set(each.names)):
            return f"it changes {min(names)} of the older tests"
    if isinstance(node, ast.ClassDef):
        return ""  # its fixtures are for its own tests
    if hidden := asked.intersection(given_names(node)):
        return f"its fixture {min(hidden)} could hide one that older tests ask for"
    return ""
