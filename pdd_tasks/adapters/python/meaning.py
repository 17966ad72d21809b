"""What definitions of a module say, whatever the names of what they need.

Two tests say the same if their bodies are the same once every name of the module's
top level is replaced by what it stands for.
"""

import ast
import hashlib
import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from pdd_tasks.adapters.python.chunks import statements
from pdd_tasks.adapters.python.tests import UNNAMED
from pdd_tasks.adapters.python.tree import Definition, bound_names, dumped


_QUOTED: Final = re.compile(r"'([^\W\d]\w*)'")
_SELF: Final = "<itself>"


def meanings(
    tree: ast.Module, outer: Mapping[str, str] = MappingProxyType({})
) -> dict[str, str]:
    """Return each name of a module's top level → what it stands for, as a digest.

    Args:
        tree: The module.
        outer: What names stand for that the module uses and does not bind.
    """
    ways: dict[str, dict[str, None]] = {}
    for node in statements(tree):
        for name in bound_names(node):
            ways.setdefault(name, {})[_said(node, name)] = None  # once, in order
    said = {name: "".join(parts) for name, parts in ways.items()}
    found = {name: how for name, how in outer.items() if name not in said}
    for name in said:
        _resolve(name, said, found)
    return found


def meaning(said: str, known: Mapping[str, str]) -> str:
    """Return a dump with the names of a module replaced by what they stand for."""
    return _QUOTED.sub(lambda match: known.get(match[1], match[0]), said)


def _said(node: ast.stmt, name: str) -> str:
    if isinstance(node, ast.Import | ast.ImportFrom):
        origin = f"{getattr(node, 'level', 0)}:{getattr(node, 'module', None)}"
        parts = (p for p in node.names if name == (p.asname or p.name.split(".")[0]))
        return f"{origin}:{[part.name for part in parts]}".replace("'", '"')
    without = UNNAMED if isinstance(node, Definition) else frozenset()
    return dumped(node, without=without).replace(f"'{name}'", _SELF)


def _resolve(name: str, said: Mapping[str, str], found: dict[str, str]) -> str:
    """Fill in what a name stands for, after the names it needs.

    Returns:
        A digest; of names that need each other it depends on which comes first.
    """
    if name not in found:
        found[name] = _SELF  # seen again only from inside itself
        for other in _QUOTED.findall(said[name]):
            if other in said:
                _resolve(other, said, found)
        text = meaning(said[name], found)
        found[name] = f"<{hashlib.sha256(text.encode()).hexdigest()}>"
    return found[name]
