"""The wizard's questions in a terminal, key by key."""

import io
from contextlib import contextmanager

import pytest
from calculator_texts import CODE
from conflicts import MINE, THEIRS, desk_of, open_conflict
from rich.console import Console

from pdd_tasks.core.merge.review import review
from pdd_tasks.errors import PddError
from pdd_tasks.plugin.wizard.prompt import PromptFace


class Scripted:
    """Keys that a test wrote down; `q` when they are used up."""

    def __init__(self, keys: str) -> None:
        self._keys = list(keys)
        self.pauses = 0

    def next(self) -> str:
        return self._keys.pop(0) if self._keys else "q"

    @contextmanager
    def paused(self):
        self.pauses += 1
        yield


def asked(keys, desk=None, *, width=100, everything=False):
    """Return what a person made of a conflict with some keys, and what was shown."""
    desk = desk or desk_of()
    sides = desk.conflict.sides
    found = review(sides.base, sides.mine, sides.generated, everything=everything)
    stream = io.StringIO()
    console = Console(file=stream, width=width)
    text = PromptFace(Scripted(keys), console).ask(desk, found)
    return text, stream.getvalue()


BOTH_EDITS = MINE.replace("return a - b", "return -(b - a)")
TITLE_OF_THEIRS = BOTH_EDITS.replace("calculator of mine", "calculator")
SUM = "    return sum((a, b))\n"
MY_SUM = "    return b + a\n"


@pytest.mark.parametrize(
    "keys, text",
    [
        pytest.param("q", None, id="quit"),
        pytest.param("", None, id="the end of the keys"),
        pytest.param("sq", None, id="save with something undecided"),
        pytest.param("msn", None, id="not saved after the preview"),
        pytest.param("msy", BOTH_EDITS, id="mine"),
        pytest.param("\nsy", BOTH_EDITS, id="Enter is mine"),
        pytest.param("gsy", BOTH_EDITS.replace(MY_SUM, SUM), id="generated"),
        pytest.param("g\n\rsy", BOTH_EDITS.replace(MY_SUM, SUM), id="Enter too much"),
        pytest.param("bsy", BOTH_EDITS.replace(MY_SUM, MY_SUM + SUM), id="both"),
        pytest.param("Bsy", BOTH_EDITS.replace(MY_SUM, SUM + MY_SUM), id="turned"),
        pytest.param("gumsy", BOTH_EDITS, id="undone"),
        pytest.param("NgmNnnsy", TITLE_OF_THEIRS, id="back and forth"),
        pytest.param("x?ptdmsy", BOTH_EDITS, id="looks around first"),
        pytest.param("msnmsy", BOTH_EDITS, id="saved at the second time"),
    ],
)
def test_keys_lead_to_a_text_or_to_nothing(keys, text):
    assert asked(keys)[0] == text


@pytest.mark.parametrize("keys, text", [("mmmsy", MINE), ("gggsy", THEIRS)])
def test_one_side_everywhere_is_that_side(keys, text):
    assert asked(keys, everything=True)[0] == text


@pytest.mark.parametrize("width", [60, 140])
def test_the_sides_are_shown_beside_or_below_each_other(width):
    _, shown = asked("q", width=width)

    assert "hunk 2 of 3, line 6, under def add(a, b): · undecided" in " ".join(
        shown.split()
    )
    for side in ("base", "mine", "generated"):
        assert side in shown
    lines = [line for line in shown.splitlines() if "return a + b" in line]
    assert ("return b + a" in lines[0]) is (width == 140)


def test_of_a_very_long_side_the_beginning_is_shown():
    long = "".join(f"    line {number}\n" for number in range(103))

    _, shown = asked("q", desk_of(open_conflict(mine=MINE.replace(MY_SUM, long))))

    assert "line 99" in shown
    assert "… 3 more lines: e shows them" in shown
    assert "line 100" not in shown


def test_the_prompt_and_the_tests_are_shown():
    _, shown = asked("tq")

    assert "+- `add` returns the sum of any numbers." in shown
    assert "def test_add():" in shown


@pytest.mark.parametrize(
    "before, line",
    [
        pytest.param(None, "Write a calculator.", id="nobody knows the old one"),
        pytest.param(open_conflict().prompt, "the prompt did not change", id="same"),
    ],
)
def test_a_prompt_that_cannot_be_compared_is_shown_all_the_same(before, line):
    _, shown = asked("q", desk_of(prompt_before=before))

    assert line in shown


def test_without_tests_it_says_so():
    assert "there are no tests" in asked("tq", desk_of(tests=""))[1]


def test_without_a_base_nobody_knows_it():
    assert "nobody knows" in asked("q", desk_of(open_conflict(base=None)))[1]


def test_the_preview_shows_what_would_change():
    _, shown = asked("pmpq")

    assert "still undecided: 2 of 3" in shown
    assert "+    return -(b - a)" in shown


def test_a_preview_of_nothing_says_so():
    _, shown = asked("mmmpq", everything=True)

    assert "your file stays as it is" in shown


def test_a_protected_block_that_would_be_lost_is_pointed_out():
    block = "    # <pdd-keep>\n    return b + a\n    # </pdd-keep>\n"
    conflict = open_conflict(mine=MINE.replace(MY_SUM, block))

    assert "attention" in asked("gpq", desk_of(conflict))[1]
    assert "attention" not in asked("mpq", desk_of(conflict))[1]


def test_what_does_not_parse_is_not_saved():
    desk = desk_of(edit=lambda _: "broken\n")

    text, shown = asked("esymsy", desk)

    assert "it does not parse: line 1: broken" in shown
    assert text is None or "broken" not in text


def test_what_was_edited_is_taken():
    def edit(text):
        assert text == (
            "<<<<<<< mine\n    return b + a\n||||||| base\n    return a + b\n"
            "=======\n    return sum((a, b))\n>>>>>>> generated\n"
        )
        return "    return 0\n"

    text, _ = asked("esy", desk_of(edit=edit))

    assert text == BOTH_EDITS.replace(MY_SUM, "    return 0\n")


def test_what_was_chosen_is_what_is_edited():
    seen: list[str] = []
    asked("gNne", desk_of(edit=seen.append))

    assert seen == [SUM]


def test_a_marker_that_is_left_is_not_taken():
    text, shown = asked("esq", desk_of(edit=lambda text: text + "\n"))

    assert "line 1 of what you edited is still a conflict marker" in shown
    assert text is None


def test_an_editor_that_fails_changes_nothing():
    def fail(text):
        raise PddError(f"the editor failed with {len(text)} signs")

    text, shown = asked("emsy", desk_of(edit=fail))

    assert "the editor failed" in shown
    assert text == BOTH_EDITS


def test_signs_that_steer_a_terminal_are_not_shown():
    evil = MINE.replace("b + a", "b + a  # \x1b[2J\x1b]0;owned\x07\u202e\r")

    _, shown = asked("pq", desk_of(open_conflict(mine=evil)))

    assert not {"\x1b", "\x07", "\u202e", "\r"} & set(shown)
    assert "owned" not in shown


def test_markup_in_a_text_is_text():
    _, shown = asked("q", desk_of(open_conflict(mine=MINE.replace("b + a", "[bold]"))))

    assert "[bold]" in shown


def test_equal_sides_have_nothing_to_ask():
    conflict = open_conflict(mine=CODE + "# same\n", generated=CODE + "# same\n")

    text, shown = asked("megnNupsy", desk_of(conflict))

    assert "hunk" not in shown
    assert text == CODE + "# same\n"
