"""Python's syntax tree, read so that Python 3.11 to 3.13 say the same of a text."""

import ast
import io
import re
import threading
import warnings
from collections.abc import Iterator, Sequence
from typing import Final, TypeAlias


Function: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef
Definition: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef

_SILENT: Final = frozenset({"ctx", "kind", "type_comment", "type_ignores"})
_SCOPES: Final = (
    *(ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda),
    *(ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp),
)
_GUESS: Final = re.compile(r"\. (?:Perhaps|Maybe|Did you mean)\b.*")
_WORD: Final = re.compile(r"[^\W\d]\w*")
_LIST: Final = re.compile(r"\s*\w+(?:\s*,\s*\w+)*\s*")
_WARNINGS: Final = threading.Lock()  # warning filters belong to the whole process


def parsed(text: str) -> ast.Module | str:
    """Return the tree of a text, or why it does not parse: ``line 3: …``."""
    before, null, _ = text.partition("\0")
    if null:
        return f"line {before.count(chr(10)) + 1}: a null byte"
    try:
        # A doubtful escape in generated text is no warning of this program.
        with _WARNINGS, warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(text)
    except SyntaxError as error:
        return f"line {error.lineno or 1}: {_GUESS.sub('', error.msg)}"
    except (RecursionError, MemoryError):
        return "line 1: nested too deeply"
    except ValueError as error:  # for example a number of too many digits
        return f"line 1: {error}"


def tree_of(text: str) -> ast.Module | None:
    """Return the tree of a text; None if it does not parse."""
    tree = parsed(text)
    return tree if isinstance(tree, ast.Module) else None


def behaviour(text: str) -> str:
    """Return what runs; the text itself if its tree cannot be had."""
    tree = tree_of(text)
    try:
        return text if tree is None else dumped(tree)
    except RecursionError:
        return text


def dumped(node: ast.AST, *, without: frozenset[str] = frozenset()) -> str:
    """Return a tree as text: no docstrings, no positions, no empty fields.

    Args:
        node: The root of the tree.
        without: Fields of the root to leave out.
    """
    parts = [
        f"{name}={told}"
        for name, value in ast.iter_fields(node)
        if name not in _SILENT and name not in without
        for told in (_dumped_field(node, name, value),)
        if told
    ]
    return f"{type(node).__name__}({', '.join(parts)})"


def _dumped_field(node: ast.AST, name: str, value: object) -> str:
    """Return a field's value as text; empty if there is nothing to say."""
    if isinstance(value, list):
        has_docstring = name == "body" and isinstance(
            node, ast.Module | Function | ast.ClassDef
        )
        if has_docstring and value and is_docstring(value[0]):
            value = value[1:]
        parts = _joined(value) if isinstance(node, ast.JoinedStr) else value
        items = ", ".join(_dumped_value(item) for item in parts)
        return f"[{items}]" if items else ""
    is_value = isinstance(node, ast.Constant) and name == "value"
    return _dumped_value(value) if is_value or value is not None else ""


def _dumped_value(value: object) -> str:
    # Not repr: which letters it escapes depends on the Unicode version.
    return dumped(value) if isinstance(value, ast.AST) else ascii(value)


def _joined(items: Sequence[object]) -> Iterator[object]:
    """Yield items, neighbouring strings of an f-string as one.

    How an f-string is cut into strings differs between versions of Python.

    Yields:
        The items.
    """
    pending = ""
    for item in items:
        if isinstance(item, ast.Constant) and isinstance(item.value, str):
            pending += item.value
            continue
        if pending:
            yield ast.Constant(pending)
        pending = ""
        yield item
    if pending:
        yield ast.Constant(pending)


def flat(body: Sequence[ast.stmt]) -> Iterator[ast.stmt]:
    """Yield statements and those inside ``if``, ``try`` and ``with``, in order.

    Yields:
        Each statement before the ones inside it.
    """
    for statement in body:
        yield statement
        if isinstance(statement, ast.If | ast.Try | ast.With):
            for child in ast.iter_child_nodes(statement):
                if isinstance(child, ast.ExceptHandler):
                    yield from flat(child.body)
                elif isinstance(child, ast.stmt):
                    yield from flat((child,))


def lines_of(text: str) -> list[str]:
    """Return the lines of a text, ends included, as Python counts them."""
    return list(io.StringIO(text, newline=""))


def is_docstring(statement: ast.stmt) -> bool:
    """Return whether a statement is nothing but a string."""
    value = statement.value if isinstance(statement, ast.Expr) else None
    return isinstance(value, ast.Constant) and isinstance(value.value, str)


def used_names(text: str) -> frozenset[str]:
    """Return every name and attribute that a text mentions."""
    tree = tree_of(text)
    if tree is None:
        return frozenset(_WORD.findall(text))
    return frozenset(name for node in ast.walk(tree) for name in mentioned(node))


def mentioned(node: ast.AST) -> Iterator[str]:
    """Yield the names that one node mentions, not those inside it."""
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            yield name
        case ast.alias(name=name, asname=other):
            yield from name.split(".")
            if other:
                yield other
        case ast.ImportFrom(module=str(module)):
            yield from module.split(".")
        case _:
            return


def bound_names(statement: ast.stmt) -> list[str]:
    """Return the names that a statement binds in its own scope, in order."""
    names: list[str] = []
    stack: list[ast.AST] = [statement]
    while stack:
        node = stack.pop()
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                names.append(name)
            case ast.ClassDef(name=name):
                names.append(name)
            case ast.alias(name=name, asname=other):
                names.append(other or name.partition(".")[0])
            case ast.Name(id=name, ctx=ast.Store()):
                names.append(name)
            case ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
                names.append(name)
            case _:
                pass
        if not isinstance(node, _SCOPES):
            stack.extend(reversed(list(ast.iter_child_nodes(node))))
    return list(dict.fromkeys(names))


def identifiers(node: ast.AST) -> frozenset[str]:
    """Return the names a tree may refer to, parameters and names in strings too.

    A parameter may be a fixture, and pytest takes names of fixtures as strings.
    """
    found: set[str] = set()
    for each in ast.walk(node):
        match each:
            case ast.Name(id=name) | ast.arg(arg=name):
                found.add(name)
            case ast.Constant(value=str(words)):
                found.update(listed(words))
            case _:
                pass
    return frozenset(found)


def listed(words: str) -> list[str]:
    """Return the names in a string that is nothing but names with commas between."""
    return _WORD.findall(words) if _LIST.fullmatch(words) else []
