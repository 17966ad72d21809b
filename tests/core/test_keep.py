import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pdd_tasks.core.merge.keep import blocks_of, carried, is_kept, keep_problem
from pdd_tasks.core.merge.ladder import merge
from pdd_tasks.core.merge.result import Conflicted, Merged


def _lines(*lines):
    return "".join(f"{line}\n" for line in lines)


KEPT = ("# <pdd-keep>", "mine = 1", "# </pdd-keep>")


@pytest.mark.parametrize(
    "mark, lines",
    [
        pytest.param("#", ["# <pdd-keep>", "x", "# </pdd-keep>"], id="hash"),
        pytest.param("#", ["  #<pdd-keep>", "x", "  #</pdd-keep>  "], id="no blanks"),
        pytest.param("//", ["// <pdd-keep>", "x", "// </pdd-keep>"], id="slashes"),
        pytest.param(
            "//", ["/* <pdd-keep> */", "x", "/* </pdd-keep> */"], id="stars for slashes"
        ),
        pytest.param("/*", ["/* <pdd-keep> */", "x", "/*</pdd-keep>*/"], id="stars"),
        pytest.param("--", ["-- <pdd-keep>", "x", "-- </pdd-keep>"], id="dashes"),
        pytest.param(
            "<!--", ["<!-- <pdd-keep> -->", "<!-- </pdd-keep> -->"], id="html"
        ),
        pytest.param("#", ["# <pdd-keep id=a.b>", "# </pdd-keep>"], id="named"),
        pytest.param("#", ['# <pdd-keep id="a">', "# </pdd-keep>"], id="quoted"),
        pytest.param("#", ["# <pdd-keep a>", "# </pdd-keep>"], id="a bare name"),
    ],
)
def test_blocks_stand_between_comment_lines(mark, lines):
    text = _lines("before", *lines, "after")

    (block,) = blocks_of(text, mark)

    assert block.text == "\n".join(lines)
    assert (block.start, block.end) == (1, 1 + len(lines))
    assert keep_problem(text, mark) is None


def test_a_block_has_its_name_and_the_line_it_stands_under():
    text = _lines("def f():", "    # <pdd-keep id=x>", "    a", "    # </pdd-keep>")

    (block,) = blocks_of(text, "#")

    assert (block.name, block.heading) == ("x", "def f():")


@pytest.mark.parametrize(
    "mark, text",
    [
        pytest.param("", '{"a": "# <pdd-keep>"}\n', id="no comments"),
        pytest.param("//", "# <pdd-keep>\n", id="another mark"),
        pytest.param("#", "x = 1  # <pdd-keep>\n", id="behind code"),
        pytest.param("#", "# say <pdd-keep> to protect\n", id="in a sentence"),
        pytest.param("#", "# <pdd-keeper>\n", id="another word"),
    ],
)
def test_other_lines_are_text(mark, text):
    assert blocks_of(text, mark) == ()
    assert keep_problem(text, mark) is None


@pytest.mark.parametrize(
    "lines, problem",
    [
        pytest.param(
            ["a", "# <pdd-keep>", "b"], "line 2: this block never ends", id="unclosed"
        ),
        pytest.param(
            ["# </pdd-keep>"],
            "line 1: a block ends here that never began",
            id="unopened",
        ),
        pytest.param(
            ["# <pdd-keep>", "# <pdd-keep>", "# </pdd-keep>", "# </pdd-keep>"],
            "line 2: a block inside the block of line 1",
            id="nested",
        ),
        pytest.param(
            [
                "# <pdd-keep id=x>",
                "# </pdd-keep>",
                "# <pdd-keep id=x>",
                "# </pdd-keep>",
            ],
            "line 3: line 1 has a block x, too",
            id="a name twice",
        ),
        pytest.param(
            ["# <pdd-keep", "# </pdd-keep>"],
            "line 1: this is no marker of a protected block",
            id="broken",
        ),
        pytest.param(
            ["# <pdd-keep> from here", "# </pdd-keep>"],
            "line 1: this is no marker of a protected block",
            id="more behind",
        ),
    ],
)
def test_broken_markers_are_named_with_their_line(lines, problem):
    assert keep_problem(_lines(*lines), "#") == problem


@pytest.mark.parametrize(
    "merged, held",
    [
        pytest.param(_lines("a", *KEPT), True, id="once"),
        pytest.param(_lines(*KEPT)[:-1], True, id="at the end, without an end"),
        pytest.param(_lines("a"), False, id="gone"),
        pytest.param(_lines(*KEPT, *KEPT), False, id="twice"),
        pytest.param(_lines(*KEPT).replace("1", "2"), False, id="changed"),
        pytest.param(_lines(*KEPT, "# <pdd-keep>"), False, id="a broken one beside it"),
        pytest.param(
            _lines(*KEPT, "# <pdd-keep>", "# </pdd-keep>"), True, id="another beside it"
        ),
    ],
)
def test_a_block_is_kept_if_it_is_there_once_byte_for_byte(merged, held):
    assert is_kept(_lines("x", *KEPT), merged, "#") is held


