import ast

import pytest

from pdd_tasks.core.prompt.bug_report import (
    comment,
    contradiction,
    one_line,
    says,
    shortened,
)


def test_a_description_is_one_line_of_signs_that_can_be_printed():
    assert one_line(" a\n\tb\x1b[2Jc\0  d ") == "a b[2Jc d"


def test_a_long_description_is_cut_where_files_keep_it():
    assert shortened("a" * 1000) == "a" * 1000
    assert shortened("a" * 1001) == "a" * 1000 + " ..."
    assert len("".join(comment("word " * 10_000, "#"))) < 1_100


def test_a_comment_is_wrapped_and_says_what_it_is():
    lines = comment("word " * 40, "#")
    assert lines[0].startswith("# Bug: word word")
    assert all(line.startswith("# ") and len(line) <= 88 for line in lines)
    assert " ".join(line[2:] for line in lines) == "Bug: " + ("word " * 40).strip()


@pytest.mark.parametrize(
    "order",
    [
        pytest.param("coding: latin-1", id="encoding"),
        pytest.param("coding=latin-1", id="encoding-sign"),
        pytest.param("type: ignore", id="types"),
        pytest.param("fmt: off", id="formatter"),
        pytest.param("ruff: noqa", id="linter"),
        pytest.param("</pdd-keep>", id="block"),
        pytest.param("\n'''\"\"\"\nimport os", id="end of comment"),
    ],
)
def test_a_comment_gives_no_orders(order):
    text = "\n".join([*comment(f"{order} is wrong", "#"), "x = 'süß'", ""])
    assert ast.unparse(ast.parse(text.encode())) == "x = 'süß'"
    assert order not in text


@pytest.mark.parametrize(
    "reply, words",
    [
        pytest.param("contradiction: it sums", "it sums", id="plain"),
        pytest.param('\n**Contradiction:** "it sums"\n', "it sums", id="marked"),
        pytest.param("> contradiction : `it  sums`\nmore", "it sums", id="quoted"),
        pytest.param(
            "contradiction: `add` sums.", "`add` sums.", id="begins with code"
        ),
        pytest.param("**contradiction: “it sums”**", "it sums", id="in bold"),
        pytest.param("contradiction:", "", id="empty"),
        pytest.param("There is a contradiction: it sums", "", id="prose"),
        pytest.param("```python\n```\ncontradiction: x", "", id="not first"),
        pytest.param("", "", id="nothing"),
    ],
)
def test_words_held_against_a_description_are_on_the_first_line(reply, words):
    assert contradiction(reply) == words


def test_words_stand_in_a_prompt_however_it_is_wrapped():
    assert says("- It returns\n  the Sum.", "returns the sum")
    assert not says("- It returns\n  the Sum.", "returns the difference")
