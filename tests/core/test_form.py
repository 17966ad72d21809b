import pytest

from pdd_tasks.core.model.form import FormError, Node, read


def _two_texts(node: Node) -> tuple[str, str]:
    got = node.fields("name", optional=("colour",))
    return got["name"].text(), got["colour"].text()


def test_an_optional_key_may_be_left_out():
    assert read({"name": "x"}, _two_texts) == ("x", "")


def test_a_missing_key_is_reported_once():
    with pytest.raises(FormError) as caught:
        read({"shape": 1, "colour": 2}, _two_texts)
    assert caught.value.problems == (
        "shape: unknown key",
        "name: missing",
        "colour: expected a text, found 2",
    )


def test_a_problem_of_the_whole_file_says_so():
    problems: list[str] = []
    Node([], "", problems).entries()
    assert problems == ["the file: expected an object, found a list"]


def test_only_a_value_that_is_there_can_be_null():
    node = Node({"x": None}, "", [])
    got = node.fields("x", optional=("y",))
    assert got["x"].is_null
    assert not got["y"].is_null


def test_a_long_text_is_cut_in_messages():
    problems: list[str] = []
    Node("a" * 100, "code_hash", problems).sha()
    assert problems == [f"code_hash: not a SHA-256 in hexadecimal: '{'a' * 40}…'"]
