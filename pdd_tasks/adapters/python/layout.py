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
from pdd_tasks.core.merge.words import tokens


_PLAIN: Final = frozenset(
    {
        *("property", "cached_property", "setter", "getter", "deleter", "cache"),
        *("staticmethod", "classmethod", "abstractmethod", "overload", "override"),
        *("dataclass", "total_ordering", "runtime_checkable", "final", "wraps"),
        *("contextmanager", "asynccontextmanager", "lru_cache", "fixture", "mark"),
    }
)
"""Decorators that put their function nowhere else."""

_SOFT: Final = frozenset("(),")


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
        if text in {base, generated} or _means_the_same(base, generated, text):
            return text
    return generated


def relaid(base: str, generated: str, merged: str) -> str:
    """Return a merge with the generated layout of what is still as in the base.

    The merge itself if it would not mean the same.

    Args:
        base: The text in whose layout the generated one was merged.
        generated: The generated text in its own layout.
        merged: What came of it.
    """
    old, model, found = (outline_of(ended(t, "\n")) for t in (base, generated, merged))
    if old is None or model is None or found is None:
        return merged
    text = relaying.relaid(old, model, found, _is_same).text
    text = text if is_ended(merged) else text.removesuffix("\n")
    return text if _said(text) == _said(merged) else merged


def _candidates(old: Block, new: Block) -> Iterator[str]:
    yield in_layout(old, in_order(old, new), _is_same).text
    yield in_layout(old, new, _is_same).text


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


def _is_same(one: str, other: str) -> bool:
    said = _said(one)
    if said is None:  # what opens a block is no statement
        return _spelled(one) == _spelled(other)
    return said == _said(other)


def _spelled(text: str) -> list[str]:
    """Return the words of a text, strings in one form, without brackets and commas."""
    words = tokens(text)[0]
    return [_in_one_form(word) for word in words if word not in _SOFT]


def _in_one_form(word: str) -> str:
    return word.replace('"', "'") if word.endswith(('"', "'")) else word


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
