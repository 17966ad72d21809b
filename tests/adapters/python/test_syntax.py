"""What is read from Python texts; the literals hold on Python 3.11 to 3.13."""

import hashlib

import pytest

from pdd_tasks.adapters.python.syntax import PythonSyntax


SYNTAX = PythonSyntax()

MODULE = '''\
"""A module."""
from __future__ import annotations

import contextlib
import dataclasses
from json import loads as loads
from typing import Protocol, overload

__version__ = "1"
LIMIT: int = 3  # how many
first, (second, *_third) = 1, (2, 3)
_hidden = 1

try:
    import fast
except ImportError:
    fast = None

if LIMIT > 2:
    def conditional(): ...


@dataclasses.dataclass(frozen=True)
class Point(Base, metaclass=Meta):
    """A point."""

    x: int
    y: "float" = 0.0
    _secret: int = 1
    KIND = "point"

    def __init__(self, x, /, *rest: int, scale=1.0, deep: str, **more) -> None:
        self.x = x
        self.seen = self._unseen = 1

    @property
    def size(self) -> int:
        return 1

    @size.setter
    def size(self, value: int) -> None:
        self._size = value

    @staticmethod
    async def fetch(a, b: int = 2, *, c): return a

    def _private(self): ...


class Empty(Exception):
    """Nothing."""


@contextlib.contextmanager
@some.other.decorator(1)
def opened(path: str | None = None, mode="r") -> Iterator[list[int]]:
    """Open."""
    yield f"{path!r:>{LIMIT}} {{}} {mode=}" "tail" 'é'


def _hidden_function(): ...
'''

INTERFACE = """\
class Empty(Exception):
    pass
LIMIT: int
@dataclasses.dataclass(frozen=True)
class Point(Base, metaclass=Meta):
    x: int
    y: 'float' = ...
    KIND
    def __init__(self, x, /, *rest: int, scale=..., deep: str, **more) -> None
    @staticmethod
    async def fetch(a, b: int = ..., *, c)
    @property
    def size(self) -> int
    @size.setter
    def size(self, value: int) -> None
    self.seen
def conditional()
fast
first
loads
@contextlib.contextmanager
def opened(path: str | None = ..., mode=...) -> Iterator[list[int]]
second
"""


def test_the_interface_is_names_and_signatures():
    assert SYNTAX.interface(MODULE) == INTERFACE


def test_public_names_are_those_of_the_interface():
    expected = {"Empty", "LIMIT", "Point", "conditional", "fast", "first", "loads"}
    assert SYNTAX.public_names(MODULE) == expected | {"opened", "second"}


@pytest.mark.parametrize(
    "listing",
    [
        pytest.param('__all__ = ["a", "_b", "join"]', id="list"),
        pytest.param('__all__: list[str] = ["a", "_b", "join"]', id="annotated"),
        pytest.param('__all__ = ("a",)\n__all__ += ["_b", "join"]', id="extended"),
    ],
)
def test_a_listing_of_names_rules(listing):
    text = (
        f"from os.path import join\n{listing}\ndef a(): 1\ndef _b(x): 1\ndef c(): 1\n"
    )
    assert SYNTAX.public_names(text) == {"a", "_b", "join"}
    assert SYNTAX.interface(text) == "def _b(x)\ndef a()\njoin\n"


SAME_INTERFACE = (
    MODULE.replace('"""A point."""', "")
    .replace("# how many", "")
    .replace("LIMIT: int = 3", "LIMIT: int = 4\n")
    .replace("scale=1.0", "scale = 2.0")
    .replace("return 1", "return 2 + 3")
)


def test_values_prose_and_layout_are_no_interface():
    assert SYNTAX.interface(SAME_INTERFACE) == INTERFACE
    assert SYNTAX.behaviour(SAME_INTERFACE) != SYNTAX.behaviour(MODULE)


def test_the_order_of_functions_is_no_interface():
    one, two = "def a(x): return x\n", "def b(y): return y\n"
    assert SYNTAX.interface(one + two) == SYNTAX.interface(two + one)


@pytest.mark.parametrize(
    "old, new",
    [
        pytest.param("def a(x): 1", "def a(y): 1", id="parameter"),
        pytest.param("def a(x): 1", "def a(x=1): 1", id="default"),
        pytest.param("def a(x): 1", "def a(*, x): 1", id="keyword only"),
        pytest.param("def a(x): 1", "def a(x) -> int: 1", id="result"),
        pytest.param("def a(x): 1", "async def a(x): 1", id="async"),
        pytest.param("class A:\n x: int", "class A:\n x: int = 1", id="field default"),
        pytest.param(
            "class A:\n a: int\n b: int", "class A:\n b: int\n a: int", id="order"
        ),
        pytest.param("class A: 1", "class A(B): 1", id="base"),
        pytest.param(
            "class A:\n def x(self): 1",
            "class A:\n @property\n def x(self): 1",
            id="mark",
        ),
    ],
)
def test_what_callers_see_is_interface(old, new):
    assert SYNTAX.interface(old) != SYNTAX.interface(new)


