import ast
import random
import shlex
import sys
from pathlib import PurePosixPath

import pytest

from pdd_tasks.adapters.merging import ThreeWayMerger
from pdd_tasks.core.merge.keep import blocks_of
from pdd_tasks.core.merge.result import Merged, Method
from pdd_tasks.core.model.language import Language


TEXT = Language(name="text", extensions=("txt",), comment="#", environment={})
PYTHON = Language(name="python", extensions=("py",), comment="#", environment={})
PATH = PurePosixPath("a.txt")
HEAD = "import os\nimport sys\n\nLIMIT = 3\n"


def test_lines_are_merged_in_any_language():
    result = ThreeWayMerger().merge(TEXT, PATH, "a\nb\nc\n", "A\nb\nc\n", "a\nb\nC\n")

    assert result == Merged(text="A\nb\nC\n", method=Method.LINES)


def test_a_broken_marker_is_named_with_its_line():
    problem = ThreeWayMerger().problem(TEXT, "a\n# <pdd-keep>\nb\n")

    assert problem == "line 2: this block never ends"


def test_a_program_is_tried_last_and_judged_like_all_means():
    program = "import sys; print(open(sys.argv[2]).read() + {!r}, end='')"
    good, bad = (
        shlex.join([sys.executable, "-c", program.format(more)])
        for more in ("g\n", "x\n")
    )

    for command, result in (
        (good, Merged(text="m\ng\n", method=Method.DRIVER)),
        (bad, None),
        ("off", None),
    ):
        found = ThreeWayMerger({PATH: command}).merge(TEXT, PATH, "a\n", "m\n", "g\n")
        assert (found if isinstance(found, Merged) else None) == result


def _function(name, number):
    return f'def {name}(x):\n    """Do it."""\n    y = x + {number}\n    return y\n'


def _module(functions):
    return HEAD + "".join(f"\n\n{text}" for text in functions)


def _protected(chance, functions):
    """Put blocks into some functions; return these blocks."""
    blocks = []
    for number in range(chance.randint(0, 2)):
        at = chance.randrange(len(functions))
        name = chance.choice(["", f" id=b{number}"])
        block = f"    # <pdd-keep{name}>\n    z{number} = {at}  # é\n    # </pdd-keep>"
        if "pdd-keep" not in functions[at]:
            lines = functions[at].splitlines()
            functions[at] = "\n".join([*lines[:2], block, *lines[2:], ""])
            blocks.append(block)
    return sorted(blocks)


def _regenerated(chance, functions):
    """Return functions in another order, one of them renamed, one with a new body."""
    texts = list(functions)
    at = chance.randrange(len(texts))
    texts[at] = texts[at].replace("x + 0", f"x + {chance.randint(0, 5)}")
    if chance.random() < 0.5:
        texts[chance.randrange(len(texts))] = _function("g", 0)
    if chance.random() < 0.5:
        chance.shuffle(texts)
    return texts


def _is_merged(chance):
    """Return whether an edit with protected blocks and a regeneration merge.

    Whatever comes of it holds every block once, byte for byte.
    """
    functions = [_function(f"f{n}", 0) for n in range(chance.randint(2, 6))]
    edited = list(functions)
    blocks = _protected(chance, edited)
    if chance.random() < 0.6:
        at = chance.randrange(len(edited))
        edited[at] = edited[at].replace("return y", "return y + 1")
    mine = _module(edited)
    was_protected = chance.random() < 0.3
    base = mine.replace("y + 1", "y") if was_protected else _module(functions)
    generated = _module(_regenerated(chance, functions))
    result = ThreeWayMerger().merge(PYTHON, PATH, base, mine, generated)
    if isinstance(result, Merged):
        ast.parse(result.text)
        text = result.text
    else:
        text = "".join(p if isinstance(p, str) else p.mine for p in result.pieces)
    assert sorted(b.text for b in blocks_of(text, "#")) == blocks, (
        base,
        mine,
        generated,
    )
    return isinstance(result, Merged)


def _merges(count):
    chance = random.Random(count)  # noqa: S311 - a repeatable stream
    return sum(_is_merged(chance) for _ in range(count))


def test_protected_blocks_come_through_regenerated_code():
    assert _merges(100) > 50


@pytest.mark.slow
def test_protected_blocks_come_through_thousands_of_regenerations(tell):
    clean = _merges(3000)

    tell(f"protected blocks in 3000 regenerations, {clean} of them merged")
    assert clean > 1500
