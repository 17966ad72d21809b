"""Definitions taken out of a Python program, for ``select="def:name"``."""

import ast
from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath
from typing import Final

from pdd_tasks.adapters.python.tree import Definition, parsed, tree_of


_ENDINGS: Final = frozenset({".py", ".pyi"})


def python_slice(path: PurePosixPath, text: str, kind: str, name: str) -> str | None:
    """Return the text of a definition, decorators included; None if not Python.

    Definitions of one name, as with ``@overload``, are returned together.

    Args:
        path: The file; only ``.py`` and ``.pyi`` are read.
        text: Its text.
        kind: ``def`` or ``class``.
        name: The definition's name, dotted inside a class: ``Stack.push``.

    Raises:
        LookupError: If the text does not parse or has no such definition.
    """
    if path.suffix not in _ENDINGS:
        return None
    tree = tree_of(text)
    if tree is None:
        raise LookupError(f"it is not valid Python: {parsed(text)}")
    body = tree.body
    *outer, last = name.split(".")
    for part in outer:
        classes = [one for one in _named(body, part) if isinstance(one, ast.ClassDef)]
        body = [statement for one in classes for statement in one.body]
    lines = text.split("\n")
    found = [
        "\n".join(lines[_first(one) - 1 : one.end_lineno])
        for one in _named(body, last)
        if isinstance(one, ast.ClassDef) == (kind == "class")
    ]
    if not found:
        raise LookupError(f"there is no {kind} {name}")
    return "\n\n".join(found)


def _named(body: Iterable[ast.stmt], name: str) -> Iterator[Definition]:
    for statement in body:
        if isinstance(statement, Definition):
            if statement.name == name:
                yield statement
        elif isinstance(statement, ast.If | ast.Try):
            yield from _named(
                (s for s in ast.iter_child_nodes(statement) if isinstance(s, ast.stmt)),
                name,
            )


def _first(found: Definition) -> int:
    return min([found.lineno, *(one.lineno for one in found.decorator_list)])
