"""Rust: what is ``pub``, and tests that are functions marked so."""

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Final

from tree_sitter import Node

from pdd_tasks.adapters.treesitter.dialect import (
    Case,
    Dialect,
    Public,
    group_of,
    text_of,
    walk,
)


_TEST: Final = re.compile(r"#\[(?:\w+::)*test\b.*\]", re.DOTALL)


def public(root: Node) -> Public:
    """Yield what other crates may use, methods and implementations of traits too."""
    for node in root.named_children:
        if node.type == "impl_item":
            yield from _implemented(node)
        elif _is_public(node):
            for name in sorted(binds(node)):
                yield name, node


def _implemented(node: Node) -> list[tuple[str, Node]]:
    """Return what an implementation adds to its type."""
    trait = text_of(node.child_by_field_name("trait"))
    owner = text_of(node.child_by_field_name("type"))
    if trait:
        return [(f"impl {trait} for {owner}", node)]
    body = node.child_by_field_name("body")
    members = filter(_is_public, body.named_children if body else ())
    return [(name, member) for member in members for name in sorted(binds(member))]


def _is_public(node: Node) -> bool:
    return any(
        text_of(c) == "pub" for c in node.children if c.type == "visibility_modifier"
    )


def binds(node: Node) -> frozenset[str]:
    """Return the names that an item or a statement gives a meaning."""
    if node.type == "use_declaration":
        return frozenset(imported(node)) - {" ".join(text_of(node).split())}
    if node.type == "impl_item":
        kinds = (text_of(node.child_by_field_name(f)) for f in ("trait", "type"))
        return frozenset({" ".join(["impl", *kinds])})
    if node.type in {"let_declaration", "for_expression"}:
        pattern = node.child_by_field_name("pattern")
        parts = walk(pattern) if pattern else ()
        return frozenset(text_of(one) for one in parts if one.type == "identifier")
    is_item = node.type.endswith(("_item", "_definition"))
    name = node.child_by_field_name("name")
    return frozenset({text_of(name)}) if is_item and name else frozenset()


def is_hidden(node: Node) -> bool:
    """Return whether a member is its type's own affair."""
    if node.type == "field_declaration":
        inside = node.parent.parent if node.parent else None
        is_free = inside is not None and inside.type == "enum_variant"
        return not (is_free or _is_public(node))
    return False


def case(node: Node) -> Case | None:
    """Return the test that a function is marked as, or a module with tests."""
    if _is_test(node):
        label = node.child_by_field_name("name")
        return Case(text_of(label), label)
    return group_of(node, "mod_item", _is_test)


def _is_test(node: Node) -> bool:
    above = node.prev_named_sibling if node.type == "function_item" else None
    while above is not None and above.type in {"attribute_item", "line_comment"}:
        if _TEST.fullmatch(text_of(above).strip()):
            return True
        above = above.prev_named_sibling
    return False


def imported(node: Node) -> Mapping[str, str]:
    """Return the names that a use binds, each with its path."""
    if node.type != "use_declaration":
        return {}
    argument = node.child_by_field_name("argument")
    found = dict(_used(argument, "")) if argument else {}
    whole = " ".join(text_of(node).split())
    return {whole: whole} if not found or "*" in found else found


def _used(node: Node, path: str) -> Iterator[tuple[str, str]]:
    """Yield name and path of what a use names; ``*`` for all of a module."""
    waiting = [(node, path)]
    while waiting:
        one, path = waiting.pop()
        match one.type:
            case "use_list":
                waiting += [(each, path) for each in reversed(one.named_children)]
            case "scoped_use_list":
                below = one.child_by_field_name("list")
                start = f"{path}{text_of(one.child_by_field_name('path'))}::"
                waiting += [(below, start)] if below else []
            case "use_as_clause":
                alias = text_of(one.child_by_field_name("alias"))
                yield alias, path + text_of(one.child_by_field_name("path"))
            case "use_wildcard":
                yield "*", path
            case _ if not one.type.endswith("comment"):
                name = text_of(one)
                yield name.rpartition("::")[2], path + name
            case _:
                pass


def imports_only(node: Node, names: Collection[str]) -> str:
    """Return uses of some of the names that a use binds."""
    bound = imported(node)
    if set(bound) <= set(names):
        return text_of(node)
    kept = {name: path for name, path in bound.items() if name in names}
    return "\n".join(_use(name, path) for name, path in kept.items())


def _use(name: str, path: str) -> str:
    is_plain = path.rpartition("::")[2] == name
    return f"use {path};" if is_plain else f"use {path} as {name};"


def modules(root: Node) -> Iterator[str]:
    """Yield the paths of what a program uses, and its modules in other files."""
    for node in walk(root):
        if node.type == "use_declaration":
            yield from imported(node).values()
        elif node.type == "mod_item" and node.child_by_field_name("body") is None:
            yield text_of(node.child_by_field_name("name"))


DIALECT: Final = Dialect(
    grammar="rust",
    public=public,
    binds=binds,
    is_hidden=is_hidden,
    hidden=frozenset(
        {
            *("function_item.body", "const_item.value", "static_item.value"),
            *("impl_item.body", "mod_item.body", "macro_rule.right"),
        }
    ),
    case=case,
    is_joined=True,
    imported=imported,
    imports_only=imports_only,
    modules=modules,
)
