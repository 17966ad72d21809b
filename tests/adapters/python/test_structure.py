"""Python's part in merging: what it objects to, and what it puts in order."""

import pytest

from pdd_tasks.adapters.python.layout import relaid, same
from pdd_tasks.adapters.python.outline import outline_of
from pdd_tasks.adapters.python.structure import PythonStructure
from pdd_tasks.core.merge.outline import Block
from pdd_tasks.core.merge.restoring import in_layout


STRUCTURE = PythonStructure()
BASE = (
    "import os\n\n\ndef one():\n    return os.name\n\n\ndef two():\n    return one()\n"
)
MORE = BASE + "\n\nX = 1\n"


@pytest.mark.parametrize(
    "merged, because",
    [
        pytest.param(BASE, None, id="as-it-was"),
        pytest.param(MORE + "\n\nY = 2\n", None, id="good"),
        pytest.param(BASE + "def (:\n", "it would not parse, line 10", id="syntax"),
        pytest.param(
            BASE + "\n\ndef one():\n    return 1\n", "one would be defined", id="twice"
        ),
        pytest.param(BASE + "\n\nY = zero()\n", "zero would be used", id="nowhere"),
        pytest.param(
            BASE.replace("import os\n\n\n", "X = one()\n\nimport os\n\n\n"),
            "one would be used before",
            id="early",
        ),
        pytest.param(
            "Y = two\n\n\ndef two():\n    return 1\n\n\nX = 1\n",
            "two would be used before",
            id="early-by-name",
        ),
        pytest.param(
            "class A:\n    x = f\n\n    def f(self): ...\n\n\nX = 1\n",
            "A.f would be used before",
            id="early-in-a-class",
        ),
    ],
)
def test_objections(merged, because):
    found = STRUCTURE.objection(BASE, BASE, MORE, merged)
    assert found is None if because is None else (found or "").startswith(because)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("from shop import *\n\n\nX = anything\n", id="star"),
        pytest.param("x = [y for y in (1, 2)]\ny = 3\n", id="comprehension"),
        pytest.param("def f():\n    global g\n    g = 1\n\n\nX = g\n", id="global"),
        pytest.param("for i in (1, 2):\n    print(i)\n", id="loop"),
        pytest.param(
            "try:\n    a = 1\nexcept E as e:\n    print(e)\n\n\nE = 1\n", id="try"
        ),
        pytest.param("def f():\n    return later\n\n\nlater = 1\n", id="later"),
        pytest.param(
            "from __future__ import annotations\n\n\ndef f(x: B): ...\n\n\nB = 1\n",
            id="lazy-hints",
        ),
        pytest.param("print(__file__, __name__)\n", id="of-the-module"),
        pytest.param(
            "if 1:\n    def f(): ...\nelse:\n    def f(): ...\n", id="two-ways"
        ),
        pytest.param(
            "class A:\n    @property\n    def x(self): ...\n    @x.setter\n"
            "    def x(self, v): ...\n",
            id="property",
        ),
        pytest.param(
            "from typing import overload\n@overload\ndef f(): ...\n@overload\n"
            "def f(x): ...\ndef f(*x): ...\n",
            id="overload",
        ),
    ],
)
def test_nothing_is_wrong_with(text):
    text = text if "E as e" not in text else text.replace("E as e", "OSError as e")
    assert STRUCTURE.objection("", "", "", text) is None


def test_what_is_early_by_what_it_calls_counts():
    late = "def one():\n    return LIMIT\n\n\nX = one()\nLIMIT = 1\n"
    fine = "def one():\n    return LIMIT\n\n\nLIMIT = 1\nX = one()\n"
    found = STRUCTURE.objection(fine, fine, fine, late)
    assert found == "LIMIT would be used before it is bound"


@pytest.mark.parametrize(
    "use, is_one",
    [
        pytest.param("X = a.half(1)\n", True, id="attribute"),
        pytest.param("X = f'{a.half(1)}'\n", True, id="in an f-string"),
        pytest.param("__all__ = ['A', 'half']\n", True, id="listed"),
        pytest.param("X = 1  # half of two\n", False, id="comment"),
        pytest.param("X = 'the other half'\n", False, id="text"),
    ],
)
def test_a_use_of_what_a_side_took_away_is_a_name_and_no_word(use, is_one):
    whole = "class A:\n    x = 1\n\n    def half(self):\n        return 1\n"
    mine = "class A:\n    x = 1\n"
    found = STRUCTURE.objection(whole, mine, whole + use, mine + use)
    said = "half would be used, and a side took it away"
    assert found == (said if is_one else None)


def test_sides_that_do_not_parse_are_nothing_to_compare_with():
    assert STRUCTURE.objection("a(", "a(", "b(", "c = 1\n") is None


def test_texts_that_do_not_parse_are_not_merged():
    assert STRUCTURE.merged("a(", "b = 1\n", "c = 1\n") is None
    assert STRUCTURE.reordered("a(", "b = 1\n") == "b = 1\n"
    assert not STRUCTURE.is_reordered("a(", "b = 1\n")
    assert STRUCTURE.relaid("a(", "b = 1\n", "c = 1\n") == "c = 1\n"
    assert outline_of("a = 1\r\n") is None


