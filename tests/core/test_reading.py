"""A plain prompt is read in one go: what comes out is what a look at length finds."""

import random
from pathlib import PurePosixPath

import pytest
from core.test_auto_deps import unit

from pdd_tasks.core.model.artifact import normal_text
from pdd_tasks.core.model.units import Units
from pdd_tasks.core.plan import reading
from pdd_tasks.core.plan.auto_deps import needed, split
from pdd_tasks.core.prompt.block import BEGIN, END, block_of
from pdd_tasks.errors import ConfigError


UNIT = unit("app_python")
MINE = Units([UNIT, *(unit(f"{name}_python") for name in ("net", "disk", "core/old"))])
in_one_go = reading.__dict__["_in_one_go"]

PLAIN = (
    *("x", " ", "\n", "\n\n", "\xa0", ">", "<", "~", "  - "),
    *("`net`", "`disk_python`", "`app`", "`nothing`", "` net `"),
    *("src/net.py", "./src/disk.py.", "(src/core/old.py)"),
    *("<pdd>a note</pdd>", "<pdd>a note</pdd>\n", "<pdd> `a` </pdd>"),
    "<pdd-dependency>net</pdd-dependency>\n",
    "<pdd-dependency>disk_python.prompt</pdd-dependency>",
    "<pdd-dependency>app</pdd-dependency>",
    "<include>docs/a.txt</include>\n",
    "<include>examples/net_example.py</include>\n",
)
ODD = (
    *("`", "``", "```", "~~~", "<pdd>", "</pdd>", "<shell>", "</shell>", "<include"),
    *("<include path='a.txt'/>", "<include>../../a</include>", "<pdd></pdd>"),
    "<pdd-dependency>nothing</pdd-dependency>",
    *(f"<pdd>{BEGIN}</pdd>", f"<pdd>{BEGIN}</pdd>\n", f"<pdd> {END} </pdd>\n"),
)


def block(text):
    """Return the block that the rules give to a prompt."""
    try:
        units = needed(UNIT, split(UNIT.prompt, text).outside, MINE)
    except ConfigError:
        return ""
    return f"\n{block_of([one.example for one in units])}" if units else ""


def texts(number):
    """Yield texts made of what means something in a prompt."""
    random_ = random.Random(7)  # noqa: S311 - no secret
    for _ in range(number):
        words = PLAIN if random_.random() < 0.7 else (*PLAIN, *ODD)
        text = "".join(random_.choice(words) for _ in range(random_.randint(1, 12)))
        text += "\n" + (block(text + "\n") if random_.random() < 0.8 else "")
        yield normal_text(text.encode()).decode()


def test_whatever_is_read_in_one_go_is_what_is_found_at_length():
    plain = 0
    for text in texts(4000):
        found = in_one_go(UNIT, text, MINE)
        if found is not None:
            plain += 1
            assert found == reading.at_length(UNIT, text, MINE), text
    assert plain > 500


def read(text):
    """Return what a prompt says beside what it needs."""
    return reading.needs_and_reading(UNIT, text.encode(), MINE)[1]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("x\r\n", id="line ends"),
        pytest.param("\ufeffx\n", id="mark"),
        pytest.param("x \n", id="blanks at the end of a line"),
        pytest.param("\n\n", id="empty"),
        pytest.param("x\n\ufeffy\n", id="mark within"),
        pytest.param("x \ufffd\n", id="what stands for no text"),
        pytest.param("As `net` does.\n", id="block due"),
        pytest.param("x\n\n" + block_of([UNIT.example]), id="block of too much"),
        pytest.param("<include path='a.txt' select='def:f'/>\n", id="part of a file"),
    ],
)
def test_a_prompt_that_is_unusual_has_no_reading(text):
    assert read(text) is None


@pytest.mark.parametrize("fence", ["```\nx\n```\n", "~~~\n<pdd>\n~~~\n", "``a``\n"])
def test_a_prompt_with_fences_is_read_at_length(fence):
    text = f"Do it.\n\n{fence}"
    assert in_one_go(UNIT, text, MINE) is None
    assert read(text) == reading.at_length(UNIT, text, MINE)[1] is not None


def test_a_reading_tells_what_is_included_and_what_is_needed():
    text = "As `net` does.\n<include>docs/a.txt</include>\n"
    data = (text + block(text)).encode()
    needs, found = reading.needs_and_reading(UNIT, data, MINE)
    assert needs == {"net_python"}
    assert found is not None
    assert found.includes == tuple(
        map(PurePosixPath, ("docs/a.txt", "examples/net_example.py"))
    )
    assert found.size == len(data)


def test_a_broken_prompt_is_refused():
    with pytest.raises(ConfigError, match="is not closed"):
        reading.needs_and_reading(UNIT, b"<include>\n", MINE)


def test_an_example_whose_include_may_mean_another_file_is_read_at_length():
    mine = Units([UNIT, unit("a..b_python")])
    text = "It uses `a..b`.\n"
    [example] = [one.example for one in needed(UNIT, text, mine)]
    text = f"{text}\n{block_of([example])}"

    assert in_one_go(UNIT, text, mine) is None
    assert reading.needs_and_reading(UNIT, text.encode(), mine) == reading.at_length(
        UNIT, text, mine
    )
