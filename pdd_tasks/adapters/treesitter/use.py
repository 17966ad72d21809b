"""What a program uses of others: imports, calls, attributes, types, exceptions.

Each has a name, with what it stands for where an import says that, and the form in
which it is used: of a call, how many arguments it has.
"""

from collections.abc import Iterator, Mapping
from typing import Final

from tree_sitter import Node

from pdd_tasks.adapters.treesitter.dialect import Dialect, is_comment, text_of, walk


Use = tuple[str, str]
"""The name of what is used, and the form in which it is."""

_CALLS: Final[Mapping[str, str]] = {
    "call_expression": "function",
    "new_expression": "constructor",
    "method_invocation": "name",
    "object_creation_expression": "type",
    "command": "name",
}
"""A node that calls → the field of what it calls."""
_MEMBERS: Final[Mapping[str, tuple[str, str]]] = {
    "member_expression": ("object", "property"),
    "selector_expression": ("operand", "field"),
    "field_access": ("object", "field"),
    "scoped_identifier": ("path", "name"),
    "qualified_identifier": ("scope", "name"),
}
"""A part of something → the fields of the whole and of its part."""
_FIELD: Final = (("value", "field"), ("argument", "field"))
_NAMES: Final = frozenset({"identifier", "type_identifier", "namespace_identifier"})
_CATCHING: Final = frozenset({"catch_formal_parameter", "catch_clause"})
_SPREAD: Final = frozenset({"spread_element", "variadic_argument"})


def uses(root: Node, dialect: Dialect) -> Iterator[Use]:
    """Yield what a program uses, each as often as it does."""
    known: dict[str, str] = {}
    for node in walk(root):
        known |= dialect.imported(node)
    yield from ((target, target) for target in known.values())
    own = {name for node in root.named_children for name in dialect.binds(node)}
    called: set[int] = set()
    for node in walk(root):
        if node.type in _CALLS:
            callee = node.child_by_field_name(_CALLS[node.type])
            called.add(callee.id if callee else 0)
            yield from _call(node, callee, known)
        elif node.type == "token_tree":
            yield from _calls_in(node, known)
        elif node.type in _CATCHING:
            yield from _caught(node)
        elif node.type == "type_identifier" and text_of(node) not in own:
            name = known.get(text_of(node), text_of(node))
            yield name, name
        elif _part(node) and node.id not in called:
            name = _name(node, known)
            yield name, name


def _call(node: Node, callee: Node | None, known: Mapping[str, str]) -> Iterator[Use]:
    if callee is None:
        return
    name = _name(callee, known)
    if node.type == "method_invocation":
        owner = _owner(node.child_by_field_name("object"), known)
        name = f"{owner}.{text_of(callee)}"
    given = node.child_by_field_name("arguments")
    arguments = given.named_children if given else []
    if node.type == "command":
        arguments = node.children_by_field_name("argument")
    signs = ["*_" if a.type in _SPREAD else "_" for a in arguments if not is_comment(a)]
    yield name, f"{name}({', '.join(signs)})"


def _calls_in(tokens: Node, known: Mapping[str, str]) -> Iterator[Use]:
    """Yield the calls among what a macro of Rust takes, which no grammar reads."""
    before: list[Node] = []
    for node in tokens.children:
        if node.type == "token_tree" and text_of(node)[:1] == "(" and before:
            *path, last = before
            owner = "." if path and text_of(path[-1]) == "." else ""
            first = text_of(before[0])
            name = f"{owner}{text_of(last)}" if owner else known.get(first, first)
            inner = node.children[1:-1]
            commas = sum(text_of(one) == "," for one in inner[:-1])
            count = commas + 1 if inner else 0
            yield name, f"{name}({', '.join('_' * count)})"
        is_path = node.type in _NAMES or text_of(node) in {".", "::"}
        before = [*before, node] if is_path else []


def _caught(node: Node) -> Iterator[Use]:
    """Yield the types of what is caught; a clause of C++ has them as parameters."""
    for one in node.named_children:
        kinds = [one] if one.type == "catch_type" else []
        if one.type == "parameter_list":
            kinds = [k for p in one.named_children if (k := _type(p))]
        for kind in kinds:
            name = f"catch {' '.join(text_of(kind).split())}"
            yield name, name


def _type(parameter: Node) -> Node | None:
    return parameter.child_by_field_name("type")


def _part(node: Node) -> tuple[Node, Node] | None:
    """Return a whole and its part; None if a node is no such thing."""
    pairs = (_MEMBERS[node.type],) if node.type in _MEMBERS else ()
    for whole, part in _FIELD if node.type == "field_expression" else pairs:
        found = node.child_by_field_name(whole), node.child_by_field_name(part)
        if found[0] is not None and found[1] is not None:
            return found[0], found[1]
    return None


def _name(node: Node, known: Mapping[str, str]) -> str:
    """Return what something is called, its owner in front where an import tells it."""
    parts = _part(node)
    if parts is None:
        said = " ".join(text_of(node).split())
        return known.get(said, said)
    return f"{_owner(parts[0], known)}.{text_of(parts[1])}"


def _owner(node: Node | None, known: Mapping[str, str]) -> str:
    """Return what a whole is called: what an import binds, or a type; empty if not."""
    names: list[str] = []
    while node is not None and (parts := _part(node)):
        names.append(text_of(parts[1]))
        node = parts[0]
    said = text_of(node) if node is not None and node.type in _NAMES else ""
    own = said if said[:1].isupper() else ""
    first = known.get(said, own)
    return ".".join((first, *reversed(names))) if first or names else ""
