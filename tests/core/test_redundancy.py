from pathlib import PurePosixPath

import pytest

from pdd_tasks.core.prompt.redundancy import Repeat, repeats, without


DOC = PurePosixPath("docs/style.md")
STYLE = (
    "# Style\n\nNames are nouns in small letters.\nNumbers are whole.\n\nNo globals.\n"
)
GIVEN = {DOC: STYLE}
INLINE = "Names are nouns in small letters.\nNumbers are whole.\nNo globals.\n"


def found(text):
    return [(one.first, one.last) for one in repeats(text, GIVEN)]


def test_lines_that_an_include_gives_are_found_with_their_place():
    text = f"Write it.\n\n{INLINE}\nBe quick.\n"
    assert repeats(text, GIVEN) == (Repeat(first=3, last=5, path=DOC),)


def test_blanks_around_and_between_lines_do_not_count():
    text = "  Names are nouns in small letters.\n\nNumbers are whole.  \nNo globals."
    assert found(text) == [(1, 4)]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("Numbers are whole.\nNo globals.\n", id="two lines"),
        pytest.param("Write it.\n", id="nothing"),
        pytest.param("Numbers are whole.\nWrite it.\nNo globals.\n", id="apart"),
    ],
)
def test_less_is_not_a_repeat(text):
    assert found(text) == []


def test_three_short_lines_are_not_a_repeat():
    assert repeats("a\nb\nc\n", {DOC: "a\nb\nc\n"}) == ()


def test_a_fence_around_nothing_else_goes_with_its_lines():
    text = f"Write it.\n\n```\n{INLINE}```\nDone.\n"
    assert found(text) == [(3, 7)]
    assert without(text, repeats(text, GIVEN)) == "Write it.\n\nDone.\n"


def test_the_first_of_two_files_that_give_the_same_is_named():
    other = PurePosixPath("docs/a.md")
    text = f"Write it.\n{INLINE}"
    assert [one.path for one in repeats(text, {DOC: STYLE, other: STYLE})] == [other]


def test_two_repeats_come_in_the_order_of_the_lines():
    other = PurePosixPath("docs/a.md")
    more = "Errors are values of their own kind.\nThey say what to do.\nAlways.\n"
    text = f"{INLINE}And.\n{more}"
    assert [one.path for one in repeats(text, {DOC: STYLE, other: more})] == [
        DOC,
        other,
    ]