def test_behaviour_is_the_tree_without_prose():
    text = 'def f(a, *, b=1.5):\n    """Doc."""\n    # why\n    return [a, "x", None]\n'
    assert SYNTAX.behaviour(text) == (
        "Module(body=[FunctionDef(name='f', args=arguments(args=[arg(arg='a')], "
        "kwonlyargs=[arg(arg='b')], kw_defaults=[Constant(value=1.5)]), "
        "body=[Return(value=List(elts=[Name(id='a'), Constant(value='x'), "
        "Constant(value=None)]))])])"
    )


def test_behaviour_is_the_same_on_every_python():
    digest = hashlib.sha256(SYNTAX.behaviour(MODULE).encode()).hexdigest()
    assert digest == "9eeaef991e7858e74c77ab40bda11b19626aadac0f571725be515d2c291b8c37"


@pytest.mark.parametrize(
    "old, new",
    [
        pytest.param("x = [1,2]", "x = [\n    1,  # one\n    2,\n]\n", id="layout"),
        pytest.param('def a():\n "d"\n b()', "def a():\n b()", id="docstring"),
        pytest.param("x = 'a' \"b\"", 'x = "ab"', id="quotes"),
    ],
)
def test_layout_and_prose_are_no_behaviour(old, new):
    assert SYNTAX.behaviour(old) == SYNTAX.behaviour(new)


@pytest.mark.parametrize(
    "old, new",
    [
        pytest.param("x = ['a', 'b']", "x = ['ab']", id="list of strings"),
        pytest.param("x = 1", "x = True", id="equal values"),
        pytest.param("x = 1", "x = 1.0", id="equal numbers"),
        pytest.param("return_ = f'{a}b'", "return_ = f'{a}c'", id="f-string"),
        pytest.param("x = 'a'", "x = b'a'", id="bytes"),
    ],
)
def test_what_runs_otherwise_is_other_behaviour(old, new):
    assert SYNTAX.behaviour(old) != SYNTAX.behaviour(new)


def test_a_text_that_is_no_python_stands_for_itself():
    text = "def f(:\n"
    assert SYNTAX.behaviour(text) == SYNTAX.interface(text) == text
    assert SYNTAX.public_names(text) == frozenset()
    assert SYNTAX.used_names("x = calc.add(:") == {"x", "calc", "add"}
    assert SYNTAX.tests(text) == {}
    assert SYNTAX.without_tests(text, ["f"]) == text


def test_a_tree_too_deep_to_tell_stands_for_itself():
    text = "x = " + "+".join(["1"] * 3000)
    assert SYNTAX.behaviour(text) == text


@pytest.mark.parametrize(
    "text, problem",
    [
        pytest.param("x = 1\n", None, id="fine"),
        pytest.param("", None, id="empty"),
        pytest.param("x = '\\d'\n", None, id="a doubtful escape"),
        pytest.param("x = 1\ndef f(:\n", "line 2: invalid syntax", id="syntax"),
        pytest.param("f(a b)\n", "line 1: invalid syntax", id="a guess"),
        pytest.param("f(\n", "line 1: '(' was never closed", id="not closed"),
        pytest.param(
            "if 1:\nx = 1\n",
            "line 2: expected an indented block after 'if' statement on line 1",
            id="indent",
        ),
        pytest.param("x = 1\ny = '\0'\n", "line 2: a null byte", id="null byte"),
        pytest.param("(" * 1000, "line 1: too many nested parentheses", id="deep"),
    ],
)
def test_a_problem_names_its_line(text, problem):
    assert SYNTAX.problem(text) == problem


def test_used_names_are_all_that_is_mentioned():
    text = "import os.path as p\nfrom a.b import c\nx.y(z)\ndef f(q): return q.r\n"
    assert SYNTAX.used_names(text) == {*"pabcxyzqr", "os", "path"}


@pytest.mark.parametrize(
    "line",
    [
        "# ... rest unchanged ...",
        "# ... existing code ...",
        "# …remaining methods…",
        "# ... (rest of the code)",
        "#... other methods stay as they are",
        "# (remaining code)",
        "# [rest of the implementation]",
        "# existing code here",
        "# Rest of the code",
        "# the rest of the class remains the same",
        "# rest of the file unchanged.",
        "# Existing imports remain unchanged",
        "# other functions remain the same",
        "# previous tests...",
        "# unchanged",
        "# code omitted for brevity",
        "# same as before",
        "    # ... your implementation ...",
    ],
    ids=str,
)
def test_a_comment_that_says_code_goes_on_is_an_elision(line):
    text = f"def f():\n{line}\n    return 1\n"
    assert SYNTAX.elision(text) == f'line 2: "{line.strip()}"'


