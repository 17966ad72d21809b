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

from pdd_tasks.adapters.python.outline import module_of, outline_of
from pdd_tasks.adapters.python.scope import early
from pdd_tasks.adapters.python.symbols import definitions
from pdd_tasks.adapters.python.tree import Definition, tree_of
from pdd_tasks.core.merge import relaying
from pdd_tasks.core.merge.line_style import ended, is_ended
from pdd_tasks.core.merge.outline import Block
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
        try:
            if text in {base, generated} or _means_the_same(base, generated, text):
                return text
        except RecursionError:
            return generated
    return generated


def relaid(base: str, generated: str, merged: str) -> str | None:
    """Return a merge with the generated layout of what is still as in the base.

    The merge itself if it would not mean the same; None if words that are spelled
    anew in the generated text would be lost.

    Args:
        base: The text in whose layout the generated one was merged.
        generated: The generated text in its own layout.
        merged: What came of it.
    """
    old, model, found = (outline_of(ended(t, "\n")) for t in (base, generated, merged))
    if old is None or model is None or found is None:
        return merged
    laid = relaying.relaid(old, model, found, same)
    if laid is None:
        return None
    text = laid.text if is_ended(merged) else laid.text.removesuffix("\n")
    return text if _said(text) == _said(merged) else merged


def _candidates(old: Block, new: Block) -> Iterator[str]:
    yield in_layout(old, in_order(old, new), same).text
    yield in_layout(old, new, same).text


def _means_the_same(base: str, generated: str, text: str) -> bool:
    """Return whether a text may stand for the generated one.

    What decorators put somewhere must stand in the order of the base, and what is
    new among it in the order in which it was generated.
    """
    old, before, after = module_of(base), module_of(generated), module_of(text)
    if old is None or before is None or after is None:
        return False
    known = _registered(old)
    new = [name for name in _registered(before) if name not in known]
    found = _registered(after)
    return (
        definitions(generated) == definitions(text)
        and new == [name for name in found if name not in known]
        and [n for n in known if n in found] == [n for n in found if n in known]
        and early(after) <= early(before)
    )


def _registered(tree: ast.Module) -> list[str]:
    """Return the names of what decorators may have put somewhere, in order."""
    found = [
        (node.lineno, node.name)
        for node in ast.walk(tree)
        if isinstance(node, Definition)
        and not all(_is_plain(mark) for mark in node.decorator_list)
    ]
    return [name for _, name in sorted(found)]


def _is_plain(mark: ast.expr) -> bool:
    words = {n.id for n in ast.walk(mark) if isinstance(n, ast.Name)}
    words |= {n.attr for n in ast.walk(mark) if isinstance(n, ast.Attribute)}
    return bool(words & _PLAIN)


def same(one: str, other: str) -> bool:
    """Return whether some lines say the same, whatever their layout."""
    said = _said(one)
    return one.split() == other.split() if said is None else said == _said(other)


@lru_cache(maxsize=1024)
def _said(text: str) -> tuple[str, tuple[str, ...]] | None:
    """Return what some lines say, and their comments; None if that is unknown."""
    for whole in _completed(text):
        tree = tree_of(whole)
        if tree is not None:
            for node in ast.walk(tree):
                if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
                    _clean(node.value)
            try:
                return ast.dump(tree), tuple(_comments(whole))
            except RecursionError:
                return None
    return None


def _completed(text: str) -> Iterator[str]:
    """Yield programs that some lines of a text may be part of.

    They may be statements, or open a block of any statement.
    """
    margin = text[: len(text) - len(text.lstrip(" \t"))]
    start = "if 1:\n" if margin else ""
    block = f"{text}{margin}    pass\n"
    yield f"{start}{text}"
    yield f"{start}{block}"
    yield f"{start}{margin}if 1:\n{margin}    pass\n{block}"
    yield f"{start}{margin}try:\n{margin}    pass\n{block}"


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
