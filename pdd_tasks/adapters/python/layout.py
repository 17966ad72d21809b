"""Regenerated Python in the order and layout of the text that it takes the place of.

Nothing is undone that could mean something: the same definitions must be there, no
name be used earlier than before, and what is registered somewhere by a decorator
keeps its order.
"""

import ast
import inspect
import io
import tokenize
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from pdd_tasks.adapters.python.outline import outline_of
from pdd_tasks.adapters.python.scope import early
from pdd_tasks.adapters.python.symbols import definitions
from pdd_tasks.adapters.python.tree import Definition, tree_of
from pdd_tasks.core.merge.line_style import ended, is_ended
from pdd_tasks.core.merge.outline import Block, Piece
from pdd_tasks.core.merge.restoring import in_layout, in_order


_PLAIN: Final = frozenset(
    {
        *("property", "cached_property", "setter", "getter", "deleter", "cache"),
        *("staticmethod", "classmethod", "abstractmethod", "overload", "override"),
        *("dataclass", "total_ordering", "runtime_checkable", "final", "wraps"),
        *("contextmanager", "asynccontextmanager", "lru_cache", "fixture", "mark"),
    }
)
"""Decorators that put their function nowhere else."""


def in_layout_of(base: str, generated: str) -> str:
    """Return the generated text in the order and layout of the base.

    The generated text itself if one of the two does not parse, or if it would not
    mean the same.
    """
    old = outline_of(ended(base, "\n"))
    new = outline_of(ended(generated, "\n"))
    if old is None or new is None:
        return generated
    for found in _candidates(old, new):
        text = found if is_ended(generated) else found.removesuffix("\n")
        if text == generated or _means_the_same(generated, text):
            return text
    return generated


def _candidates(old: Block, new: Block) -> Iterator[str]:
    yield in_layout(old, in_order(old, new), _is_same).text
    yield in_layout(old, new, _is_same).text


def _means_the_same(one: str, other: str) -> bool:
    before, after = tree_of(one), tree_of(other)
    if before is None or after is None:
        return False
    return (
        definitions(one) == definitions(other)
        and _registered(before) == _registered(after)
        and early(after) <= early(before)
    )


def _registered(tree: ast.Module) -> list[str]:
    """Return the names of what decorators may have put somewhere, in order."""
    return [
        node.name
        for node in ast.walk(tree)
        if isinstance(node, Definition)
        and not all(_is_plain(mark) for mark in node.decorator_list)
    ]


def _is_plain(mark: ast.expr) -> bool:
    words = {n.id for n in ast.walk(mark) if isinstance(n, ast.Name)}
    words |= {n.attr for n in ast.walk(mark) if isinstance(n, ast.Attribute)}
    return bool(words & _PLAIN)


def _is_same(one: Piece, other: Piece) -> bool:
    said = _said(one.text)
    return said is not None and said == _said(other.text)


@lru_cache(maxsize=512)
def _said(text: str) -> tuple[str, tuple[str, ...]] | None:
    """Return what a piece says and its comments; None if it is none on its own."""
    is_inner = text[:1] in {" ", "\t"}
    tree = tree_of(f"if 1:\n{text}" if is_inner else text)
    if tree is None:
        return None
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            _clean(node.value)
    return ast.dump(tree), tuple(_comments(text))


def _clean(value: ast.Constant) -> None:
    """Take the layout out of a docstring."""
    if isinstance(value.value, str):
        lines = inspect.cleandoc(value.value).split("\n")
        value.value = "\n".join(line.rstrip() for line in lines)


def _comments(text: str) -> Iterator[str]:
    try:
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            if token.type == tokenize.COMMENT:
                yield token.string.lstrip("# ")
    except (tokenize.TokenError, IndentationError):
        yield text
