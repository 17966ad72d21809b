"""What a test module does when it is imported, beyond binding names of its own.

Rule 1: new tests may not do at import what the older tests would feel. Rule 2: a
value is the module's own only if it is written out there; whatever comes from a call,
an import or another name may belong to somebody else.
"""

import ast
from collections.abc import Collection, Iterator
from typing import Final

from pdd_tasks.adapters.python.tree import Function


_OWN: Final = (
    *(ast.List, ast.Dict, ast.Set, ast.ListComp, ast.DictComp, ast.SetComp),
    *(ast.Constant, ast.Tuple, ast.JoinedStr, ast.BinOp, ast.UnaryOp),
)
_MAKERS: Final = frozenset({"dict", "list", "set", "tuple", "sorted", "str", "int"})
_POWERS: Final = frozenset(
    {
        *("setattr", "delattr", "exec", "eval", "globals", "vars", "locals"),
        *("__import__", "importorskip", "exit", "quit"),
    }
)
# Methods that change what they are called on, whatever that is.
_CHANGING: Final = frozenset(
    {
        *("setattr", "delattr", "setitem", "delitem", "setenv", "delenv"),
        *("chdir", "syspath_prepend", "setdefault", "importorskip"),
        *("__setattr__", "__setitem__", "__delattr__", "__delitem__"),
    }
)
# Those that do so if nobody wants their result: `calc.add(1, 2)` may be a sum.
_MUTATING: Final = frozenset(
    {
        *("update", "pop", "popitem", "clear", "insert", "append", "extend"),
        *("remove", "add", "discard", "register", "seed"),
    }
)
_ENDING: Final = frozenset({"skip", "exit", "fail", "xfail"})
_ENDERS: Final = frozenset({"pytest", "sys", "os"})


def own_values(tree: ast.Module) -> frozenset[str]:
    """Return the names that stand for values a module writes out itself."""
    own: set[str] = set()
    other: set[str] = set()
    for node in at_import(tree):
        match node:
            case ast.Assign(targets=targets, value=value):
                names = [each.id for each in targets if isinstance(each, ast.Name)]
                (own if _is_own(value) else other).update(names)
            case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
                (own if _is_own(value) else other).add(name)
            case ast.alias(name=name, asname=asname):
                other.add(asname or name.partition(".")[0])
            case ast.For(target=target) | ast.NamedExpr(target=target):
                other |= {n.id for n in ast.walk(target) if isinstance(n, ast.Name)}
            case _:
                pass
    return frozenset(own - other)


def outside(node: ast.AST, own: Collection[str]) -> str:
    """Return what a statement changes at import that is not its module's own.

    Args:
        node: The statement.
        own: Names of values that it may change.

    Returns:
        A name, or the power it uses; empty if it changes nothing.
    """
    found = (_changed(each) for each in at_import(node))
    return next((name for name in found if name and name not in own), "")


def is_confined(node: ast.stmt, own: Collection[str]) -> bool:
    """Return whether a statement that binds no name touches nothing but own values."""
    match node:
        case ast.Pass() | ast.Expr(value=ast.Constant()):
            return True
        case ast.Expr(value=ast.Call(func=ast.Attribute() as called)):
            return _root(called) in own
        case ast.Assign() | ast.AugAssign() | ast.Delete():
            return not outside(node, own)
        case ast.If() | ast.For() | ast.While():
            inner = [*node.body, *node.orelse]
            return all(is_confined(each, own) for each in inner)
        case _:
            return False


def at_import(node: ast.AST) -> Iterator[ast.AST]:
    """Yield what runs when a module is imported: all but the bodies of functions.

    Yields:
        The node and nodes inside it.
    """
    stack = [node]
    while stack:
        each = stack.pop()
        yield each
        if isinstance(each, Function):
            stack += [*each.decorator_list, *_defaults(each.args)]
        elif isinstance(each, ast.Lambda):
            stack += _defaults(each.args)
        else:
            stack += ast.iter_child_nodes(each)


def _defaults(arguments: ast.arguments) -> list[ast.expr]:
    return [*arguments.defaults, *filter(None, arguments.kw_defaults)]


def _is_own(value: ast.expr) -> bool:
    match value:
        case ast.Call(func=ast.Name(id=name)):
            return name in _MAKERS
        case _:
            return isinstance(value, _OWN)


def _changed(node: ast.AST) -> str:
    """Return the name of what a node changes, not those inside it; empty if nothing."""
    match node:
        case ast.Attribute(ctx=ctx) | ast.Subscript(ctx=ctx):
            return "" if isinstance(ctx, ast.Load) else _root(node)
        case ast.AugAssign(target=target):
            return _root(target)
        case ast.Name(id=name, ctx=ast.Del()):
            return name
        case ast.Call(func=ast.Name(id=name)) if name in _POWERS:
            return name
        case ast.Call(func=ast.Attribute() as called) if _changes(called):
            return _root(called)
        case _:
            return _discarded(node)


def _changes(called: ast.Attribute) -> bool:
    """Return whether a method changes something, even if its result is wanted."""
    root = _root(called)
    if called.attr in _ENDING:
        is_mark = isinstance(called.value, ast.Attribute)  # pytest.mark.skip
        return root in _ENDERS and not is_mark
    if called.attr == "start":
        return "patch" in ast.dump(called.value)
    return called.attr in _CHANGING


def _discarded(node: ast.AST) -> str:
    """Return what a statement changes by a call whose result nobody wants."""
    match node:
        case (
            ast.Expr(value=ast.Call(func=ast.Attribute(attr=attr) as called))
            | ast.Assign(
                targets=[ast.Name(id="_")],
                value=ast.Call(func=ast.Attribute(attr=attr) as called),
            )
        ) if attr in _MUTATING:
            return _root(called)
        case _:
            return ""


def _root(node: ast.expr) -> str:
    """Return the name an expression starts from; a question mark if it has none."""
    while isinstance(node, ast.Attribute | ast.Subscript | ast.Call):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.id if isinstance(node, ast.Name) else "?"
