import pytest

from pdd_tasks.core.prompt.requirement import requirements


@pytest.mark.parametrize(
    "text, found",
    [
        pytest.param("", [], id="nothing"),
        pytest.param("Add numbers.\n", ["Add numbers."], id="a paragraph"),
        pytest.param(
            "Add\nnumbers.\n\nSay so.", ["Add numbers.", "Say so."], id="two paragraphs"
        ),
        pytest.param(
            "- one\n* two\n+ three\n1. four\n2) five\n",
            ["one", "two", "three", "four", "five"],
            id="items of every kind",
        ),
        pytest.param("- one\n  goes on\n- two\n", ["one goes on", "two"], id="long"),
        pytest.param("All of:\n- one\n", ["All of:", "one"], id="a list after prose"),
        pytest.param("- one\n  - inner\n", ["one", "inner"], id="a list in a list"),
        pytest.param("# Title\n\ntext\n", ["text"], id="a heading is none"),
        pytest.param(
            "one\n## Title\ntwo\n", ["one", "two"], id="a heading ends a paragraph"
        ),
        pytest.param("% a comment line\ntext\n", ["text"], id="a comment is none"),
        pytest.param(
            '<file path="a">\none\n</file>\ntwo\n',
            ["one", "two"],
            id="a bare tag is none",
        ),
        pytest.param(
            "one\n```python\nx = 1\n\n- y\n```\ntwo\n",
            ["one", "two"],
            id="fenced material is none",
        ),
        pytest.param("one\n~~~\nx\n~~~\n", ["one"], id="fenced with tildes"),
    ],
)
def test_a_prompt_is_split_into_requirements(text, found):
    assert list(requirements(text).values()) == found


def test_requirements_are_numbered_from_one_in_their_order():
    assert list(requirements("- a\n- b\n- c\n")) == ["R1", "R2", "R3"]