@pytest.mark.parametrize(
    "line",
    [
        "# the rest of the list is sorted",
        "# existing code paths rely on this order",
        "# Other helpers",
        "# remaining tests",
        "# TODO: handle ... in paths",
        "# wait for it...",
        "# ...add other platforms here, if",
        "# unchanged values are skipped",
        "# same rules as above apply to b",
        'x = "# ... rest unchanged ..."',
        "y = x[..., 0]",
        "...  # pragma: no cover",
    ],
    ids=str,
)
def test_other_comments_are_no_elision(line):
    assert SYNTAX.elision(f"def f():\n    {line}\n") is None


@pytest.mark.parametrize(
    "text, found",
    [
        pytest.param("class P(Protocol):\n    def f(self): ...\n", None, id="protocol"),
        pytest.param('def f():\n    """Doc."""\n    ...\n', None, id="stub"),
        pytest.param("class E(Exception): ...\n", None, id="class"),
        pytest.param("f = lambda: ... if x else ...\n", None, id="lambda"),
        pytest.param("import a\n...\n", 'line 2: "..."', id="module"),
        pytest.param(
            "def f():\n    x = 1\n    ...\n", 'line 3: "..."', id="among others"
        ),
        pytest.param("try:\n    a()\nexcept E: ...\n", None, id="handler"),
        pytest.param(
            "x = 1\n... rest of the code\n",
            'line 2: "... rest of the code"',
            id="no Python",
        ),
        pytest.param(
            "// ... existing code ...\n",
            'line 1: "// ... existing code ..."',
            id="another language",
        ),
    ],
)
def test_dots_are_an_elision_where_code_should_be(text, found):
    assert SYNTAX.elision(text) == found


TESTS = '''\
# head

import pytest


def helper():
    return 1


# about one
# and more
@pytest.mark.parametrize(
    "a", [1]
)
def test_one(a):
    assert a


async def test_two():  # trailing
    assert 2


class TestA:
    """Doc."""

    def test_in(self): assert 1

    class TestDeep:
        def test_deep(self):
            pass


class Other(unittest.TestCase):
    x = 1

    def testCamel(self):
        pass


class Helper:
    def test_not(self): ...


if True:
    def test_if():
        pass
'''


def test_tests_are_functions_and_methods():
    assert list(SYNTAX.tests(TESTS)) == [
        "test_one",
        "test_two",
        "TestA::test_in",
        "TestA::TestDeep::test_deep",
        "Other::testCamel",
        "test_if",
    ]


def test_the_body_of_a_test_is_without_its_name_and_layout():
    one = SYNTAX.tests("def test_a(): assert 1\n")["test_a"]
    two = SYNTAX.tests('def test_b():\n    """Doc."""\n    assert 1  # why\n')["test_b"]
    assert (
        one
        == two
        == "FunctionDef(args=arguments(), body=[Assert(test=Constant(value=1))])"
    )


def test_a_removed_test_goes_with_its_comment_and_marks():
    assert SYNTAX.without_tests(TESTS, ["test_one[1]"]) == TESTS.replace(
        TESTS[TESTS.index("\n\n# about one") : TESTS.index("\n\nasync")], ""
    )


def test_a_class_that_is_left_empty_goes():
    ids = ["TestA::test_in", "TestA::TestDeep::test_deep"]
    assert SYNTAX.without_tests(TESTS, ids) == TESTS.replace(
        TESTS[TESTS.index("\n\nclass TestA") : TESTS.index("\n\nclass Other")], ""
    )


def test_a_class_that_still_has_something_stays():
    assert SYNTAX.without_tests(TESTS, ["Other::testCamel"]) == TESTS.replace(
        "\n    def testCamel(self):\n        pass\n", ""
    )


def test_a_block_is_not_left_empty():
    result = SYNTAX.without_tests(TESTS, ["test_if"])
    assert result.endswith("if True:\n    pass\n")
    assert SYNTAX.problem(result) is None


@pytest.mark.parametrize("end", ["\r\n", "\n", "\n\x0c"], ids=["crlf", "lf", "page"])
def test_lines_are_counted_as_python_counts_them(end):
    text = TESTS.replace("\n\n\n", f"{end}\n")
    if end == "\r\n":
        text = TESTS.replace("\n", end)
    result = SYNTAX.without_tests(text, ["test_two"])
    assert SYNTAX.tests(result) == {
        name: body for name, body in SYNTAX.tests(text).items() if name != "test_two"
    }


def test_nothing_removed_is_the_same_text():
    assert SYNTAX.without_tests(TESTS, ["test_nothing"]) == TESTS


def test_imports_are_the_modules_by_their_names():
    text = (
        "import a.b, c as d\nfrom e import f, g as h\nfrom . import i\n"
        "from ..j import k\n\ndef l():\n    import a.b\n    from m import *\n"
    )
    assert PythonSyntax().imports(text) == (
        *("a.b", "c", "e", "e.f", "e.g"),
        *(".", ".i", "..j", "..j.k"),
        "m",
    )
    assert PythonSyntax().imports("import (") == ()
