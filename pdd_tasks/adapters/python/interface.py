"""The public interface of a Python program, as text and as names.

Rule 1: names and signatures only; of a default, that there is one. Rule 2: the
order of definitions does not show, save of a class's attributes, which may be the
order of its arguments. Rule 3: written here, not by `ast.unparse`, wherever
versions of Python might differ.
"""

import ast
from collections.abc import Iterator, Sequence
from typing import Final

from pdd_tasks.adapters.python.tree import (
    Definition,
    Function,
    bound_names,
    flat,
    tree_of,
)


_ALIASES: Final = tuple(
    kind for kind in (getattr(ast, "TypeAlias", None),) if kind
)  # from Python 3.12
_VALUES: Final = (ast.Assign, ast.AnnAssign, *_ALIASES)
_MARKS: Final = frozenset(
    {
        *("property", "cached_property", "setter", "getter", "deleter"),
        *("staticmethod", "classmethod", "abstractmethod", "overload"),
        *("dataclass", "total_ordering", "runtime_checkable"),
        *("contextmanager", "asynccontextmanager", "singledispatch"),
    }
)
"""Decorators that change how a thing is used."""


def interface(text: str) -> str:
    """Return the public interface; the text itself if it does not parse."""
    tree = tree_of(text)
    if tree is None:
        return text
    public = _public(tree)
    told = [(name, block) for name, block in _blocks(tree.body, "") if name in public]
    told += [(name, name) for name in public - {name for name, _ in told}]
    return "".join(f"{block}\n" for _, block in sorted(told, key=lambda item: item[0]))


def public_names(text: str) -> frozenset[str]:
    """Return the names that other programs may use; none if it does not parse."""
    tree = tree_of(text)
    return frozenset() if tree is None else _public(tree)


def _public(tree: ast.Module) -> frozenset[str]:
    """Return what ``__all__`` names, else what is bound without an underscore."""
    listed = [names for node in flat(tree.body) for names in _listed(node)]
    if listed:
        return frozenset(listed)
    names: set[str] = set()
    for node in flat(tree.body):
        if isinstance(node, ast.Import | ast.ImportFrom):
            # `import x as x` is how a module says that it passes x on.
            names |= {a.name for a in node.names if a.asname == a.name}
        elif not isinstance(node, ast.If | ast.Try | ast.With):
            names |= set(bound_names(node))
    return frozenset(name for name in names if not name.startswith("_"))


def _listed(node: ast.stmt) -> Iterator[str]:
    """Yield the names that a statement puts into ``__all__``."""
    match node:
        case ast.Assign(targets=[ast.Name(id="__all__")], value=value):
            pass
        case ast.AnnAssign(target=ast.Name(id="__all__"), value=value):
            pass
        case ast.AugAssign(target=ast.Name(id="__all__"), value=value):
            pass
        case _:
            return
    for item in ast.walk(value) if value else ():
        if isinstance(item, ast.Constant) and isinstance(item.value, str):
            yield item.value


def _blocks(body: Sequence[ast.stmt], margin: str) -> Iterator[tuple[str, str]]:
    """Yield the name and the text of each definition.

    Yields:
        In the order of the text.
    """
    for node in flat(body):
        if isinstance(node, Function):
            yield node.name, _function(node, margin)
        elif isinstance(node, ast.ClassDef):
            yield node.name, _class(node, margin)
        elif isinstance(node, _VALUES):
            line = _value(node, margin)
            yield from ((name, line or margin + name) for name in bound_names(node))


def _value(node: ast.stmt, margin: str) -> str:
    """Return what a binding tells besides its name; empty if nothing."""
    if isinstance(node, ast.AnnAssign):
        default = " = ..." if margin and node.value else ""
        kind = ast.unparse(node.annotation)
        return f"{margin}{ast.unparse(node.target)}: {kind}{default}"
    return "" if isinstance(node, ast.Assign) else f"{margin}{ast.unparse(node)}"


def _function(node: Function, margin: str) -> str:
    word = "async def" if isinstance(node, ast.AsyncFunctionDef) else "def"
    returns = f" -> {ast.unparse(node.returns)}" if node.returns else ""
    line = f"{word} {node.name}({_parameters(node.args)}){returns}"
    return "\n".join(f"{margin}{part}" for part in (*_marks(node), line))


def _marks(node: Definition) -> Iterator[str]:
    for mark in node.decorator_list:
        called = mark.func if isinstance(mark, ast.Call) else mark
        name = getattr(called, "attr", getattr(called, "id", ""))
        if name in _MARKS:
            shown = (
                mark if name in {"setter", "getter", "deleter", "dataclass"} else called
            )
            yield f"@{ast.unparse(shown)}"


def _parameters(args: ast.arguments) -> str:
    """Return a parameter list, of each default only that there is one."""
    plain = [*args.posonlyargs, *args.args]
    bare = len(plain) - len(args.defaults)
    parts = [_parameter(a, has_default=i >= bare) for i, a in enumerate(plain)]
    if args.posonlyargs:
        parts.insert(len(args.posonlyargs), "/")
    if args.vararg:
        parts.append(f"*{_parameter(args.vararg)}")
    elif args.kwonlyargs:
        parts.append("*")
    for arg, default in zip(args.kwonlyargs, args.kw_defaults, strict=True):
        parts.append(_parameter(arg, has_default=default is not None))
    if args.kwarg:
        parts.append(f"**{_parameter(args.kwarg)}")
    return ", ".join(parts)


def _parameter(arg: ast.arg, *, has_default: bool = False) -> str:
    kind = f": {ast.unparse(arg.annotation)}" if arg.annotation else ""
    equals = " = ..." if kind else "=..."
    return f"{arg.arg}{kind}{equals if has_default else ''}"


def _class(node: ast.ClassDef, margin: str) -> str:
    bases = [ast.unparse(base) for base in node.bases]
    bases += [ast.unparse(keyword) for keyword in node.keywords]
    listed = f"({', '.join(bases)})" if bases else ""
    head = f"class {node.name}{listed}:"
    inner = f"{margin}    "
    members = [m for m in _blocks(node.body, inner) if _is_member(m[0])]
    methods = {n.name for n in flat(node.body) if isinstance(n, Definition)}
    attributes = [block for name, block in members if name not in methods]
    defined = sorted((m for m in members if m[0] in methods), key=lambda m: m[0])
    own = sorted(_own_attributes(node) - {name for name, _ in members})
    lines = [*attributes, *(b for _, b in defined), *(f"{inner}self.{n}" for n in own)]
    top = [f"{margin}{part}" for part in (*_marks(node), head)]
    return "\n".join([*top, *(lines or [f"{inner}pass"])])


def _is_member(name: str) -> bool:
    is_special = name.startswith("__") and name.endswith("__")
    hidden = {"__slots__", "__doc__", "__all__", "__module__"}
    return not name.startswith("_") or (is_special and name not in hidden)


def _own_attributes(node: ast.ClassDef) -> set[str]:
    """Return the public attributes that methods give their first argument."""
    found: set[str] = set()
    for method in node.body:
        if not isinstance(method, Function):
            continue
        for first in [*method.args.posonlyargs, *method.args.args][:1]:
            for each in ast.walk(method):
                match each:
                    case ast.Attribute(
                        value=ast.Name(id=owner), attr=name, ctx=ast.Store()
                    ) if owner == first.arg and not name.startswith("_"):
                        found.add(name)
                    case _:
                        pass
    return found
