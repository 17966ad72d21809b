"""Names of a Python module: which are bound, used before that, or by nobody bound.

Rule 1: only what a reader of the text can see counts: a module that imports ``*``
has no unbound names. Rule 2: branches count as taken, loops as run.
"""

import ast
import builtins
import symtable
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from pdd_tasks.adapters.python.tree import Definition, bound_names, flat


_KNOWN: Final = frozenset(dir(builtins)) | {
    *("__file__", "__name__", "__doc__", "__package__", "__spec__", "__loader__"),
    *("__path__", "__builtins__", "__annotations__", "__class__", "__debug__"),
    *("WindowsError", "reveal_type", "reveal_locals", "__classdict__"),
}
_INSIDE: Final = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)


def unbound(text: str, tree: ast.Module) -> frozenset[str]:
    """Return the global names that a module uses and binds nowhere.

    Args:
        text: The module.
        tree: Its tree.
    """
    if any(
        isinstance(node, ast.ImportFrom) and node.names[0].name == "*"
        for node in flat(tree.body)
    ):
        return frozenset()
    try:
        tables = list(_tables(symtable.symtable(text, "<text>", "exec")))
    except (SyntaxError, ValueError, RecursionError):
        return frozenset()
    used: set[str] = set()
    bound: set[str] = set(_KNOWN)
    for table in tables:
        is_module = table.get_type() == "module"
        for symbol in table.get_symbols():
            is_global = is_module or symbol.is_global()
            if is_global and symbol.is_referenced():
                used.add(symbol.get_name())
            if is_global and (symbol.is_assigned() or symbol.is_imported()):
                bound.add(symbol.get_name())
            if is_module and symbol.is_namespace():
                bound.add(symbol.get_name())
    return frozenset(used - bound)


def early(tree: ast.Module) -> frozenset[str]:
    """Return the names that a module uses, as it is imported, before it binds them.

    What a function that is used calls is used, too. Names of a class have the
    class's name before them.
    """
    is_lazy = any(
        isinstance(node, ast.ImportFrom) and node.module == "__future__"
        for node in tree.body
    )
    return frozenset(_early(tree.body, "", lazy=is_lazy))


def _early(body: Sequence[ast.stmt], prefix: str, *, lazy: bool) -> Iterator[str]:
    binding = [set(bound_names(node)) for node in body]
    bound = set[str]().union(*binding)
    makers = {node.name: node for node in body if isinstance(node, Definition)}
    needs = _Needs(makers, bound)
    seen: set[str] = set()
    for node, own in zip(body, binding, strict=True):
        late = set() if _is_plain(node) else own
        for name in needs.of(_loaded(node, lazy=lazy) & bound) - seen - late:
            yield f"{prefix}{name}"
        seen |= own
        if isinstance(node, ast.ClassDef):
            yield from _early(node.body, f"{prefix}{node.name}.", lazy=lazy)


class _Needs:
    """What names need when they are called, found out as it is asked for."""

    def __init__(self, makers: Mapping[str, Definition], bound: set[str]) -> None:
        self._makers, self._bound = makers, bound
        self._known: dict[str, set[str]] = {}

    def of(self, names: set[str]) -> set[str]:
        """Return names and all that they need."""
        found: set[str] = set()
        stack = [*names]
        while stack:
            name = stack.pop()
            if name not in found:
                found.add(name)
                stack += self._direct(name)
        return found

    def _direct(self, name: str) -> set[str]:
        if name not in self._known:
            maker = self._makers.get(name)
            names = set() if maker is None else set(_called(maker))
            self._known[name] = names & self._bound
        return self._known[name]


def _is_plain(node: ast.stmt) -> bool:
    """Return whether a statement binds its names after all that it uses."""
    return isinstance(node, ast.Assign | ast.AnnAssign | Definition)


def _called(node: Definition) -> Iterator[str]:
    """Yield the names that a definition needs when it is called."""
    for inner in ast.walk(node):
        if isinstance(inner, ast.Name) and isinstance(inner.ctx, ast.Load):
            yield inner.id


def repeated(tree: ast.Module) -> Counter[str]:
    """Return the qualified names that are defined more than once, and how often.

    Those under a condition, and those that are meant to be repeated, as the parts
    of a property or the forms of an overload, do not count.
    """
    return Counter({n: k for n, k in Counter(_defined(tree.body, "")).items() if k > 1})


def _tables(table: symtable.SymbolTable) -> Iterator[symtable.SymbolTable]:
    yield table
    for child in table.get_children():
        yield from _tables(child)


def _defined(body: Sequence[ast.stmt], prefix: str) -> Iterator[str]:
    for node in body:
        match node:
            case ast.ClassDef(name=name, body=inner):
                yield f"{prefix}{name}"
                yield from _defined(inner, f"{prefix}{name}.")
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                if not any(_is_repeatable(mark) for mark in node.decorator_list):
                    yield f"{prefix}{name}"
            case ast.Import(names=parts):
                yield from (part.asname for part in parts if part.asname)
            case ast.ImportFrom(names=parts):
                names = (part.asname or part.name for part in parts)
                yield from (name for name in names if name != "*")
            case ast.Assign(targets=[ast.Name(id=name)]):
                yield f"{prefix}{name}"
            case _:
                pass


def _is_repeatable(mark: ast.expr) -> bool:
    """Return whether a decorator may be why a name is there twice."""
    inner = mark.func if isinstance(mark, ast.Call) else mark
    return isinstance(inner, ast.Attribute) or (
        isinstance(inner, ast.Name) and inner.id in {"overload", "dispatch"}
    )


def _loaded(node: ast.AST, *, lazy: bool) -> set[str]:
    """Return the names that are looked up as soon as a node runs."""
    if isinstance(node, ast.Name):
        return {node.id} if isinstance(node.ctx, ast.Load) else set()
    parts = [_loaded(inner, lazy=lazy) for inner in _at_once(node, lazy=lazy)]
    own = {
        name.id
        for each in getattr(node, "generators", ())
        for name in ast.walk(each.target)
        if isinstance(name, ast.Name)
    }
    return set[str]().union(*parts) - own


def _at_once(node: ast.AST, *, lazy: bool) -> Iterator[ast.AST]:
    """Yield the parts of a node that run with it, not when it is called."""
    for name, value in ast.iter_fields(node):
        is_late = name == "body" and isinstance(node, _INSIDE)
        is_hint = lazy and name in {"annotation", "returns"}
        if not (is_late or is_hint):
            parts = value if isinstance(value, list) else [value]
            yield from (part for part in parts if isinstance(part, ast.AST))
