"""The public interface of a program, as text and as names.

Rule 1: names and signatures only; of a default, that there is one. Rule 2: the order
of definitions does not show, nor that of members where it says nothing.
"""

from collections.abc import Iterator
from typing import Final

from tree_sitter import Node

from pdd_tasks.adapters.treesitter.dialect import (
    Dialect,
    is_comment,
    is_opaque,
    text_of,
)


_DEPTH: Final = 100  # what is nested more deeply is compared as it is written


def public_names(root: Node, dialect: Dialect) -> frozenset[str]:
    """Return the names that other programs may use."""
    return frozenset(name for name, _ in dialect.public(root))


def interface(root: Node, dialect: Dialect) -> str:
    """Return the public interface, one definition a line, sorted."""
    lines = {
        f"{name}: {signature(node, dialect)}" for name, node in dialect.public(root)
    }
    return "".join(f"{line}\n" for line in sorted(lines))


def signature(node: Node, dialect: Dialect) -> str:
    """Return what a definition says without bodies, values and comments."""
    return " ".join(_words(node, dialect, 0))


def _words(node: Node, dialect: Dialect, depth: int) -> Iterator[str]:
    if is_opaque(node) or not node.child_count or depth > _DEPTH:
        said = text_of(node).strip()
        if said not in {"", ";", ","}:
            yield said
        return
    members: list[str] = []
    for place in range(node.child_count):
        child = node.children[place]
        if is_comment(child) or _is_left_out(node, place, dialect):
            continue
        if node.type in dialect.unordered and child.is_named:
            members.append(" ".join(_words(child, dialect, depth + 1)))
        elif node.type not in dialect.unordered:
            yield from _words(child, dialect, depth + 1)
    if node.type in dialect.unordered:
        yield "{ " + " ; ".join(sorted(members)) + " }"


def _is_left_out(node: Node, place: int, dialect: Dialect) -> bool:
    child = node.children[place]
    if child.type in dialect.hidden or dialect.is_hidden(child):
        return True
    field = node.field_name_for_child(place)
    is_hidden = f"{node.type}.{field}" in dialect.hidden
    return is_hidden and child.type not in dialect.shown
