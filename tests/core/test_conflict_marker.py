import pytest

from pdd_tasks.core.model.conflict_marker import ConflictMark, first_conflict


BOTH = "a\n<<<<<<< HEAD\nb\n=======\nc\n>>>>>>> side\nd\n"
WITH_BASE = "<<<<<<< HEAD\nb\n||||||| 1234567\na\n=======\nc\n>>>>>>> side\n"


@pytest.mark.parametrize(
    "text, line",
    [
        pytest.param(BOTH, 2, id="two sides"),
        pytest.param(WITH_BASE, 1, id="with the base"),
        pytest.param(BOTH.replace("\n", "\r\n"), 2, id="CRLF"),
        pytest.param("<<<<<<< HEAD\n" + BOTH, 3, id="the start that counts"),
        pytest.param(">>>>>>> x\n=======\n" + BOTH, 4, id="after marks of nothing"),
    ],
)
def test_the_first_conflict_is_found(text, line):
    assert first_conflict(text) == ConflictMark(line, "<<<<<<< HEAD")


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="empty"),
        pytest.param("A heading\n=======\n", id="a heading"),
        pytest.param(">>>>>>> quoted\n", id="a quotation"),
        pytest.param(BOTH.replace("=======\n", ""), id="one mark is missing"),
        pytest.param(BOTH.replace(">>>>>>> side\n", ""), id="no end"),
        pytest.param(BOTH.replace("\n", "\n "), id="indented"),
        pytest.param(BOTH.replace("<<<<<<<", "<<<<<<<<"), id="one sign more"),
    ],
)
def test_what_is_no_conflict_is_none(text):
    assert first_conflict(text) is None
