"""What is to be known of a language to read its programs and tests: one value each.

A dialect is tables of node names, as the grammar calls them, and a few functions of
nodes where a table will not do. What merging needs is in `grammar`.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from tree_sitter import Node


@dataclass(frozen=True, slots=True)
class Case:
    """A test, or a group of tests, as a node makes it.

    Attributes:
        name: What reports call it, without the groups around it.
        label: The node that holds the name; it is no part of what the test says.
        members: What is in a group, in order; None for a test.
    """

    name: str
    label: Node | None
    members: tuple[Node, ...] | None = None


def group_of(node: Node, kind: str, is_test: Callable[[Node], bool]) -> Case | None:
    """Return the group that a node is, if a test is in it or in a group in it.

    Args:
        node: The node.
        kind: The type of nodes that groups are.
        is_test: Says whether a node is a test.
    """
    members = _members(node, kind)
    waiting = list(members)
    while waiting:
        one = waiting.pop()
        if is_test(one):
            label = node.child_by_field_name("name")
            return Case(text_of(label), label, members)
        waiting += _members(one, kind)
    return None


def _members(node: Node, kind: str) -> tuple[Node, ...]:
    body = node.child_by_field_name("body") if node.type == kind else None
    return tuple(body.named_children) if body else ()


Public = Iterator[tuple[str, Node]]


def _no_case(node: Node) -> Case | None:
    del node
    return None


def _open(node: Node) -> bool:
    del node
    return False


def _nothing(node: Node) -> Mapping[str, str]:
    del node
    return {}


def _whole(node: Node, names: Collection[str]) -> str:
    del names
    return text_of(node)


def _no_modules(root: Node) -> Iterator[str]:
    del root
    return iter(())


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """How programs of one language are read.

    Attributes:
        grammar: Its name in `grammar.GRAMMARS`.
        public: A program → the names that others may use, each with the node that
            defines it, in order.
        binds: A statement → the names that it binds for those beside it.
        is_hidden: True of a member that others do not see.
        hidden: What an interface leaves out: types of nodes, and fields as
            ``parent.field``.
        shown: Types of nodes that are shown though their field is hidden: the head of
            a function that is the value of a name.
        unordered: Blocks whose members' order says nothing.
        case: A node → the test or group of tests it is; None if it is none.
        is_joined: True if a file has one group of a name, and new tests go into it.
        imported: An import → each name it binds, and what of.
        imports_only: An import and some of its names → an import of these alone.
        modules: A program → what it imports, as it is written there.
    """

    grammar: str
    public: Callable[[Node], Public]
    binds: Callable[[Node], Collection[str]]
    is_hidden: Callable[[Node], bool] = _open
    hidden: frozenset[str] = frozenset()
    shown: frozenset[str] = frozenset()
    unordered: frozenset[str] = frozenset()
    case: Callable[[Node], Case | None] = _no_case
    is_joined: bool = False
    imported: Callable[[Node], Mapping[str, str]] = _nothing
    imports_only: Callable[[Node, Collection[str]], str] = _whole
    modules: Callable[[Node], Iterator[str]] = _no_modules


_OPAQUE: Final = frozenset({"regex", "jsx_text", "preproc_arg", "char_literal"})


def text_of(node: Node | None) -> str:
    """Return the text of a node; empty for none."""
    return ((node.text if node else None) or b"").decode()


def walk(node: Node) -> Iterator[Node]:
    """Yield a node and all that is in it, in the order of the text; no recursion."""
    waiting = [node]
    while waiting:
        one = waiting.pop()
        yield one
        waiting += reversed(one.children)


def is_comment(node: Node) -> bool:
    """Return whether a node is a comment."""
    return "comment" in node.type


def is_lead(node: Node) -> bool:
    """Return whether a node belongs to what it stands above, as an attribute does."""
    return is_comment(node) or node.type == "attribute_item"


def is_opaque(node: Node) -> bool:
    """Return whether every byte of a node counts, blanks too."""
    named = "string" in node.type or "heredoc" in node.type
    return node.is_named and (named or node.type in _OPAQUE)


def identifiers(node: Node) -> frozenset[str]:
    """Return every name that a node mentions."""
    return frozenset(
        text_of(one) for one in walk(node) if not one.child_count and _is_name(one)
    )


def _is_name(leaf: Node) -> bool:
    if leaf.type in {"word", "variable_name"}:
        return True
    return "identifier" in leaf.type


def dumped(node: Node, without: Collection[int] = ()) -> str:
    """Return what a node says whatever its layout: its shape and its words.

    Args:
        node: The node.
        without: Ids of nodes whose words are left out.
    """
    parts: list[str] = []
    waiting: list[Node | str] = [node]
    while waiting:
        one = waiting.pop()
        if isinstance(one, str):
            parts.append(one)
        elif not is_comment(one):
            parts += _opened(one, without)
            if one.child_count and not is_opaque(one) and one.id not in without:
                waiting += [")", *_inside(one)]
    return " ".join(parts)


def _opened(node: Node, without: Collection[int]) -> Iterator[str]:
    if node.id in without:
        yield "_"
    elif is_opaque(node):
        yield repr(text_of(node))
    elif node.child_count:
        yield f"({node.type}"
    elif text_of(node).strip() not in {"", ";"}:
        yield text_of(node)


def _inside(node: Node) -> list[Node | str]:
    """Return the children of a node, the last first, each behind its field."""
    found: list[Node | str] = []
    for place in reversed(range(node.child_count)):
        child = node.child(place)
        if child is not None:
            found.append(child)
            field = node.field_name_for_child(place)
            if field:
                found.append(f"{field}:")
    return found
