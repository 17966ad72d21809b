"""What a Python program shows of what it uses: its shape, and the forms of its calls.

Rule 1: both sides of a comparison are read by the same Python in one process, so that
dumps of the tree may be compared. Rule 2: a value is its type; a row of values is one
of each type; a statement that repeats the one before in shape says nothing new.
"""

import ast
import builtins
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from pdd_tasks.adapters.python.interface import interface
from pdd_tasks.adapters.python.tree import Definition, is_docstring, tree_of
from pdd_tasks.core.plan.interface_change import Shown


_KEPT: Final = (bool, type(None), type(Ellipsis))
_BLOCKS: Final = ("body", "orelse", "finalbody")
_ROWS: Final[Mapping[type[ast.AST], tuple[str, ...]]] = {
    ast.List: ("elts",),
    ast.Set: ("elts",),
}
_BUILTINS: Final = frozenset(dir(builtins))


def shown(text: str) -> Shown:
    """Return what a program shows; all of its text if its tree cannot be had."""
    tree = tree_of(text)
    try:
        return Shown(shape=text, forms={}) if tree is None else _shown(text, tree)
    except RecursionError:
        return Shown(shape=text, forms={})


def _shown(text: str, tree: ast.Module) -> Shown:
    forms: dict[str, set[str]] = {}
    for name, form in (*_definitions(text), *_uses(tree)):
        forms.setdefault(name, set()).add(form)
    shape = ast.dump(_Shape().visit(tree))  # last: it takes the tree apart
    return Shown(shape=shape, forms={n: frozenset(f) for n, f in forms.items()})


def _definitions(text: str) -> Iterator[tuple[str, str]]:
    for line in interface(text).splitlines():
        if line.startswith(("def ", "async def ", "class ")):
            name = line.partition("(")[0].rstrip(":").split()[-1]
            yield name, line


def _uses(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """Yield each name that the program uses of others, with the way it does."""
    known = dict(_imports(tree))
    called = [node.func for node in ast.walk(tree) if isinstance(node, ast.Call)]
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield from ((target, target) for target in dict(_imported(node)).values())
        elif isinstance(node, ast.Call):
            name = _name(node.func, known)
            if name:
                yield name, f"{name}({', '.join(_arguments(node))})"
        elif isinstance(node, ast.Attribute) and node not in called:
            name = _name(node, known)
            if name:
                yield name, name
        elif isinstance(node, ast.ExceptHandler) and node.type is not None:
            name = f"except {ast.unparse(node.type)}"
            yield name, name


def _imports(tree: ast.Module) -> Iterator[tuple[str, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield from _imported(node)


def _imported(node: ast.Import | ast.ImportFrom) -> Iterator[tuple[str, str]]:
    """Yield the names that an import binds, with what they stand for."""
    for alias in node.names:
        if isinstance(node, ast.ImportFrom):
            module = "." * node.level + (node.module or "")
            yield alias.asname or alias.name, f"{module}.{alias.name}"
        elif alias.asname:
            yield alias.asname, alias.name
        else:
            top = alias.name.partition(".")[0]
            yield top, top


def _name(node: ast.expr, known: Mapping[str, str]) -> str:
    """Return what a callee or an attribute is called; empty for a built-in."""
    if isinstance(node, ast.Name):
        plain = "" if node.id in _BUILTINS else node.id
        return known.get(node.id, plain)
    if not isinstance(node, ast.Attribute):
        return ""
    if isinstance(node.value, ast.Constant | ast.JoinedStr):
        return ""  # a method of a text that stands there is nobody's interface
    base = node.value
    owner = _name(base, known) if isinstance(base, ast.Attribute) else ""
    if isinstance(base, ast.Name):
        owner = known.get(base.id, "")
    return f"{owner}.{node.attr}"


def _arguments(node: ast.Call) -> Iterator[str]:
    yield from ("*_" if isinstance(one, ast.Starred) else "_" for one in node.args)
    named = [one.arg for one in node.keywords if one.arg is not None]
    yield from (f"{name}=_" for name in sorted(named))
    if len(named) < len(node.keywords):
        yield "**_"


class _Shape(ast.NodeTransformer):
    """Takes values and repetitions out of a tree."""

    def generic_visit(self, node: ast.AST) -> ast.AST:
        """Return a node without what says nothing of its shape."""
        for field, value in ast.iter_fields(node):
            if isinstance(value, list):
                is_body = field == "body" and isinstance(node, Definition | ast.Module)
                said = [one for one in value if not (is_body and is_docstring(one))]
                setattr(node, field, [self._shaped(one) for one in said])
            elif isinstance(value, ast.AST):
                setattr(node, field, self.visit(value))
        for field in _ROWS.get(type(node), _BLOCKS):
            if isinstance(getattr(node, field, None), list):
                setattr(node, field, _without_repetition(getattr(node, field)))
        return node

    def _shaped(self, one: object) -> object:
        return self.visit(one) if isinstance(one, ast.AST) else one

    def visit_Constant(self, node: ast.Constant) -> ast.AST:
        """Return a value's type in its place."""
        if isinstance(node.value, _KEPT):
            return node
        return ast.Constant(value=f"<{type(node.value).__name__}>")

    def visit_UnaryOp(self, node: ast.UnaryOp) -> ast.AST:
        """Return a number without its sign."""
        if isinstance(node.op, ast.USub) and isinstance(node.operand, ast.Constant):
            found: ast.AST = self.visit(node.operand)
            return found
        return self.generic_visit(node)

    def visit_JoinedStr(self, node: ast.JoinedStr) -> ast.AST:
        """Return a formatted text less the text."""
        node.values = [v for v in node.values if not isinstance(v, ast.Constant)]
        return self.generic_visit(node)


def _without_repetition(nodes: Sequence[ast.AST]) -> list[ast.AST]:
    said = [ast.dump(node) for node in nodes]
    return [
        node for at, node in enumerate(nodes) if at == 0 or said[at] != said[at - 1]
    ]
