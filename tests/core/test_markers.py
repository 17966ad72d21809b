import pytest

from pdd_tasks.core.merge.lines import merged_lines
from pdd_tasks.core.merge.markers import Style, left_in, marked
from pdd_tasks.core.merge.result import Region


PIECES = (
    "one\n",
    Region(base="two\n", mine="mine\n", generated="", where="def f():"),
    "three\n",
)
MARKED = """\
one
<<<<<<< mine (def f():)
mine
||||||| base
two
=======
>>>>>>> generated
three
"""


def test_conflicts_stand_between_the_markers_of_git():
    assert marked(PIECES) == MARKED
    assert marked(PIECES, Style.ZDIFF3) == MARKED


def test_the_base_can_be_left_out():
    assert marked(PIECES, Style.MERGE) == MARKED.replace("||||||| base\ntwo\n", "")


def test_markers_end_like_the_lines_around_them():
    pieces = merged_lines("a\r\nb\r\n", "a\r\nM", "a\r\nG\r\n")

    text = marked(pieces)

    assert text.count("\r\n") == text.count("\n") == 8


@pytest.mark.parametrize(
    "text, lines",
    [
        pytest.param("a\nb\n", (), id="none"),
        pytest.param(MARKED, (2, 4, 6, 7), id="a whole conflict"),
        pytest.param(marked(PIECES, Style.MERGE), (2, 4, 5), id="without base"),
        pytest.param("a\n>>>>>>> generated\nb\n", (2,), id="half deleted"),
        pytest.param("Title\n=======\ntext\n", (), id="an underline"),
        pytest.param("<<<<<<<<< not seven\n<<<<<<<x\n", (), id="other signs"),
        pytest.param(
            "<<<<<<< mine\n=======\n<<<<<<< mine\nx\n=======\n>>>>>>> g\n",
            (1, 3, 5, 6),
            id="one begun, one whole",
        ),
        pytest.param("<<<<<<< mine\n>>>>>>> g\n=======\n", (1, 2), id="in no order"),
    ],
)
def test_what_is_left_undecided_is_found(text, lines):
    assert left_in(text) == lines


def test_a_line_that_was_always_there_is_text():
    known = "quoted:\n>>>>>>> somebody\n"

    assert left_in(known + "more\n", [known]) == ()
    assert left_in(known + MARKED, [known]) == (4, 6, 8, 9)
