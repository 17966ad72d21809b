"""The tests in a Python file: which there are, and the file without some of them."""

import ast
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Final

from pdd_tasks.adapters.python.tree import (
    Definition,
    Function,
    dumped,
    flat,
    is_docstring,
    lines_of,
    tree_of,
)


UNNAMED: Final = frozenset({"name"})


def tests(text: str) -> Mapping[str, str]:
    """Return test id → body without layout, in the order of the file.

    Of a test that is defined twice under one name, the last counts, as it does for
    Python. A text that does not parse has no tests.
    """
    tree = tree_of(text)
    if tree is None:
        return {}
    return {name: dumped(node, without=UNNAMED) for name, node in found(tree.body)}


def found(body: Sequence[ast.stmt], prefix: str = "") -> Iterator[tuple[str, Function]]:
    """Yield id and definition of each test in some statements.

    Args:
        body: Statements of a module or class.
        prefix: Ids of the classes around them, each with its ``::``.

    Yields:
        In the order of the text.
    """
    for node in flat(body):
        if isinstance(node, Function) and node.name.startswith("test"):
            yield f"{prefix}{node.name}", node
        elif isinstance(node, ast.ClassDef) and is_test_class(node):
            yield from found(node.body, f"{prefix}{node.name}::")


def is_test_class(node: ast.stmt) -> bool:
    """Return whether pytest collects a class, by its name or its base."""
    if not isinstance(node, ast.ClassDef):
        return False
    bases = (getattr(base, "attr", getattr(base, "id", "")) for base in node.bases)
    return node.name.startswith("Test") or any(b.endswith("TestCase") for b in bases)


def without_tests(text: str, ids: Collection[str]) -> str:
    """Return a test file less some tests; all other lines stay as they are.

    With a test go its decorators, the comment right above it and the blank lines
    above that; a class goes when nothing is left in it.

    Args:
        text: The file.
        ids: Ids as `tests` gives them; parameters in brackets are ignored.
    """
    tree = tree_of(text)
    if tree is None:
        return text
    lines = lines_of(text)
    wanted = {re.sub(r"\[.*", "", name, flags=re.DOTALL) for name in ids}
    for node, is_direct in _removed(tree.body, wanted, ""):
        first, last = extent(node, lines)
        # A block of an `if` or `try` must not become empty.
        instead = "" if is_direct else f"{' ' * node.col_offset}pass\n"
        while first > 1 and not lines[first - 2].strip():
            first -= 1
        lines[first - 1 : last] = [instead, *[""] * (last - first)]
    return "".join(lines)


def with_comment(text: str, test: str, comment: Sequence[str]) -> str:
    """Return a test file with comment lines right above one of its tests.

    Args:
        text: The file.
        test: Id as `tests` gives it; without such a test nothing is changed.
        comment: The lines, without ends.
    """
    tree = tree_of(text)
    lines = lines_of(text)
    nodes = dict(found(tree.body)) if tree else {}
    if node := nodes.get(test):
        first, _ = extent(node, lines)
        indent = " " * node.col_offset
        lines[first - 1 : first - 1] = [f"{indent}{line}\n" for line in comment]
    return "".join(lines)


def extent(node: ast.stmt, lines: Sequence[str]) -> tuple[int, int]:
    """Return first and last line of a statement, decorators and comment included."""
    marks = node.decorator_list if isinstance(node, Definition) else []
    first = min([node.lineno, *(mark.lineno for mark in marks)])
    while first > 1 and lines[first - 2].lstrip().startswith("#"):
        first -= 1
    return first, node.end_lineno or node.lineno


def _removed(
    body: Sequence[ast.stmt], ids: Collection[str], prefix: str
) -> Iterator[tuple[Definition, bool]]:
    """Yield the definitions to remove, a class in place of all that is in it.

    Yields:
        Each with whether it stands in the block of a module or class.
    """
    for node in flat(body):
        if isinstance(node, Function) and f"{prefix}{node.name}" in ids:
            yield node, node in body
        elif isinstance(node, ast.ClassDef) and is_test_class(node):
            inner = list(_removed(node.body, ids, f"{prefix}{node.name}::"))
            gone = [each for each, _ in inner]
            left = [s for s in node.body if s not in gone and not is_docstring(s)]
            if inner and not left:
                yield node, node in body
            else:
                yield from inner
