"""Bash: functions, variables, and tests that are functions named ``test_*``."""

from collections.abc import Iterator, Mapping
from typing import Final

from tree_sitter import Node

from pdd_tasks.adapters.treesitter.dialect import Case, Dialect, Public, text_of, walk


_SOURCES: Final = frozenset({"source", "."})


def public(root: Node) -> Public:
    """Yield functions and variables whose names have no underscore in front."""
    for node in root.named_children:
        for name in sorted(binds(node)):
            if not name.startswith("_"):
                yield name, node


def binds(node: Node) -> frozenset[str]:
    """Return the functions and variables that a command gives a value."""
    if node.type == "function_definition":
        return frozenset({text_of(node.child_by_field_name("name"))})
    if node.type == "variable_assignment":
        return frozenset({text_of(node.child_by_field_name("name"))})
    if node.type in {"declaration_command", "variable_assignments"}:
        return frozenset(
            text_of(child.child_by_field_name("name") or child)
            for child in node.named_children
            if child.type in {"variable_assignment", "variable_name"}
        )
    return frozenset()


def case(node: Node) -> Case | None:
    """Return the test that a function is by its name."""
    name = node.child_by_field_name("name")
    is_test = node.type == "function_definition" and text_of(name).startswith("test_")
    return Case(text_of(name), name) if is_test else None


def imported(node: Node) -> Mapping[str, str]:
    """Return the files that a command sources."""
    if node.type != "command" or _name(node) not in _SOURCES:
        return {}
    whole = " ".join(text_of(node).split())
    return {whole: whole}


def modules(root: Node) -> Iterator[str]:
    """Yield the files that are sourced, as they are written."""
    for node in walk(root):
        if node.type == "command" and _name(node) in _SOURCES:
            given = node.children_by_field_name("argument")
            if given:
                yield text_of(given[0]).strip("'\"")


def _name(command: Node) -> str:
    return text_of(command.child_by_field_name("name"))


DIALECT: Final = Dialect(
    grammar="bash",
    public=public,
    binds=binds,
    hidden=frozenset({"compound_statement", "subshell", "variable_assignment.value"}),
    case=case,
    imported=imported,
    modules=modules,
)
