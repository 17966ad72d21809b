"""Texts as trees, and why a text is none."""

from typing import Final

from tree_sitter import Node

from pdd_tasks.adapters.treesitter.dialect import Dialect, walk
from pdd_tasks.adapters.treesitter.grammar import tree_of


_SHOWN: Final = 60


def root_of(text: str, dialect: Dialect) -> Node:
    """Return the root of a text's tree, of a dialect whose grammar is installed.

    Raises:
        AssertionError: If it is not; `dialect_of` has looked.
    """
    tree = tree_of(dialect.grammar, text)
    if tree is None:
        raise AssertionError("unreachable: a dialect is given only with its grammar")
    return tree.root_node


def problem_in(root: Node) -> str | None:
    """Return why a tree is no program, ``line 3: …``; None if it is one."""
    if not root.has_error:
        return None
    for node in walk(root):
        if node.is_missing:
            return f"line {node.start_point.row + 1}: {node.type} is missing"
        if node.is_error:
            lines = (node.text or b"").decode().strip().split("\n")
            return f"line {node.start_point.row + 1}: unexpected {lines[0][:_SHOWN]!r}"
    return "it does not parse"
