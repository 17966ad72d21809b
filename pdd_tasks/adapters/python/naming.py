"""What kind of piece a statement of Python is, and what it is called.

Rule 1: a name that a statement binds in a module or class is what it is called.
Rule 2: where the order of members may have a meaning, as in an enumeration, a
dataclass or a class of unknown origin that is filled with calls, they are fields.
"""

import ast
import re
from typing import Final

from pdd_tasks.adapters.python.tree import Definition, is_docstring
from pdd_tasks.core.merge.outline import PROSE, Kind, Listing


_ORDERED_BASE: Final = re.compile(
    r"Enum|Flag|Tuple|Model|Schema|Form|Struct|Serializer|Message|Record|Fields"
)
_ORDERED_MARK: Final = re.compile(r"dataclass|define|frozen|mutable|attr|unique|s")
_SET: Final = "__all__"


def kind_of(node: ast.stmt | ast.match_case, owner: ast.AST) -> Kind:
    """Return what a statement is.

    Args:
        node: The statement.
        owner: What it is in a block of.
    """
    match node:
        case ast.match_case():
            return Kind.BRANCH
        case ast.Import() | ast.ImportFrom():
            return Kind.IMPORT
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
            return Kind.DEFINITION
        case _ if not _target(node):
            return Kind.STATEMENT
        case _:
            return Kind.FIELD if _is_field(node, owner) else Kind.VALUE


def key_of(node: ast.stmt | ast.match_case) -> str:
    """Return what a statement is called among its siblings; empty for no name."""
    match node:
        case ast.match_case(pattern=pattern, guard=guard):
            return ast.dump(pattern) + (ast.dump(guard) if guard else "")
        case ast.ImportFrom(module=module, level=level):
            return f"from {'.' * level}{module or ''}"
        case ast.Import(names=names):
            parts = (f"{n.name} as {n.asname}" if n.asname else n.name for n in names)
            return f"import {', '.join(parts)}"
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
            return "".join([*sorted(_accessors(node)), node.name])
        case ast.If(test=ast.Compare(left=ast.Name(id="__name__"))):
            return "__name__"
        case _:
            return PROSE if is_docstring(node) else _target(node)


def listing_of(node: ast.stmt | ast.match_case, text: str) -> Listing | None:
    """Return the names of a statement that is nothing but a list of names.

    Args:
        node: The statement.
        text: Its lines.
    """
    match node:
        case ast.ImportFrom(names=names) if names[0].name != "*":
            opening = f"{text[: len(text) - len(text.lstrip())]}{key_of(node)} import "
            items = tuple(
                f"{n.name} as {n.asname}" if n.asname else n.name for n in names
            )
            return _listing(text, opening, items, "(", ")")
        case ast.Assign(value=ast.List() | ast.Tuple() as value) if (
            _target(node) == _SET
        ):
            return _names(value, node, text)
        case _:
            return None


def _listing(
    text: str, opening: str, items: tuple[str, ...], left: str, right: str
) -> Listing:
    margin = opening[: len(opening) - len(opening.lstrip())]
    return Listing(
        opening=opening,
        closing="",
        items=items,
        wrapped=(f"{opening}{left}", _indent(text, margin), f"{margin}{right}"),
    )


def _indent(text: str, margin: str = "") -> str:
    """Return the indentation of a text's second line; four more if it has none."""
    lines = text.split("\n")
    second = lines[1] if len(lines) > 1 else ""
    return second[: len(second) - len(second.lstrip())] or f"{margin}    "


def _names(value: ast.List | ast.Tuple, node: ast.stmt, text: str) -> Listing | None:
    """Return a list of strings as they are spelled; None if it holds something else."""
    lines = [line.encode() for line in text.split("\n")]
    items = [
        lines[item.lineno - node.lineno][item.col_offset : item.end_col_offset].decode()
        for item in value.elts
        if isinstance(item, ast.Constant) and item.lineno == item.end_lineno
    ]
    if len(items) < len(value.elts):
        return None
    left, right = "[]" if isinstance(value, ast.List) else "()"
    opening = f"{_SET} = {left}"
    return Listing(
        opening=opening,
        closing=right,
        items=tuple(items),
        wrapped=(opening, _indent(text), right),
    )


def _accessors(node: Definition) -> set[str]:
    """Return the parts of a property that a function is, as ``setter of``."""
    return {
        f"{mark.attr} of "
        for mark in node.decorator_list
        if isinstance(mark, ast.Attribute)
        and isinstance(mark.value, ast.Name)
        and mark.value.id == node.name
    }


def _target(node: ast.AST) -> str:
    """Return the one name that a statement gives a value; empty if it is none."""
    match node:
        case ast.Assign(targets=[target]) | ast.AnnAssign(target=target):
            return _path(target)
        case _:
            return ""


def _path(node: ast.AST) -> str:
    """Return a name with all its parts, ``self.size``; empty if it is none."""
    match node:
        case ast.Name(id=name):
            return name
        case ast.Attribute(value=value, attr=name):
            return f"{start}.{name}" if (start := _path(value)) else ""
        case _:
            return ""


def _is_field(node: ast.AST, owner: ast.AST) -> bool:
    if not isinstance(owner, ast.ClassDef):
        return False
    marks = (_last_name(mark) for mark in owner.decorator_list)
    bases = [_last_name(base) for base in owner.bases]
    if any(_ORDERED_MARK.fullmatch(mark) for mark in marks):
        return True
    if any(_ORDERED_BASE.search(base) for base in bases):
        return True
    if isinstance(node, ast.AnnAssign):
        return node.value is None
    return bool(bases) and isinstance(getattr(node, "value", None), ast.Call)


def _last_name(node: ast.AST) -> str:
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case ast.Call(func=inner) | ast.Subscript(value=inner):
            return _last_name(inner)
        case _:
            return ""
