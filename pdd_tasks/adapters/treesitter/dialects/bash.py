"""Bash: functions, variables, and tests that are functions named ``test_*``."""

from collections.abc import Iterator, Mapping
from typing import Final

from tree_sitter import Node

from pdd_tasks.adapters.treesitter.dialect import Case, Dialect, Public, text_of, walk


_SOURCES: Final = frozenset({"source", "."})
_COMMANDS: Final = frozenset(
    {"command", "declaration_command", "unset_command", "test_command"}
)
_ASSIGNMENTS: Final = frozenset({"variable_assignment", "variable_assignments"})
_HOLDERS: Final = frozenset(
    {
        *("program", "compound_statement", "subshell", "do_group", "list", "pipeline"),
        *("if_statement", "elif_clause", "else_clause", "case_item"),
        *("redirected_statement", "negated_command", "while_statement"),
    }
)
"""What holds an assignment that is a command of its own."""
_APART: Final = frozenset({"command_substitution", "process_substitution"})


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


def commands(root: Node) -> Iterator[tuple[int, int]]:
    """Yield the first and the last line of each command that Bash traces.

    Those inside of a substitution belong to the command around it: Bash does not tell
    their lines.
    """
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if node.type in _APART:
            continue
        if _is_command(node):
            yield node.start_point.row + 1, node.end_point.row + 1
        waiting += node.children


def _is_command(node: Node) -> bool:
    if node.type in _ASSIGNMENTS:
        return node.parent is not None and node.parent.type in _HOLDERS
    is_sum = node.type == "compound_statement" and node.children[0].type == "(("
    return node.type in _COMMANDS or is_sum


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
