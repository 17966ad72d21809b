"""The modules that a Python program imports, by their names."""

import ast
from collections.abc import Iterator

from pdd_tasks.adapters.python.tree import tree_of


def imports(text: str) -> tuple[str, ...]:
    """Return the modules that a program imports, each once, in order.

    Of ``from a import b`` it is ``a`` and ``a.b``, for ``b`` may be a module; a
    relative one keeps its dots. A text that does not parse imports nothing.
    """
    tree = tree_of(text)
    found = (name for node in ast.walk(tree) for name in _named(node)) if tree else ()
    return tuple(dict.fromkeys(found))


def _named(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (part.name for part in node.names)
    elif isinstance(node, ast.ImportFrom):
        module = "." * node.level + (node.module or "")
        gap = "" if module.endswith(".") or not module else "."
        yield module
        names = (part.name for part in node.names if part.name != "*")
        yield from (f"{module}{gap}{name}" for name in names)
