from pathlib import PurePosixPath

import pytest

from pdd_tasks.core.prompt.block import split, with_block
from pdd_tasks.core.prompt.directive import directives
from pdd_tasks.errors import ConfigError


PROMPT = PurePosixPath("prompts/x_python.prompt")
BEGIN = "<pdd>auto-deps begin</pdd>"
END = "<pdd>auto-deps end</pdd>"
A = PurePosixPath("examples/a_example.py")
B = PurePosixPath("examples/b_example.py")


def block(*paths, newline="\n"):
    lines = [BEGIN, *(f"<include>{path}</include>" for path in paths), END]
    return "".join(line + newline for line in lines)


def test_a_block_is_added_after_an_empty_line_and_sorted():
    assert with_block(PROMPT, "text\n", [B, A, B]) == f"text\n\n{block(A, B)}"


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("text\n", id="ended"),
        pytest.param("text\n\n", id="empty-line"),
        pytest.param("", id="empty"),
        pytest.param("\n", id="one-empty-line"),
        pytest.param("a\r\nb\r\n", id="crlf"),
        pytest.param("a\r\n\r\n", id="crlf-empty-line"),
        pytest.param("\ufeffa\n```\n<pdd>auto-deps begin</pdd>\n```\n", id="bom-fence"),
    ],
)
def test_adding_and_taking_away_gives_the_same_bytes(text):
    added = with_block(PROMPT, text, [A])
    assert with_block(PROMPT, added, [A]) == added
    assert split(PROMPT, added).outside == text
    assert with_block(PROMPT, added, []) == text


def test_line_ends_follow_the_prompt():
    assert with_block(PROMPT, "a\r\n", [A]) == "a\r\n\r\n" + block(A, newline="\r\n")


def test_an_unended_text_is_ended_in_front_of_a_block():
    assert with_block(PROMPT, "text", [A]) == f"text\n\n{block(A)}"


def test_a_block_stays_where_it_stands():
    text = f"before \n{block(B)}after  \n"
    assert with_block(PROMPT, text, [A]) == f"before \n{block(A)}after  \n"
    assert with_block(PROMPT, text, []) == "before \nafter  \n"


def test_without_a_block_nothing_is_touched():
    parts = split(PROMPT, "a \n b")
    assert (parts.outside, parts.includes, parts.present) == ("a \n b", (), False)
    assert with_block(PROMPT, "a \n b", []) == "a \n b"


def test_a_block_is_read():
    text = f"a\n\n{BEGIN}\n  <include>{B}</include>\n\n<include>{A}</include>\n{END}"
    parts = split(PROMPT, text)
    assert (parts.before, parts.includes, parts.after) == ("a\n\n", (B, A), "")
    assert parts.outside == "a\n"


@pytest.mark.parametrize(
    "text, line, problem",
    [
        pytest.param(f"{BEGIN}\n", 1, "begin without auto-deps end", id="no-end"),
        pytest.param(f"a\n{END}\n", 2, "end without auto-deps begin", id="no-begin"),
        pytest.param(f"{BEGIN}\n{BEGIN}\n{END}\n", 2, "a second", id="two-begins"),
        pytest.param(f"{BEGIN}\n{END}\n{END}\n", 3, "a second", id="two-ends"),
        pytest.param(f"{block()}{block()}", 3, "a second", id="two-blocks"),
        pytest.param(f"{END}\n{BEGIN}\n", 1, "without", id="turned-round"),
        pytest.param(f"a {BEGIN}\n{END}\n", 1, "shares a line", id="text-before"),
        pytest.param(f"{BEGIN}\n{END} a\n", 2, "shares a line", id="text-behind"),
        pytest.param(f"{BEGIN}\n\nmine\n{END}\n", 3, "holds 'mine'", id="text-inside"),
    ],
)
def test_a_broken_block_is_refused_with_its_line(text, line, problem):
    with pytest.raises(ConfigError) as caught:
        split(PROMPT, text)
    assert caught.value.message.startswith(f"{PROMPT}:{line}: ")
    assert problem in caught.value.message
    assert caught.value.hint


@pytest.mark.parametrize(
    "before",
    ["", "\n", "`a` b\n\n", "```\nx\n```\n\n", "<pdd>x</pdd>\r\n\r\n", "a ` b\n\nc\n"],
)
def test_what_is_kept_of_a_prompt_less_its_block_is_what_is_found_in_it(before):
    outside = split(PROMPT, before + block(A)).outside
    assert directives(str(PROMPT), outside) == directives("another", outside)