@pytest.mark.parametrize(
    "mine, generated, carried_",
    [
        pytest.param(
            ["a", *KEPT, "b"],
            ["a", "b", "c"],
            ["a", *KEPT, "b", "c"],
            id="between both",
        ),
        pytest.param(
            ["a", "", *KEPT, "", "b"],
            ["a", "", "b"],
            ["a", "", *KEPT, "b"],
            id="behind the blank line",
        ),
        pytest.param(
            ["a", "", "", *KEPT, "b"], ["a", "b"], ["a", *KEPT, "b"], id="blanks gone"
        ),
        pytest.param(
            ["a", *KEPT, "b"],
            ["a", "x", "b"],
            ["a", *KEPT, "x", "b"],
            id="new behind it",
        ),
        pytest.param(
            ["a", *KEPT, "b"], ["a", "x"], ["a", *KEPT, "x"], id="behind the one left"
        ),
        pytest.param(
            ["a", *KEPT, "b"], ["x", "b"], ["x", *KEPT, "b"], id="before the one left"
        ),
        pytest.param([*KEPT, "b"], ["x"], [*KEPT, "x"], id="at the top"),
        pytest.param(["b", *KEPT], ["x"], ["x", *KEPT], id="at the end"),
        pytest.param([*KEPT], ["x"], [*KEPT, "x"], id="alone"),
        pytest.param(["a", *KEPT, "b"], ["x", "y"], ["x", "y"], id="gone"),
        pytest.param(
            ["{", *KEPT, "b"], ["{", "y"], ["{", "y"], id="a bracket is no neighbour"
        ),
        pytest.param(
            ["def f():", "  # <pdd-keep>", "  # </pdd-keep>", "  a", "def g():", "  b"],
            ["def g():", "  b", "def f():", "  c"],
            ["def g():", "  b", "def f():", "  # <pdd-keep>", "  # </pdd-keep>", "  c"],
            id="moved with its definition",
        ),
        pytest.param(
            ["def f():", "  x", "  # <pdd-keep>", "  # </pdd-keep>", "  a", "def g():"],
            ["def g():", "def f():", "  y", "  z", "  a"],
            [
                "def g():",
                "def f():",
                "  y",
                "  z",
                "  # <pdd-keep>",
                "  # </pdd-keep>",
                "  a",
            ],
            id="moved with the line behind it",
        ),
        pytest.param(
            ["def f():", "  x", "  # <pdd-keep>", "  # </pdd-keep>", "  a", "def g():"],
            ["def g():", "def f():", "  y", "  z"],
            ["def g():", "def f():", "  y", "  z"],
            id="its definition holds nothing of its place",
        ),
        pytest.param(
            ["def f():", "  x", "  # <pdd-keep>", "  # </pdd-keep>", "  a", "def g():"],
            ["def g():", "def h():", "  y", "  z"],
            ["def g():", "def h():", "  y", "  z"],
            id="its definition is gone",
        ),
        pytest.param(
            ["a", "b", "c", "def f():", "  x", "  # <pdd-keep>", "  # </pdd-keep>"],
            ["def f():", "  x", "a", "b", "c"],
            ["def f():", "  x", "  # <pdd-keep>", "  # </pdd-keep>", "a", "b", "c"],
            id="moved with the line before it",
        ),
        pytest.param(
            ["a", *KEPT, "b"],
            ["b", "a", "# <pdd-keep>", "theirs = 2", "# </pdd-keep>"],
            ["b", "a", *KEPT],
            id="what the generator made of it",
        ),
        pytest.param(
            ["a", "# <pdd-keep id=x>", "1", "# </pdd-keep>", "b", *KEPT],
            ["a", *KEPT, "b", "# <pdd-keep id=x>", "2", "# </pdd-keep>"],
            ["a", *KEPT, "b", "# <pdd-keep id=x>", "1", "# </pdd-keep>"],
            id="by name and by being the same",
        ),
        pytest.param(
            ["a", *KEPT, "b", "# <pdd-keep>", "2", "# </pdd-keep>", "c"],
            ["a", "b", "# <pdd-keep>", "3", "# </pdd-keep>", "c"],
            [
                "a",
                *KEPT,
                "b",
                "# <pdd-keep>",
                "2",
                "# </pdd-keep>",
                "# <pdd-keep>",
                "3",
                "# </pdd-keep>",
                "c",
            ],
            id="fewer than there were are not guessed from",
        ),
    ],
)
def test_blocks_are_put_where_they_belong(mine, generated, carried_):
    _, new = carried(_lines(*mine), _lines(*mine), _lines(*generated), "#")

    assert new == _lines(*carried_)


def test_a_last_line_without_end_stays_so():
    _, new = carried("a\nb", _lines("a", *KEPT, "b"), "a\nb", "#")

    assert new == _lines("a", *KEPT, "b")[:-1]


