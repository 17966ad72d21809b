"""The wizard's full screen, with real keys and no terminal."""

import asyncio

import pytest
from calculator_texts import CODE
from conflicts import MINE, THEIRS, desk_of, open_conflict
from textual.widgets import Static
from textual.widgets._footer import FooterKey

from pdd_tasks.core.merge.review import review
from pdd_tasks.plugin.wizard.screen import MergeScreen


BOTH_EDITS = MINE.replace("return a - b", "return -(b - a)")
SUM = "    return sum((a, b))\n"
MY_SUM = "    return b + a\n"


def sides_of(desk):
    sides = desk.conflict.sides
    return sides.base, sides.mine, sides.generated


def played(*keys, desk=None, everything=False):
    """Return what came of some keys, and the panes as they were at the end."""
    desk = desk or desk_of()
    found = review(*sides_of(desk), everything=everything)
    app = MergeScreen(desk, found)

    async def play():
        async with app.run_test(size=(120, 40)) as pilot:
            await pilot.press(*keys)
            await pilot.pause()
            shown = {
                str(pane.id): str(pane.render()) for pane in app.screen.query(Static)
            }
            shown["said"] = "".join(note.message for note in app._notifications)  # noqa: SLF001 - no other way
        return app.return_value, shown

    return asyncio.run(play())


@pytest.mark.parametrize(
    "keys, text",
    [
        pytest.param("q", None, id="quit"),
        pytest.param(["ctrl+c"], None, id="interrupted"),
        pytest.param("sq", None, id="save with something undecided"),
        pytest.param("msnq", None, id="not saved after the preview"),
        pytest.param("msy", BOTH_EDITS, id="mine"),
        pytest.param(["enter", "s", "y"], BOTH_EDITS, id="Enter is mine"),
        pytest.param("gsy", BOTH_EDITS.replace(MY_SUM, SUM), id="generated"),
        pytest.param(
            ["g", "enter", "s", "y"],
            BOTH_EDITS.replace(MY_SUM, SUM),
            id="Enter too much",
        ),
        pytest.param("bsy", BOTH_EDITS.replace(MY_SUM, MY_SUM + SUM), id="both"),
        pytest.param("Bsy", BOTH_EDITS.replace(MY_SUM, SUM + MY_SUM), id="turned"),
        pytest.param("gumsy", BOTH_EDITS, id="undone"),
        pytest.param("dtpNnmsy", BOTH_EDITS, id="looks around first"),
    ],
)
def test_keys_lead_to_a_text_or_to_nothing(keys, text):
    assert played(*keys)[0] == text


@pytest.mark.parametrize("keys, text", [("mmmsy", MINE), ("gggsy", THEIRS)])
def test_one_side_everywhere_is_that_side(keys, text):
    assert played(*keys, everything=True)[0] == text


def test_the_sides_stand_beside_each_other_below_the_prompts_change():
    _, shown = played()

    assert shown["base-text"] == "    return a + b\n"
    assert shown["mine-text"] == MY_SUM
    assert shown["generated-text"] == SUM
    assert "both sides changed the same lines" in shown["title"]
    assert "hunk 2 of 3, line 6, under def add(a, b): · undecided" in shown["status"]
    assert "+- `add` returns the sum of any numbers." in shown["context-text"]


@pytest.mark.parametrize(
    "keys, line",
    [
        pytest.param("t", "def test_add():", id="tests"),
        pytest.param("p", "still undecided: 2 of 3", id="too early for a preview"),
        pytest.param("mp", "+    return -(b - a)", id="preview"),
    ],
)
def test_what_helps_is_shown(keys, line):
    assert line in played(*keys)[1]["context-text"]


def test_before_saving_it_shows_what_would_change():
    assert "+    return -(b - a)" in played("m", "s")[1]["preview"]


def test_without_tests_and_base_it_says_so():
    _, shown = played("t", desk=desk_of(open_conflict(base=None), tests=""))

    assert shown["base-text"] == "nobody knows"
    assert "there are no tests" in shown["context-text"]


def test_what_is_undecided_is_not_saved():
    assert "still undecided: 2 of 3" in played("s")[1]["said"]


def test_signs_that_steer_a_terminal_are_not_shown():
    evil = MINE.replace("b + a", "b + a  # \x1b[2J\x1b]0;owned\x07\u202e")

    _, shown = played("m", "p", desk=desk_of(open_conflict(mine=evil)))

    assert not {"\x1b", "\x07", "\u202e"} & set("".join(shown.values()))


def test_the_keys_that_end_it_are_seen_in_a_narrow_terminal():
    desk = desk_of()
    app = MergeScreen(desk, review(*sides_of(desk)))

    async def looked():
        async with app.run_test(size=(60, 24)) as pilot:
            await pilot.pause()
            keys = app.screen.query(FooterKey)
            return {key.description for key in keys if key.region.right <= 60}

    assert {"mine", "generated", "both", "edit", "save", "quit"} <= asyncio.run(
        looked()
    )


def test_equal_sides_have_nothing_to_ask():
    conflict = open_conflict(mine=CODE + "# same\n", generated=CODE + "# same\n")

    text, shown = played(*"mnup", desk=desk_of(conflict))
    saved, _ = played(*"sy", desk=desk_of(conflict))

    assert shown["status"] == "both sides are the same"
    assert (text, saved) == (None, CODE + "# same\n")


def test_without_a_terminal_there_is_no_editor():
    _, shown = played("e")

    assert shown["said"] == "there is no terminal here for an editor"
    assert shown["mine-text"] == MY_SUM
