"""What a program shows of what it uses: its shape, and the forms of its calls.

Rule 1: a value is its kind; a row of values is one of each kind; a statement that
repeats the one before in shape says nothing new. Rule 2: the name of a module is no
value. Rule 3: in a shell a word without quotes may be a command of another's, and
counts as it is written.
"""

import re
from collections.abc import Iterator
from typing import Final

from tree_sitter import Node

from pdd_tasks.adapters.treesitter.dialect import (
    Dialect,
    dumped,
    is_comment,
    text_of,
    walk,
)
from pdd_tasks.adapters.treesitter.interface import interface
from pdd_tasks.adapters.treesitter.use import uses
from pdd_tasks.core.plan.interface_change import Shown


_DEPTH: Final = 100  # what is nested more deeply is compared as it is written
_TEXTS: Final = frozenset(
    {
        *("string", "template_string", "string_literal", "raw_string_literal"),
        *("interpreted_string_literal", "concatenated_string", "raw_string"),
        *("ansi_c_string", "translated_string", "heredoc_body", "jsx_text"),
    }
)
_CHARACTERS: Final = frozenset({"char_literal", "character_literal", "rune_literal"})
_NUMBERS: Final = frozenset(
    {
        *("number", "number_literal", "int_literal", "integer_literal"),
        *("float_literal", "imaginary_literal"),
        *("decimal_integer_literal", "hex_integer_literal", "octal_integer_literal"),
        *("binary_integer_literal", "decimal_floating_point_literal"),
        "hex_floating_point_literal",
    }
)
_INSERTED: Final = frozenset(
    {
        *("template_substitution", "expansion", "simple_expansion"),
        *("command_substitution", "arithmetic_expansion", "string_interpolation"),
    }
)
"""What stands in a text and is none."""
_ROWS: Final = frozenset(
    {
        *("array", "array_expression", "array_initializer", "initializer_list"),
        *("literal_value", "program", "source_file", "translation_unit"),
        *("statement_block", "statement_list", "block", "compound_statement"),
        *("do_group", "constructor_body"),
    }
)
"""What holds values, or statements, one after the other."""
_SIGNS: Final = frozenset({"unary_expression", "prefix_expression"})
_NUMBER: Final = re.compile(r"-?\d[\d.]*")


def shown(root: Node, dialect: Dialect) -> Shown:
    """Return what a program that parses shows."""
    forms: dict[str, set[str]] = {}
    for name, form in (*_definitions(root, dialect), *uses(root, dialect)):
        forms.setdefault(name, set()).add(form)
    modules = frozenset(dialect.modules(root))
    return Shown(
        shape=_shape(root, modules, 0),
        forms={name: frozenset(found) for name, found in forms.items()},
    )


def _definitions(root: Node, dialect: Dialect) -> Iterator[tuple[str, str]]:
    for line in interface(root, dialect).splitlines():
        yield line.partition(": ")[0], line


def _shape(node: Node, modules: frozenset[str], depth: int) -> str:
    kind = _kind(node)
    if kind and text_of(node).strip("'\"`") not in modules:
        return f"<{kind}{_inserted(node, modules, depth)}>"
    if kind or not node.child_count:
        return text_of(node).strip()
    if depth > _DEPTH:
        return dumped(node)
    parts = list(_parts(node, modules, depth + 1))
    if node.type in _ROWS or _is_listing(node):
        parts = [p for at, p in enumerate(parts) if not at or p != parts[at - 1]]
    return f"({node.type} {' '.join(parts)})"


def _parts(node: Node, modules: frozenset[str], depth: int) -> Iterator[str]:
    for place, child in enumerate(node.children):
        if is_comment(child) or text_of(child).strip() in {"", ",", ";"}:
            continue
        field = node.field_name_for_child(place)
        said = _shape(child, modules, depth)
        yield f"{field}:{said}" if field else said


def _kind(node: Node) -> str:
    """Return what kind of value a node is; empty for what is none."""
    if node.type in _TEXTS:
        return "text"
    if node.type in _CHARACTERS:
        return "character"
    is_signed = node.type in _SIGNS and node.named_child_count == 1
    inner = node.named_children[0] if is_signed else node
    if inner.type in _NUMBERS and text_of(node)[:1] not in {"!", "~"}:
        return "number"
    is_word = node.type == "word" and _NUMBER.fullmatch(text_of(node))
    return "number" if is_word else "regex" if node.type == "regex" else ""


def _inserted(node: Node, modules: frozenset[str], depth: int) -> str:
    """Return what a text has in it besides text, in its order."""
    if depth > _DEPTH:
        return dumped(node)
    end, found = 0, ""
    for one in walk(node):
        if one.type in _INSERTED and one.start_byte >= end:
            end = one.end_byte
            parts = _parts(one, modules, depth + 1)
            found += f" ({one.type} {' '.join(parts)})"
    return found


def _is_listing(node: Node) -> bool:
    """Return whether a node is what a macro of Rust takes in brackets."""
    return node.type == "token_tree" and text_of(node)[:1] == "["
