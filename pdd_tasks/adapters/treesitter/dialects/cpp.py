"""C++: as C, with namespaces, classes and their private parts."""

from dataclasses import replace
from typing import Final

from tree_sitter import Node

from pdd_tasks.adapters.treesitter.dialect import text_of
from pdd_tasks.adapters.treesitter.dialects import c


def is_hidden(node: Node) -> bool:
    """Return whether a member of a class, or the word above it, is private."""
    body = node.parent
    if body is None or body.type != "field_declaration_list" or not node.is_named:
        return False
    above: Node | None = node
    while above is not None and above.type != "access_specifier":
        above = above.prev_named_sibling
    if above is None:
        owner = body.parent
        return owner is not None and owner.type == "class_specifier"
    return text_of(above).startswith("private")


DIALECT: Final = replace(
    c.DIALECT,
    grammar="cpp",
    is_hidden=is_hidden,
    hidden=c.DIALECT.hidden
    | {"field_initializer_list", "optional_parameter_declaration.default_value"},
)
