"""Java: types and members that are not private; tests of JUnit, or named ``test*``."""

from collections.abc import Iterator, Mapping
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


_TYPES: Final = frozenset(
    {
        *("class_declaration", "interface_declaration", "enum_declaration"),
        *("record_declaration", "annotation_type_declaration"),
    }
)
_MARKS: Final = frozenset(
    {"Test", "ParameterizedTest", "RepeatedTest", "TestFactory", "TestTemplate"}
)
_ANNOTATIONS: Final = frozenset({"marker_annotation", "annotation"})


def public(root: Node) -> Public:
    """Yield types that are not private, and the members of theirs that are not.

    What has no word in front is for its package, which tests are in.
    """
    for node in root.named_children:
        if node.type in _TYPES and not is_hidden(node):
            yield text_of(node.child_by_field_name("name")), node
            body = node.child_by_field_name("body")
            for member in body.named_children if body else ():
                if not is_hidden(member):
                    yield from ((name, member) for name in sorted(binds(member)))


def binds(node: Node) -> frozenset[str]:
    """Return the names that a declaration gives a meaning."""
    if node.type == "import_declaration":
        return frozenset(imported(node)) - {" ".join(text_of(node).split())}
    if node.type.endswith(("field_declaration", "variable_declaration")):
        found = node.children_by_field_name("declarator")
        return frozenset(text_of(one.child_by_field_name("name")) for one in found)
    name = node.child_by_field_name("name")
    is_named = node.type.endswith("_declaration") or node.type == "enum_constant"
    return frozenset({text_of(name)}) if is_named and name else frozenset()


def is_hidden(node: Node) -> bool:
    """Return whether a type or member is private."""
    if not node.type.endswith("_declaration"):
        return False
    return "private" in _words(node)


def _words(node: Node) -> frozenset[str]:
    """Return the words in front of a declaration, annotations without their signs."""
    given = next((c for c in node.children if c.type == "modifiers"), None)
    return frozenset(
        text_of(one.child_by_field_name("name"))
        if one.type in _ANNOTATIONS
        else text_of(one)
        for one in (given.children if given else ())
    )


def case(node: Node) -> Case | None:
    """Return the test that a method is, or the class with tests."""
    if _is_test(node):
        label = node.child_by_field_name("name")
        return Case(text_of(label), label)
    return group_of(node, "class_declaration", _is_test)


def _is_test(node: Node) -> bool:
    if node.type != "method_declaration":
        return False
    words = _words(node)
    given = node.child_by_field_name("parameters")
    is_bare = given is not None and not given.named_child_count
    named = text_of(node.child_by_field_name("name")).startswith("test")
    return bool(words & _MARKS) or ("static" in words and named and is_bare)


def imported(node: Node) -> Mapping[str, str]:
    """Return the name that an import binds, with what it is."""
    if node.type != "import_declaration":
        return {}
    whole = " ".join(text_of(node).split())
    path = whole.removeprefix("import ").removesuffix(";").strip()
    name = path.rpartition(".")[2]
    return {whole: whole} if name == "*" else {name: path}


def modules(root: Node) -> Iterator[str]:
    """Yield the full names of what a program imports."""
    for node in walk(root):
        if node.type == "import_declaration":
            words = text_of(node).rstrip(";").split()
            yield words[-1]


DIALECT: Final = Dialect(
    grammar="java",
    public=public,
    binds=binds,
    is_hidden=is_hidden,
    hidden=frozenset(
        {
            *("method_declaration.body", "constructor_declaration.body"),
            *("variable_declarator.value", "static_initializer", "block"),
        }
    ),
    unordered=frozenset({"class_body", "interface_body"}),
    case=case,
    is_joined=True,
    imported=imported,
    modules=modules,
)
