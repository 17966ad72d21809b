from hypothesis import given
from hypothesis import strategies as st

from pdd_tasks.core.merge.hunk import Choice, Edited, Side
from pdd_tasks.core.merge.review import review


BASE = "a\n1\nb\n2\nc\n3\nd\n"
MINE = "a\nM1\nb\nM2\nc\n3\nd\n"
GENERATED = "a\nG1\nb\nG2\nc\nG3\nd\n"
MOVES = st.one_of(
    st.sampled_from([*Side, None]),
    st.builds(Edited, st.sampled_from(["e\n", ""])),
    st.sampled_from(["undo", "next", "back"]),
)


def test_what_one_side_changed_is_decided():
    found = review(BASE, MINE, GENERATED)

    assert found.choices == (None, None, Side.GENERATED)
    assert (found.open, found.at, found.text) == ((0, 1), 0, None)


def test_everything_can_be_undecided():
    found = review(BASE, MINE, GENERATED, everything=True)

    assert found.choices == (None, None, None)


def test_where_nothing_else_is_undecided_everything_is():
    found = review("a\nb\nc\n", "A\nb\nc\n", "a\nb\nC\n")

    assert found.choices == (None, None)


def test_equal_texts_need_no_choice():
    found = review("a\n", "b\n", "b\n")

    assert (found.hunks, found.text) == ((), "b\n")
    assert found.chosen(Side.MINE) is found
    assert found.moved(1) == found


def test_the_generated_side_comes_in_the_style_of_mine():
    found = review("a\n", "M\r\n", "G\n")

    assert found.chosen(Side.GENERATED).text == "G\r\n"


def test_a_choice_leads_to_the_next_open_hunk_and_round_to_the_first():
    start = review(BASE, MINE, GENERATED)

    second = start.moved(1).chosen(Side.MINE)

    assert (second.at, second.choices[1]) == (0, Side.MINE)
    done = second.chosen(Side.GENERATED)
    assert (done.at, done.open) == (0, ())
    assert done.text == "a\nG1\nb\nM2\nc\nG3\nd\n"


def test_the_default_takes_mine_and_turns_no_choice():
    open_review = review(BASE, MINE, GENERATED, everything=True)

    taken = open_review.taken_by_default()
    chosen = open_review.chosen(Side.GENERATED).moved(-9)

    assert taken == open_review.chosen(Side.MINE)
    assert chosen.taken_by_default() is chosen


def test_one_moves_no_further_than_the_ends():
    start = review(BASE, MINE, GENERATED)

    assert start.moved(9).at == 2
    assert start.moved(9).moved(-9).at == 0


def test_a_protected_block_that_the_generator_dropped_is_no_hunk():
    block = "# <pdd-keep>\nk\n# </pdd-keep>\n"
    base, mine = (BASE.replace("b\n", f"b\n{block}", 1), MINE)
    mine = mine.replace("b\n", f"b\n{block}", 1)

    found = review(base, mine, GENERATED, mark="#")

    assert len(found.hunks) == 3
    done = found.chosen(Side.GENERATED).chosen(Side.GENERATED)
    assert done.text == GENERATED.replace("b\n", f"b\n{block}", 1)


def test_nothing_is_undone_at_the_start():
    start = review(BASE, MINE, GENERATED)

    assert start.undone() is start


@given(st.lists(MOVES, max_size=12))
def test_any_way_through_a_review_is_that_of_a_simple_model(moves):
    found = review(BASE, MINE, GENERATED)
    choices = list(found.choices)
    history: list[list[Choice]] = []
    for move in moves:
        at = found.at
        if move == "undo":
            found = found.undone()
            choices = history.pop() if history else choices
        elif move in {"next", "back"}:
            found = found.moved(1 if move == "next" else -1)
        else:
            history.append(list(choices))
            choices[at] = move
            found = found.chosen(move)
        assert list(found.choices) == choices

    while found.past:
        found = found.undone()
    assert found.choices == review(BASE, MINE, GENERATED).choices
