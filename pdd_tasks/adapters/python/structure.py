"""Merges and judges Python by its syntax tree; texts are cut, never written anew."""

import ast

from pdd_tasks.adapters.python.layout import in_layout_of
from pdd_tasks.adapters.python.outline import outline_of
from pdd_tasks.adapters.python.scope import early, repeated, unbound
from pdd_tasks.adapters.python.tree import parsed, tree_of
from pdd_tasks.core.merge.definitions import merged_outlines
from pdd_tasks.core.merge.line_style import ended, is_ended
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
        tree = parsed(merged)
        if isinstance(tree, str):
            return f"it would not parse, {tree}"
        if merged in {base, mine, generated}:
            return None
        sides = [found for text in (mine, generated) if (found := tree_of(text))]
        if len(sides) < 2:  # noqa: PLR2004  # nothing to compare with
            return None
        return _twice(tree, *sides) or _nowhere(merged, mine, generated)

    def reordered(self, base: str, generated: str) -> str:
        """Return the generated text in the order and layout of the base."""
        return in_layout_of(base, generated)


def _twice(tree: ast.Module, *sides: ast.Module) -> str | None:
    known = [repeated(side) for side in sides]
    for name, count in repeated(tree).items():
        if count > max(side[name] for side in known):
            return f"{name} would be defined twice"
    early_before = frozenset[str]().union(*(early(side) for side in sides))
    for name in sorted(early(tree) - early_before):
        return f"{name} would be used before it is bound"
    return None


def _nowhere(merged: str, *sides: str) -> str | None:
    missing = _unbound(merged).difference(*(_unbound(side) for side in sides))
    for name in sorted(missing):
        return f"{name} would be used and defined nowhere"
    return None


def _unbound(text: str) -> frozenset[str]:
    tree = tree_of(text)
    return frozenset() if tree is None else unbound(text, tree)
