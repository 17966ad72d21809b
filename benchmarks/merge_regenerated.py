"""Merge people's edits with code that was regenerated to say what it said before.

Each edit of a Python file in the history of a git repository is mine; generated is
the text before it with its definitions in another order, in the formatter's layout,
or both, as models like to give it. Right is what says the same as mine, whatever the
order of its definitions; a conflict is left; anything else is wrong.

    python benchmarks/merge_regenerated.py REPOSITORY... [--edits 150] [--goal 93]

With `--goal` the exit code is 1 if a share is below it, or if anything is wrong.
"""

import argparse
import ast
import random
import statistics
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from history import Repository

from pdd_tasks.adapters.python.outline import outline_of
from pdd_tasks.adapters.python.scope import early
from pdd_tasks.adapters.python.structure import PythonStructure
from pdd_tasks.adapters.python.tree import tree_of
from pdd_tasks.core.merge.ladder import merge
from pdd_tasks.core.merge.outline import Block, Kind, Piece, of_blocks
from pdd_tasks.core.merge.result import Merged


_WAYS: Final = ("reordered", "reformatted", "both")
_STRUCTURE: Final = PythonStructure()


def main() -> int:
    """Merge and print what came out.

    Returns:
        1 if a goal is given and not met, else 0.
    """
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("repositories", nargs="+", type=Path)
    parser.add_argument("--edits", type=int, default=150, help="of each repository")
    parser.add_argument("--goal", type=float, help="lowest share in percent")
    options = parser.parse_args()
    counts: Counter[tuple[str, str]] = Counter()
    seconds: list[float] = []
    for path in options.repositories:
        for name, base, mine in _edits(path, options.edits):
            for way in _WAYS:
                generated = _regenerated(base, way, random.Random(name))  # noqa: S311
                if generated not in {None, base}:
                    start = time.perf_counter()
                    counts[way, _outcome(base, mine, generated or "")] += 1
                    seconds.append(time.perf_counter() - start)
    return _told(counts, seconds, options.goal)


def _edits(path: Path, most: int) -> Iterator[tuple[str, str, str]]:
    repository = Repository(path)
    found = 0
    for name, base, mine in repository.edits():
        if found < most and _is_fit(base) and _is_fit(mine):
            found += 1
            yield name, base, mine
    repository.close()


def _is_fit(text: str) -> bool:
    tree = tree_of(text)
    return tree is not None and text.endswith("\n") and "\r" not in text


def _regenerated(base: str, way: str, chance: random.Random) -> str | None:
    """Return a text that says the same; None if it cannot be made."""
    text: str | None = base
    if way in {"reordered", "both"}:
        text = _reordered(base, chance)
    if text is not None and way in {"reformatted", "both"}:
        text = _reformatted(text)
    return text


def _reformatted(text: str) -> str | None:
    done = subprocess.run(
        ["ruff", "format", "--isolated", "--stdin-filename", "module.py", "-"],
        input=text.encode(),
        capture_output=True,
        check=False,
    )
    return done.stdout.decode() if done.returncode == 0 else None


def _reordered(text: str, chance: random.Random) -> str | None:
    outline = outline_of(text)
    before = tree_of(text)
    if outline is None or before is None:
        return None
    shuffled = _shuffled(outline, chance).text
    after = tree_of(shuffled)
    if after is None or not early(after) <= early(before):
        return None
    return shuffled


def _shuffled(block: Block, chance: random.Random) -> Block:
    """Return a block with its definitions, those of its classes too, in any order."""
    members = [_inside(piece, chance) for piece in block.members]
    places = [k for k, piece in enumerate(members) if piece.kind is Kind.DEFINITION]
    others = list(places)
    chance.shuffle(others)
    moved = list(members)
    for place, other in zip(places, others, strict=True):
        moved[place] = replace(members[other], lead=members[place].lead)
    return replace(block, members=tuple(moved))


def _inside(piece: Piece, chance: random.Random) -> Piece:
    if piece.kind is not Kind.DEFINITION or not piece.blocks[-1:]:
        return piece
    blocks = [_shuffled(b, chance) if b.is_free else b for b in piece.blocks]
    return of_blocks(piece, blocks)


def _outcome(base: str, mine: str, generated: str) -> str:
    result = merge(base, mine, generated, structure=_STRUCTURE, mark="#")
    if not isinstance(result, Merged):
        return "left"
    return "right" if _program(result.text) == _program(mine) else "wrong"


def _program(text: str) -> Counter[str]:
    """Return what a text says, whatever the order of its definitions."""
    tree = tree_of(text)
    return Counter(_said(tree.body)) if tree else Counter()


def _said(body: Sequence[ast.stmt]) -> Iterator[str]:
    for node in body:
        if isinstance(node, ast.ClassDef):
            inner = sorted(_said(node.body))
            head = [*map(ast.dump, (*node.bases, *node.decorator_list))]
            yield f"class {node.name} {head} {inner}"
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            yield " ".join(str(node.value.value).split())
        else:
            yield ast.dump(_without_layout(node))


def _without_layout(node: ast.stmt) -> ast.stmt:
    """Return a statement whose docstrings are without layout.

    `u"a"` says what `"a"` does, and formatters write it so.
    """
    for inner in ast.walk(node):
        if isinstance(inner, ast.Constant):
            inner.kind = None
        if isinstance(inner, ast.Expr) and isinstance(inner.value, ast.Constant):
            inner.value.value = " ".join(str(inner.value.value).split())
    return node


def _told(
    counts: Counter[tuple[str, str]], seconds: Sequence[float], goal: float | None
) -> int:
    is_good = True
    for way in _WAYS:
        right, left, wrong = (counts[way, k] for k in ("right", "left", "wrong"))
        total = right + left + wrong
        share = 100 * right / (total or 1)
        print(f"{way:12} {total:5}: right {share:5.1f} %, left {left}, wrong {wrong}")
        is_good &= wrong == 0 and (goal is None or share >= goal)
    if seconds:
        print(f"median {1000 * statistics.median(seconds):.0f} ms")
    return 0 if is_good or goal is None else 1


if __name__ == "__main__":
    sys.exit(main())
