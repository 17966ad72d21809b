"""Merges and judges Python by its syntax tree; texts are cut, never written anew."""

import ast
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache

from pdd_tasks.adapters.python.layout import in_layout_of, relaid
from pdd_tasks.adapters.python.outline import module_of, outline_of
from pdd_tasks.adapters.python.scope import early, repeated, unbound
from pdd_tasks.adapters.python.tree import listed, mentioned, parsed
from pdd_tasks.core.merge.definitions import merged_outlines
from pdd_tasks.core.merge.line_style import ended, is_ended
from pdd_tasks.core.merge.orphan import orphan, words_of
from pdd_tasks.core.merge.restoring import is_reordered
from pdd_tasks.core.merge.result import Merged


class PythonStructure:
    """What merging needs of Python beyond its lines."""

    def merged(self, base: str, mine: str, generated: str) -> Merged | None:
        """Return a merge by definitions, statements or words, not judged yet."""
        outlines = [outline_of(ended(text, "\n")) for text in (base, mine, generated)]
        if not all(outlines):
            return None
        b, m, g = (found for found in outlines if found)
        joint = merged_outlines(b, m, g)
        if joint is None:
            return None
        text = joint.text if is_ended(mine) else joint.text.removesuffix("\n")
        return Merged(text=text, method=joint.method)

    def objection(
        self, base: str, mine: str, generated: str, merged: str
    ) -> str | None:
        """Return why a merge is no good in Python; None if nothing is wrong."""
        if module_of(merged) is None:
            return f"it would not parse, {parsed(merged)}"
        if merged in {base, mine, generated}:
            return None
        if module_of(mine) is None or module_of(generated) is None:
            return None  # there is nothing to compare with
        try:
            return (
                _twice(merged, mine, generated)
                or _nowhere(merged, mine, generated)
                or _gone(base, mine, generated, merged)
            )
        except RecursionError:
            return "it is nested too deeply to be judged"

    def is_reordered(self, base: str, generated: str) -> bool:
        """Return whether the generated text has definitions in another order."""
        old, new = outline_of(ended(base, "\n")), outline_of(ended(generated, "\n"))
        return bool(old and new and is_reordered(old, new))

    def reordered(self, base: str, generated: str) -> str:
        """Return the generated text in the order and layout of the base."""
        return in_layout_of(base, generated)

    def relaid(self, base: str, generated: str, merged: str) -> str | None:
        """Return a merge in the generated layout where the base was left alone."""
        return relaid(base, generated, merged)


def _twice(merged: str, *sides: str) -> str | None:
    known = [_repeated(side) for side in sides]
    for name, count in _repeated(merged).items():
        if count > max(side[name] for side in known):
            return f"{name} would be defined twice"
    for name in sorted(_early(merged).difference(*(_early(side) for side in sides))):
        return f"{name} would be used before it is bound"
    return None


def _gone(base: str, mine: str, generated: str, merged: str) -> str | None:
    texts = (ended(text, "\n") for text in (base, mine, generated, merged))
    b, m, g, x = (outline_of(text) for text in texts)
    name = orphan(b, m, g, x, _uses) if b and m and g and x else None
    return f"{name} would be used, and a side took it away" if name else None


@lru_cache(maxsize=16)
def _uses(text: str) -> Counter[str]:
    """Return the names that a text uses; those in strings made of names, too."""
    tree = module_of(text)
    if tree is None:
        return words_of(text)
    return Counter(name for node in ast.walk(tree) for name in _used(node))


def _used(node: ast.AST) -> Iterable[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return listed(node.value)
    return mentioned(node)


def _nowhere(merged: str, *sides: str) -> str | None:
    missing = _unbound(merged).difference(*(_unbound(side) for side in sides))
    for name in sorted(missing):
        return f"{name} would be used and defined nowhere"
    return None


@lru_cache(maxsize=16)  # the sides of a merge are looked at for each try
def _repeated(text: str) -> Counter[str]:
    tree = module_of(text)
    return Counter() if tree is None else repeated(tree)


@lru_cache(maxsize=16)
def _early(text: str) -> frozenset[str]:
    tree = module_of(text)
    return frozenset() if tree is None else early(tree)


@lru_cache(maxsize=16)
def _unbound(text: str) -> frozenset[str]:
    tree = module_of(text)
    return frozenset() if tree is None else unbound(text, tree)
