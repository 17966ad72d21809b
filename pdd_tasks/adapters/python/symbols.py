"""The definitions of a Python text, each with what it says whatever its layout."""

import ast
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from pdd_tasks.adapters.python.tree import (
    bound_names,
    dumped,
    flat,
    tree_of,
)


_INSIDE = frozenset({"body"})


def definitions(text: str) -> Mapping[str, str]:
    """Return qualified name → what the definition says, without layout and prose.

    Functions, classes, methods and the variables of a module or class. Of a class
    it is the line that opens it; its members have keys of their own. What is
    defined more than once is told apart by its place: ``area``, ``area (2)``. A
    text that does not parse has none.
    """
    tree = tree_of(text)
    seen: Counter[str] = Counter()
    found: dict[str, str] = {}
    for name, said in _symbols(tree.body if tree else (), ""):
        seen[name] += 1
        found[name if seen[name] == 1 else f"{name} ({seen[name]})"] = said
    return found


def _symbols(body: Sequence[ast.stmt], prefix: str) -> Iterator[tuple[str, str]]:
    for node in flat(body):
        match node:
            case ast.ClassDef(name=name):
                yield f"{prefix}{name}", dumped(node, without=_INSIDE)
                yield from _symbols(node.body, f"{prefix}{name}.")
            case ast.Import() | ast.ImportFrom():
                pass
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                yield f"{prefix}{name}", dumped(node)
            case _ if not isinstance(node, ast.If | ast.Try | ast.With):
                for name in bound_names(node):
                    yield f"{prefix}{name}", dumped(node)
            case _:
                pass