def test_the_last_line_end_is_that_of_mine():
    found = STRUCTURE.merged("a = 1\nb = 2", "a = 10\nb = 2", "a = 1\nb = 2\nc = 3\n")
    assert found is not None
    assert found.text == "a = 10\nb = 2\nc = 3"


TWO = "\n\ndef two():\n    return one()\n"


def test_definitions_go_back_to_where_the_base_has_them():
    turned = "import os\n" + TWO + "\n\ndef one():\n    return os.name\n"
    assert STRUCTURE.is_reordered(BASE, turned)
    assert STRUCTURE.reordered(BASE, turned) == BASE
    assert STRUCTURE.reordered(BASE, turned[:-1]) == BASE[:-1]


@pytest.mark.parametrize(
    "base, generated",
    [
        pytest.param(
            "def a(): ...\n\n\ndef b(): ...\n",
            "def b(): ...\n\n\nX = b()\n\n\ndef a(x=X): ...\n",
            id="a-new-need",
        ),
        pytest.param(
            "@web.get('/')\ndef a(): ...\n\n\ndef b(): ...\n",
            "@web.get('/x')\ndef c(): ...\n\n\ndef b(): ...\n\n\n"
            "@web.get('/y')\ndef d(): ...\n\n\n@web.get('/')\ndef a(): ...\n",
            id="registered",
        ),
    ],
)
def test_an_order_that_means_something_stays(base, generated):
    found = STRUCTURE.reordered(base, generated)
    names = [line for line in found.splitlines() if "def " in line or "X" in line]
    assert names.index("def b(): ...") < names.index(
        "def a(x=X): ..." if "X = b()" in found else "def d(): ..."
    )


def test_layout_is_that_of_the_base_where_it_says_the_same():
    base = (
        "X = {'a': 1}  # one\n\n\ndef f(a, b):\n    '''Do.\n    It.'''\n    return a\n"
    )
    laid_out = (
        'X = {\n    "a": 1,\n}  # one\n\n\ndef f(\n    a,\n    b,\n):\n'
        '    """Do.\n    It."""\n    return (a)\n'
    )
    assert STRUCTURE.reordered(base, laid_out) == base
    assert STRUCTURE.reordered(base, laid_out.replace("one", "two")) != base
    assert relaid(base, laid_out, base) == laid_out


def test_a_layout_that_would_say_something_else_is_not_taken():
    assert relaid("x = 1\n", "x = 1\n", "x = (\n") == "x = (\n"


def test_statements_that_share_a_line_stay_together():
    found = outline_of("a = 1; b = 2\nif a: b = 3\nclass C: pass\n")
    assert found is not None
    assert [len(piece.blocks) for piece in found.members] == [0, 0, 0]
    assert [piece.text.count("\n") for piece in found.members] == [1, 1, 1]


def test_every_line_is_in_the_outline():
    text = (
        '"""Doc."""\n\n# Alone.\n\n# Above.\nwhile 1:\n    a()\n    # End.\n'
        "  # Odd.\nelse:\n    b()\n\nmatch x:\n    # First.\n    case 1 if y:\n"
        "        pass\n    case _:\n        pass\n    # Last.\n# Below.\n"
    )
    found = outline_of(text)
    assert found is not None
    assert found.text == text


@pytest.mark.parametrize(
    "one, other, is_same",
    [
        pytest.param("def f(a, b):", "def f(\n    a,\n    b,\n):", True, id="def"),
        pytest.param("    def f(a='x'):", '    def f(a="x"):', True, id="method"),
        pytest.param("for x in (1,):", "for x in (1):", False, id="tuple"),
        pytest.param("    elif a == 'x':", '    elif (a == "x"):', True, id="elif"),
        pytest.param("except (A, B):", "except (A, B,):", True, id="except"),
        pytest.param("    else:", "    else :", True, id="else"),
        pytest.param("finally:", "finally:  # x", False, id="comment"),
        pytest.param("x = (1,)", "x = (1)", False, id="one"),
        pytest.param("    case 'a':", "    case  'a':", True, id="case"),
        pytest.param("    case 'a':", "    case 'b':", False, id="another-case"),
        pytest.param("# a", "#  a", True, id="note"),
    ],
)
def test_lines_that_say_the_same(one, other, is_same):
    body = "" if one.lstrip().startswith(("x", "#")) else "pass\n"
    found = in_layout(lines(one, body), lines(other, body), same)
    assert (found.head == f"{one}\n") is is_same


def lines(head, body):
    return Block(head=f"{head}\n", members=(), tail=body, is_free=False)


def test_what_is_nested_too_deeply_is_left_alone():
    deep = " + ".join(["1"] * 3000)
    base, mine = f"import a\n\nX = {deep}\nY = 1\n", f"import a\n\nX = {deep}\nY = 2\n"
    generated = f"import a\nimport b\n\nX = ({deep})\nY = 1\n"
    assert STRUCTURE.reordered(base, generated) == generated
    assert STRUCTURE.relaid(base, generated, mine) == mine
    assert "deeply" in (
        STRUCTURE.objection(base, mine, generated, mine + "Z = 3\n") or ""
    )
    found = STRUCTURE.merged(base, mine, generated)
    assert found is None or "Y = 2" in found.text