def test_a_block_of_the_base_that_has_no_place_is_left_to_mine():
    base = _lines("a", *KEPT, "b")

    old, new = carried(base, base, "x\ny\n", "#")

    assert (old, new) == ("a\nb\n", "x\ny\n")


def test_a_block_without_a_place_is_a_conflict():
    base = _lines("top", "a", *KEPT, "b", "end")
    generated = _lines("top", "x", "y", "end")

    result = merge(base, base, generated, mark="#")

    assert isinstance(result, Conflicted)
    (region,) = result.regions
    assert result.because == "a protected block has no place in the generated text"
    assert _lines(*KEPT) in region.mine
    assert region.generated == "x\ny\n"


def test_a_block_that_a_person_unprotects_is_an_edit():
    base = _lines("a", *KEPT, "b", "c", "d")
    mine = _lines("a", "mine = 1", "b", "c", "d")

    result = merge(base, mine, base.replace("\nd\n", "\nD\n"), mark="#")

    assert isinstance(result, Merged)
    assert result.text == mine.replace("\nd\n", "\nD\n")


def test_a_block_keeps_its_own_line_ends():
    block = "# <pdd-keep>\r\nx\n# </pdd-keep>\r\n"
    base = "a\nb\nc\n"
    mine = f"\ufeff{block}a\nb\nc\n"

    result = merge(base, mine, base.replace("c", "C"), mark="#")

    assert isinstance(result, Merged)
    assert result.text == mine.replace("c", "C")


def test_broken_markers_are_a_conflict():
    result = merge("a\n", "a\n# <pdd-keep>\n", "b\n", mark="#")

    assert isinstance(result, Conflicted)
    assert result.because == "your text, line 2: this block never ends"


CODE = st.lists(
    st.sampled_from(["def f():", "def g():", "    a", "    b", "", "c", "d = 1"]),
    max_size=10,
)
INNER = st.lists(st.sampled_from(["    a", "", "x  ", "\tq", "# é", "c"]), max_size=3)


def _with_blocks(chance, lines, inners):
    built = list(lines)
    for number, inner in enumerate(inners):
        name = f" id=n{number}" if chance.random() < 0.5 else ""
        pad = chance.choice(["", "    "])
        block = [f"{pad}# <pdd-keep{name}>", *inner, f"{pad}# </pdd-keep>"]
        places = [n for n in range(len(built) + 1) if not _inside(built, n)]
        at = chance.choice(places)
        built[at:at] = block
    return _lines(*built)


def _inside(lines, at):
    opened = sum("<pdd-keep" in line for line in lines[:at])
    return opened != sum("</pdd-keep" in line for line in lines[:at])


def _check(base, mine, generated):
    result = merge(base, mine, generated, mark="#")
    blocks = [block.text for block in blocks_of(mine, "#")]
    if isinstance(result, Merged):
        found = [block.text for block in blocks_of(result.text, "#")]
        assert all(found.count(text) == blocks.count(text) for text in blocks)
    else:
        sides = [p if isinstance(p, str) else p.mine for p in result.pieces]
        found = [block.text for block in blocks_of("".join(sides), "#")]
        assert all(found.count(text) >= blocks.count(text) for text in blocks)
    return isinstance(result, Merged)


CASES = {
    "seed": st.integers(0, 10**6),
    "lines": CODE,
    "theirs": CODE,
    "inners": st.lists(INNER, max_size=3),
    "old": st.lists(INNER, max_size=2),
    "new": st.lists(INNER, max_size=2),
}


@given(**CASES)
def test_blocks_come_through_any_merge_byte_for_byte(
    seed, lines, theirs, inners, old, new
):
    chance = random.Random(seed)  # noqa: S311 - a repeatable stream
    mine = _with_blocks(chance, lines, inners)
    generated = _with_blocks(chance, theirs, new)
    _check(_with_blocks(chance, lines, old), mine, generated)


@pytest.mark.slow
def test_blocks_come_through_ten_thousand_merges_byte_for_byte(tell):
    chance = random.Random(3)  # noqa: S311 - a repeatable stream
    words = ["def f():", "def g():", "    a", "    b", "", "c", "d = 1"]
    inside = ["    a", "", "x  ", "\tq", "# é", "c"]
    merged = 0
    for _ in range(10_000):
        lines, theirs = (chance.choices(words, k=chance.randint(0, 9)) for _ in "ab")
        if chance.random() < 0.6:
            theirs = [line for line in lines if chance.random() < 0.9]
        blocks = [
            [chance.choices(inside, k=2) for _ in range(chance.randint(0, 2))]
            for _ in "abc"
        ]
        sides = zip((lines, lines, theirs), blocks, strict=True)
        merged += _check(*(_with_blocks(chance, *side) for side in sides))
    tell(f"protected blocks byte for byte in 10000 merges, {merged} of them clean")
    assert merged > 1000
