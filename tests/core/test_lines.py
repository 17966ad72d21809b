import itertools

import pytest

from pdd_tasks.core.merge.lines import agreed_text, merged_lines, undecided_lines
from pdd_tasks.core.merge.result import Region


SMALL = [
    "".join(f"{letter}\n" for letter in letters)
    for size in range(4)
    for letters in itertools.product("abc", repeat=size)
]


def _text(pieces, side):
    return "".join(p if isinstance(p, str) else getattr(p, side) for p in pieces)


def _is_clean(pieces):
    return agreed_text(pieces) is not None


def test_small_worlds_keep_the_laws_of_merging():
    for base, mine, generated in itertools.product(SMALL, repeat=3):
        pieces = merged_lines(base, mine, generated)
        where = (base, mine, generated, pieces)
        if mine == generated:
            assert agreed_text(pieces) == mine, where
        elif base == mine:
            assert agreed_text(pieces) == generated, where
        elif base == generated:
            assert agreed_text(pieces) == mine, where
        if not _is_clean(pieces):
            assert all(p.mine != p.generated for p in pieces if isinstance(p, Region))
            assert "" not in pieces


def test_small_worlds_merge_alike_from_both_sides():
    for base, mine, generated in itertools.product(SMALL[:13], SMALL, SMALL[:13]):
        one = merged_lines(base, mine, generated)
        other = merged_lines(base, generated, mine)

        assert _is_clean(one) == _is_clean(other)
        assert _text(one, "mine") == _text(other, "generated")


def test_small_worlds_show_every_difference_when_nothing_is_decided():
    for base, mine, generated in itertools.product(SMALL[:13], SMALL, SMALL[:13]):
        pieces = undecided_lines(base, mine, generated)

        assert _text(pieces, "mine") == mine
        assert _text(pieces, "generated") == generated


@pytest.mark.parametrize(
    "base, mine, generated, merged",
    [
        pytest.param("a\nb\nc\n", "A\nb\nc\n", "a\nb\nC\n", "A\nb\nC\n", id="apart"),
        pytest.param("a\nb\n", "b\n", "a\nb\nc\n", "b\nc\n", id="deleted and added"),
        pytest.param("a\n", "x\n", "x\n", "x\n", id="both alike"),
        pytest.param(
            "a\nb\nc\nd\n",
            "x\ny\nc\nd\n",
            "x\ny\nc\nD\n",
            "x\ny\nc\nD\n",
            id="one alike",
        ),
        pytest.param(
            "a\r\nb\r\nc\r\n",
            "A\r\nb\r\nc\r\n",
            "a\nb\nC\n",
            "A\r\nb\r\nC\r\n",
            id="mine ends lines with CRLF",
        ),
        pytest.param(
            "a\nb\nc\n",
            "A\nb\nc\n",
            "a\r\nb\r\nC\r\n",
            "A\nb\nC\n",
            id="generated ends lines with CRLF",
        ),
        pytest.param(
            "a\nb\nc\n",
            "A\r\nb\nc\r\n",
            "a\nb\nC\n",
            "A\r\nb\nC\r\n",
            id="mine mixes line ends",
        ),
        pytest.param(
            "a\nb\nc\n",
            "\ufeffA\nb\nc\n",
            "a\nb\nC\n",
            "\ufeffA\nb\nC\n",
            id="mine has a byte-order mark",
        ),
        pytest.param(
            "a\nb\nc\n", "A\nb\nc\n", "\ufeffa\nb\nC\n", "A\nb\nC\n", id="generated has"
        ),
        pytest.param("a\nb\nc\n", "a\nb\nc", "A\nb\nc\n", "A\nb\nc", id="no last end"),
        pytest.param("a\nb\nc", "A\nb\nc", "a\nb\nc\n", "A\nb\nc\n", id="end put back"),
        pytest.param(
            "a\nb\nc", "A\nb\nc", "a\nb\nc", "A\nb\nc", id="nobody has an end"
        ),
        pytest.param("a\nb\nc", "A\nb\nc", "a\nb\nc\nd", "A\nb\nc\nd", id="goes on"),
        pytest.param("a\n\x0cb\x85c\n", "a\n", "a\n", "a\n", id="other separators"),
        pytest.param("", "", "", "", id="nothing"),
    ],
)
def test_changes_of_both_sides_are_taken(base, mine, generated, merged):
    assert agreed_text(merged_lines(base, mine, generated)) == merged


@pytest.mark.parametrize(
    "base, mine, generated, pieces",
    [
        pytest.param(
            "a\nb\nc\n",
            "a\nM\nc\n",
            "a\nG\nc\n",
            ("a\n", Region(base="b\n", mine="M\n", generated="G\n"), "c\n"),
            id="one line",
        ),
        pytest.param(
            "a\nb\n",
            "M\nb\n",
            "a\nG\n",
            (Region(base="a\nb\n", mine="M\nb\n", generated="a\nG\n"),),
            id="touching",
        ),
        pytest.param(
            "",
            "x\ny\nz\n",
            "x\nY\nz\n",
            ("x\n", Region(base="", mine="y\n", generated="Y\n"), "z\n"),
            id="edges that agree are left out",
        ),
        pytest.param(
            "a\n",
            "M",
            "G\n",
            (Region(base="a\n", mine="M", generated="G\n"),),
            id="mine has no last end",
        ),
        pytest.param(
            "a",
            "M\n",
            "G",
            (Region(base="a", mine="M\n", generated="G"),),
            id="the others have none",
        ),
        pytest.param(
            "def f():\n    if x:\n        a\n",
            "def f():\n    if x:\n        b\n",
            "def f():\n    if x:\n        c\n",
            (
                "def f():\n    if x:\n",
                Region(
                    base="        a\n",
                    mine="        b\n",
                    generated="        c\n",
                    where="def f():",
                ),
            ),
            id="where",
        ),
    ],
)
def test_what_nobody_can_decide_is_a_region(base, mine, generated, pieces):
    assert merged_lines(base, mine, generated) == pieces


def test_without_a_base_regions_have_none():
    pieces = undecided_lines(None, "a\nb\nc\n", "a\nB\nc\nd\n")

    assert pieces == (
        "a\n",
        Region(base="", mine="b\n", generated="B\n"),
        "c\n",
        Region(base="", mine="", generated="d\n"),
    )


def test_ten_thousand_lines_are_merged():
    base = "".join(f"line {n}\n" for n in range(10_000))
    mine = base.replace("line 17\n", "mine\n")
    generated = base.replace("line 9000\n", "generated\n")

    merged = agreed_text(merged_lines(base, mine, generated))

    assert merged == mine.replace("line 9000\n", "generated\n")
