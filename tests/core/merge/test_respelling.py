"""Tests of putting a change of words into a statement that is spelled anew."""

import pytest

from pdd_tasks.core.merge.respelling import respelled


@pytest.mark.parametrize(
    "texts, found",
    [
        (("f('a', 'b')", 'f("a", "b")', "f('a', 'c')"), "f(\"a\", 'c')"),
        (("f('a' 'b' 'c')", 'f("a" "b" "c")', "f('a' x 'c')"), 'f("a" x "c")'),
        (("f(a,\n  b)", "f(a, b)", "f(a,\n  c)"), "f(a, c)"),
        (("f(a, b)", "f(\n  a,\n  b,\n)", "f(x, b)"), "f(\n  x,\n  b,\n)"),
        (("f(a, b)", "f(\n  a,\n  b,\n)", "f(a, b, c)"), "f(\n  a,\n  b, c)"),
        (("f(a, b, c)", "f(\n  a,\n  b,\n  c,\n)", "f(a, c)"), "f(\n  a,\n  c,\n)"),
        (("f(a, b)\n", "f(a,  b)\n", "g(a, b)\n"), "g(a,  b)\n"),
        (("a = 1", "a  =  1", "a = 1 + 2"), "a  =  1 + 2"),
        (("a = 1", "(a)  =  1", "b, a = 1"), "b, a)  =  1"),
        (("f(a)(b)", "f(a) (b)", "f(a + c)(b + d)"), "f(a + c) (b + d)"),
        (("f(a)", "f( a )", "f()"), "f( )"),
        (("[a] = b, c", "a = b,  c", "[x] = [y], c"), "[x] = [y],  c"),
        (("a b", "a  b", "a b"), "a  b"),
        (("", "", "a"), "a"),
        (("x, y", "(x), y", "p, q"), "p, q"),
    ],
)
def test_a_change_of_words_is_spelled_as_the_model_is(texts, found):
    assert respelled(*texts) == found


def test_other_words_are_no_other_spelling():
    assert respelled("a b", "a c", "a d") is None
