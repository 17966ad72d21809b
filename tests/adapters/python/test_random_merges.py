"""Random edits on both sides of random programs: no merge does harm."""

import random
from collections import Counter

import pytest

from pdd_tasks.adapters.python.structure import PythonStructure
from pdd_tasks.core.merge.gates import objection
from pdd_tasks.core.merge.ladder import merge
from pdd_tasks.core.merge.result import Merged, Method


STRUCTURE = PythonStructure()
MODULES = ("os", "re", "sys", "json", "math", "time")


def function(name, chance, margin=""):
    """Return the lines of a function in which every statement is its own."""
    steps = [
        f"    {name}_{n} = {chance.randrange(100)} + {chance.randrange(100)}"
        for n in range(chance.randrange(1, 5))
    ]
    if chance.random() < 0.3:
        steps += [f"    if {name}_0:", f"        {name}_0 -= {chance.randrange(9)}"]
    lines = [f"def {name}(value):", f'    """Do {name}."""', *steps, "    return value"]
    return [margin + line for line in lines]


def program(chance):
    """Return the parts of a program: imports, then functions and a class."""
    names = chance.sample(MODULES, 2)
    parts = [[f"import {name}"] for name in sorted(names)]
    parts += [function(f"f{n}", chance) for n in range(chance.randrange(1, 5))]
    methods = [function(f"m{n}", chance, "    ") for n in range(chance.randrange(1, 4))]
    return [*parts, [f"class {'Thing'}:"], *methods]


def edited(parts, chance, side):
    """Return a program with a few edits; what is new has the side's name in it."""
    parts = [list(part) for part in parts]
    for number in range(chance.randrange(1, 4)):
        middle = chance.random() < 0.7
        at = len(parts) // 2 if middle else chance.randrange(len(parts))
        part = parts[at]
        margin = part[0][: len(part[0]) - len(part[0].lstrip())]
        is_function = part[0].lstrip().startswith("def")
        match chance.randrange(5) if is_function else 0:
            case 0 if not margin and not part[0].startswith("class"):
                parts.insert(at, [f"import {side}_{number}"])
            case 1:
                new = function(f"{side}{number}", chance, margin)
                parts.insert(at + 1, new)
            case 2:
                places = [k for k in range(2, len(part)) if part[k - 1][-1] != ":"]
                place = chance.choice(places)
                part.insert(place, f"{margin}    {side}_step_{number} = value")
            case 3:
                place = chance.randrange(1, len(part))
                part[place] = part[place].replace(" + ", f" + {side}_{number} - ")
            case 4 if len(part) > 4 and "if" not in part[-3] and "-=" not in part[-2]:
                del part[-2]
            case _:
                pass
    return parts


def text(parts):
    blocks = ["\n".join(part) for part in parts]
    return "\n\n".join(blocks).replace("_0:\n\n", "_0:\n") + "\n"


def lines(found):
    return Counter(found.text.splitlines())


def merged(base, mine, generated):
    found = merge(base, mine, generated, structure=STRUCTURE, mark="#")
    return found if isinstance(found, Merged) else None


def check(seed):
    """Check one random merge; return the means that was needed, if any was enough."""
    chance = random.Random(seed)  # noqa: S311
    base = program(chance)
    mine, generated = (edited(base, chance, side) for side in ("mine", "yours"))
    texts = text(base), text(mine), text(generated)
    found, turned = merged(*texts), merged(texts[0], texts[2], texts[1])
    assert merged(texts[0], texts[1], texts[1]) == Merged(
        text=texts[1], method=Method.EQUAL
    )
    assert merged(texts[1], texts[1], texts[2]).text == texts[2]
    assert merged(texts[2], texts[1], texts[2]).text == texts[1]
    assert (found is None) is (turned is None), seed
    if found is None or turned is None:
        return None
    assert lines(found) == lines(turned), seed
    ordered = STRUCTURE.reordered(texts[0], texts[2])
    problems = [
        objection(texts[0], texts[1], side, found.text, STRUCTURE)
        for side in (texts[2], ordered)
    ]
    assert None in problems or found.method is Method.LINES, (seed, problems)
    return found.method


def test_random_merges_do_no_harm():
    methods = Counter(check(seed) for seed in range(150))
    assert methods[Method.DEFINITIONS] > 10
    assert methods[Method.STATEMENTS] > 2


@pytest.mark.slow
def test_many_random_merges_do_no_harm():
    methods = Counter(check(seed) for seed in range(1000, 2500))
    assert methods[Method.STATEMENTS] > 20
