"""Which modules a Python program imports, by its syntax."""

import ast

from pdd_tasks.adapters.python.tree import tree_of


def imported_modules(text: str) -> frozenset[str]:
    """Return the dotted names that may be modules; none if it does not parse.

    Of ``from a import b`` both ``a`` and ``a.b``; a relative import names what stands
    in its own folder, which units do not share, and is left out.
    """
    tree = tree_of(text)
    found: set[str] = set()
    for node in ast.walk(tree) if tree else ():
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module)
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return frozenset(found)
