"""A Python text as chunks of whole lines, and files put together from them."""

import ast
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from pdd_tasks.adapters.python.tests import extent
from pdd_tasks.adapters.python.tree import (
    Definition,
    bound_names,
    identifiers,
    is_docstring,
    lines_of,
    tree_of,
)


@dataclass(frozen=True, slots=True)
class Chunk:
    """Statements of the top level that share their lines; mostly it is one.

    Attributes:
        nodes: The statements.
        text: Their lines, the comment right above included, without the last end.
    """

    nodes: tuple[ast.stmt, ...]
    text: str

    @property
    def binds(self) -> frozenset[str]:
        """The names it binds."""
        return frozenset(name for node in self.nodes for name in bound_names(node))

    @property
    def uses(self) -> frozenset[str]:
        """The names it may refer to, its own among them."""
        return frozenset(name for node in self.nodes for name in identifiers(node))

    @property
    def is_import(self) -> bool:
        """True if it only imports."""
        return all(isinstance(n, ast.Import | ast.ImportFrom) for n in self.nodes)

    @property
    def is_definition(self) -> bool:
        """True if it is a function or a class."""
        return isinstance(self.nodes[0], Definition)


def chunks(text: str) -> list[Chunk]:
    """Return a text's chunks without its docstring and its main guard, in order."""
    tree = tree_of(text)
    lines = lines_of(text)
    groups: list[tuple[list[ast.stmt], int, int]] = []
    for node in statements(tree) if tree else ():
        first, last = extent(node, lines)
        if groups and first <= groups[-1][2]:
            groups[-1][0].append(node)
            groups[-1] = (groups[-1][0], groups[-1][1], max(last, groups[-1][2]))
        else:
            groups.append(([node], first, last))
    return [
        Chunk(tuple(nodes), "".join(lines[first - 1 : last]).rstrip("\r\n"))
        for nodes, first, last in groups
    ]


def statements(tree: ast.Module) -> list[ast.stmt]:
    """Return what counts of a module: no docstring, no main guard."""
    return [n for n in tree.body if not is_docstring(n) and not _is_main_guard(n)]


def trimmed(chunk: Chunk, names: Collection[str]) -> str:
    """Return the text of an import that binds only some of its names."""
    if chunk.binds <= set(names):
        return chunk.text
    return "\n".join(_imports(chunk, names))


def composed(old: str, above: Sequence[str], below: Sequence[Chunk]) -> str:
    """Return a file with lines put behind its imports, and chunks at its end.

    Args:
        old: The file.
        above: Imports, and what must run before them.
        below: Definitions and constants.
    """
    end = "\r\n" if "\r\n" in old else "\n"
    lines = lines_of(old)
    if lines and not lines[-1].endswith(("\n", "\r")):
        lines[-1] += end
    place = _import_line(old)
    added = [f"{line}{end}" for text in above for line in text.split("\n")]
    added_below: list[str] = []
    is_spaced = True
    for chunk in below:
        gap = 2 if chunk.is_definition or is_spaced else 0
        is_spaced = chunk.is_definition
        added_below += [end] * gap
        added_below += [f"{line}{end}" for line in chunk.text.split("\n")]
    return "".join([*lines[:place], *added, *lines[place:], *added_below])


def _imports(chunk: Chunk, names: Collection[str]) -> Iterator[str]:
    for node in chunk.nodes:
        for part in getattr(node, "names", ()):
            if (part.asname or part.name.partition(".")[0]) in names:
                alone = f"import {part.name}" + (
                    f" as {part.asname}" if part.asname else ""
                )
                if isinstance(node, ast.ImportFrom):
                    alone = f"from {'.' * node.level}{node.module or ''} {alone}"
                yield alone


def _import_line(text: str) -> int:
    """Return after how many lines of a file new imports belong."""
    tree = tree_of(text)
    lines = lines_of(text)
    body = tree.body if tree else []
    ends = [
        n.end_lineno or 0 for n in body if isinstance(n, ast.Import | ast.ImportFrom)
    ]
    if ends:
        return max(ends)
    if body and is_docstring(body[0]):
        return body[0].end_lineno or 0
    first = extent(body[0], lines)[0] - 1 if body else len(lines)
    head = 0  # an interpreter line and an encoding must stay where they are
    while head < min(2, len(lines)) and _is_head(lines[head]):
        head += 1
    return max(first, head)


def _is_head(line: str) -> bool:
    return line.startswith("#!") or (line.startswith("#") and "coding" in line)


def _is_main_guard(node: ast.stmt) -> bool:
    match node:
        case ast.If(test=ast.Compare(left=ast.Name(id="__name__"))):
            return True
        case _:
            return False
