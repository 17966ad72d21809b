import itertools
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pdd_tasks.core.merge.hunk import (
    Edited,
    Hunk,
    Side,
    hunks,
    resolved,
    taken,
)


LINES = st.lists(st.sampled_from(["a", "b", "c", "", "  d"]), max_size=8)
TEXTS = st.builds(
    lambda lines, end: "\n".join(lines) + end, LINES, st.sampled_from(["\n", ""])
)
CHOICES = st.one_of(
    st.sampled_from(list(Side)), st.builds(Edited, st.text("xyz\n", max_size=5))
)


def _hunks(pieces):
    return [piece for piece in pieces if isinstance(piece, Hunk)]


@given(base=st.none() | TEXTS, mine=TEXTS, generated=TEXTS)
def test_one_side_everywhere_is_that_side(base, mine, generated):
    pieces = hunks(base, mine, generated)
    count = len(_hunks(pieces))

    assert resolved(pieces, [Side.MINE] * count) == mine
    assert resolved(pieces, [Side.GENERATED] * count) == generated


@given(data=st.data(), base=TEXTS, mine=TEXTS, generated=TEXTS)
def test_choices_make_what_a_simple_model_makes(data, base, mine, generated):
    pieces = hunks(base, mine, generated)
    count = len(_hunks(pieces))
    choices = data.draw(st.lists(CHOICES, min_size=count, max_size=count))

    _check_against_the_model(pieces, choices)


@pytest.mark.slow
def test_ten_thousand_choices_make_what_a_simple_model_makes():
    chance = random.Random(5)  # noqa: S311 - a repeatable stream
    sides = [*Side, Edited("x\n"), Edited("")]
    for _ in range(10_000):
        base, mine, generated = (
            "".join(
                f"{line}\n" for line in chance.choices("abc", k=chance.randint(0, 9))
            )
            for _ in range(3)
        )
        pieces = hunks(base, mine, generated)
        count = len(_hunks(pieces))
        _check_against_the_model(pieces, chance.choices(sides, k=count))
        assert resolved(pieces, [Side.MINE] * count) == mine
        assert resolved(pieces, [Side.GENERATED] * count) == generated


def _check_against_the_model(pieces, choices):
    rest, wanted = list(choices), ""
    for piece in pieces:
        if isinstance(piece, str):
            wanted += piece
            continue
        choice = rest.pop(0)
        gap = "\n" if piece.mine and not piece.mine.endswith("\n") else ""
        turned = "\n" if piece.generated and not piece.generated.endswith("\n") else ""
        if isinstance(choice, Edited):
            wanted += choice.text
        elif choice is Side.MINE:
            wanted += piece.mine
        elif choice is Side.GENERATED:
            wanted += piece.generated
        elif choice is Side.BOTH:
            wanted += piece.mine + (gap if piece.generated else "") + piece.generated
        else:
            wanted += piece.generated + (turned if piece.mine else "") + piece.mine
    assert resolved(pieces, choices) == wanted


@given(base=TEXTS, mine=TEXTS, generated=TEXTS)
def test_hunks_begin_in_the_line_that_they_name(base, mine, generated):
    pieces = hunks(base, mine, generated)

    for at, piece in enumerate(pieces):
        if isinstance(piece, Hunk):
            before = "".join(p if isinstance(p, str) else p.mine for p in pieces[:at])
            assert piece.line == before.count("\n") + 1
            assert piece.mine != piece.generated
    assert "" not in pieces
    assert not any(
        isinstance(one, str) and isinstance(other, str)
        for one, other in itertools.pairwise(pieces)
    )


@pytest.mark.parametrize(
    "base, mine, generated, proposals",
    [
        pytest.param("a\n", "M\n", "a\n", [Side.MINE], id="only mine changed"),
        pytest.param(
            "a\n", "a\n", "G\n", [Side.GENERATED], id="only generated changed"
        ),
        pytest.param("a\n", "M\n", "G\n", [None], id="both changed"),
        pytest.param("a\n", "x\n", "x\n", [], id="both alike"),
        pytest.param(None, "M\n", "G\n", [None], id="nobody knows"),
        pytest.param(
            "a\nb\nc\n",
            "M\nb\nc\n",
            "a\nb\nG\n",
            [Side.MINE, Side.GENERATED],
            id="apart",
        ),
    ],
)
def test_what_one_side_changed_has_a_proposal(base, mine, generated, proposals):
    assert [h.proposal for h in _hunks(hunks(base, mine, generated))] == proposals


def test_a_hunk_is_without_the_lines_that_are_alike_at_its_edges():
    pieces = hunks("", "x\ny\nz\n", "x\nY\nz\n")

    hunk = Hunk(base="", mine="y\n", generated="Y\n", line=2, where="")
    assert pieces == ("x\n", hunk, "z\n")


def test_a_hunk_says_what_it_stands_under():
    text = "def f():\n    return {}\n"

    pieces = hunks(text.format(0), text.format(1), text.format(2))

    assert [h.where for h in _hunks(pieces)] == ["def f():"]


def test_undecided_hunks_make_no_text():
    assert resolved(hunks("a\n", "b\n", "c\n"), [None]) is None


def test_both_sides_stand_one_after_the_other():
    (hunk,) = hunks("a", "m", "g")
    assert isinstance(hunk, Hunk)

    assert taken(hunk, Side.BOTH) == "m\ng"
    assert taken(hunk, Side.BOTH_TURNED) == "g\nm"
