"""Names in a Python text replaced where they stand; nothing else moves.

Rule 1: a name is replaced everywhere or nowhere. Rule 2: where a name might also be
meant by something that is not a plain name, it is not replaced but refused.
"""

import ast
import re
from collections.abc import Collection, Iterator, Mapping
from typing import Final, NamedTuple

from pdd_tasks.adapters.python.tests import is_test_class
from pdd_tasks.adapters.python.tree import (
    Definition,
    Function,
    identifiers,
    lines_of,
    listed,
    tree_of,
)


_HEAD: Final = rb"(?:async\s+)?(?:def|class)\s+"


class _Edit(NamedTuple):
    """One replacement: line from 1, column in bytes of UTF-8, length, new text."""

    line: int
    column: int
    length: int
    text: str


def renamed(text: str, names: Mapping[str, str]) -> str:
    """Return a text with some names of its top level replaced, uses included.

    Args:
        text: A program that parses.
        names: Old name → new one; each is free of what `unsafe` finds.
    """
    tree = tree_of(text)
    if tree is None:
        return text
    members = _members(tree)
    edits = [
        edit
        for node in ast.walk(tree)
        if node not in members
        for edit in _edits(node, names, text)
    ]
    return _applied(text, edits)


def unsafe(tree: ast.Module, name: str) -> str:
    """Return why a name cannot be replaced everywhere; empty if it can."""
    members = _members(tree)
    reasons = (_unsafe(node, name, members) for node in ast.walk(tree))
    return next((reason for reason in reasons if reason), "")


def _unsafe(node: ast.AST, name: str, members: Collection[ast.AST]) -> str:
    match node:
        case ast.Constant(value=str(words)) if name in listed(words):
            return "a string names it"
        case ast.JoinedStr() if name in identifiers(node):
            return "an f-string uses it"  # whose positions differ in Python 3.11
        case ast.keyword(arg=other) if other == name:
            return "a keyword argument has its name"
        case ast.Import(names=parts) if _is_dotted(parts, name):
            return "it is a package whose module is imported"
        case ast.Name(id=other) if other == name and node in members:
            return "a class has an attribute of its name"
        case _:
            return "it has no place of its own" if name in _placeless(node) else ""


def _placeless(node: ast.AST) -> list[str | None]:
    """Return the names that a node holds as mere text, without their place."""
    match node:
        case ast.Global(names=names) | ast.Nonlocal(names=names):
            return [*names]
        case ast.ExceptHandler(name=name) | ast.MatchAs(name=name):
            return [name]
        case ast.MatchStar(name=name) | ast.MatchMapping(rest=name):
            return [name]
        case _:
            return []


def distinct(text: str) -> str:
    """Return a test file in which no test or test class hides an earlier one."""
    while True:
        tree = tree_of(text)
        again = next(_repeated(tree.body), None) if tree else None
        if again is None or tree is None:
            return text
        taken = {n.name for n in ast.walk(tree) if isinstance(n, Definition)}
        edit = _head(again, free(again.name, taken), lines_of(text))
        if edit is None:
            return text
        text = _applied(text, [edit])


def free(name: str, taken: Collection[str]) -> str:
    """Return a name with the first number from 2 behind it that is not taken."""
    number = 2
    while f"{name}_{number}" in taken:
        number += 1
    return f"{name}_{number}"


def _repeated(body: list[ast.stmt]) -> Iterator[Definition]:
    seen: set[str] = set()
    for node in body:
        is_test = isinstance(node, Function) and node.name.startswith("test")
        if isinstance(node, Definition) and (is_test or is_test_class(node)):
            if node.name in seen:
                yield node
            seen.add(node.name)
        if isinstance(node, ast.ClassDef) and is_test_class(node):
            yield from _repeated(node.body)


def _members(tree: ast.Module) -> set[ast.AST]:
    """Return what binds a name as an attribute of a class, not as a plain name."""
    found: set[ast.AST] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            for member in node.body:
                if isinstance(member, Definition):
                    found.add(member)
                    continue
                stored = (n for n in ast.walk(member) if isinstance(n, ast.Name))
                found |= {n for n in stored if isinstance(n.ctx, ast.Store)}
    return found


def _edits(node: ast.AST, names: Mapping[str, str], text: str) -> Iterator[_Edit]:
    match node:
        case ast.Name(id=name) | ast.arg(arg=name) if name in names:
            yield _Edit(node.lineno, node.col_offset, _size(name), names[name])
        case (
            ast.FunctionDef(name=name)
            | ast.AsyncFunctionDef(name=name)
            | ast.ClassDef(name=name)
        ) if name in names:
            edit = _head(node, names[name], lines_of(text))
            yield from [edit] if edit else []
        case ast.alias(name=name, asname=None) if name in names:
            end = node.end_col_offset or 0
            yield _Edit(node.end_lineno or 0, end, 0, f" as {names[name]}")
        case ast.alias(asname=str(name)) if name in names:
            start = (node.end_col_offset or 0) - _size(name)
            yield _Edit(node.end_lineno or 0, start, _size(name), names[name])
        case _:
            return


def _head(node: Definition, name: str, lines: list[str]) -> _Edit | None:
    """Return the edit that renames a definition; None if its head is split."""
    line = lines[node.lineno - 1].encode()
    found = re.compile(_HEAD).match(line, node.col_offset)
    if found is None or not line.startswith(node.name.encode(), found.end()):
        return None
    return _Edit(node.lineno, found.end(), _size(node.name), name)


def _applied(text: str, edits: list[_Edit]) -> str:
    lines = [line.encode() for line in lines_of(text)]
    for line, column, length, new in sorted(edits, reverse=True):
        before = lines[line - 1]
        after = before[:column] + new.encode() + before[column + length :]
        lines[line - 1] = after
    return b"".join(lines).decode()


def _size(name: str) -> int:
    return len(name.encode())


def _is_dotted(parts: list[ast.alias], name: str) -> bool:
    return any(
        part.asname is None and part.name.startswith(f"{name}.") for part in parts
    )
