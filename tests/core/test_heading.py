import pytest

from pdd_tasks.core.merge.heading import definition, heading


TEXT = """\
import os

class Parser:
    def parse(self):
        while more:
            x = 1

if os:
    y = 2
"""


@pytest.mark.parametrize(
    "line, expected",
    [
        pytest.param("            x = 1", "def parse(self):", id="in a loop"),
        pytest.param("        while more:", "def parse(self):", id="in a method"),
        pytest.param("    def parse(self):", "class Parser:", id="in a class"),
        pytest.param("    y = 2", "if os:", id="in no definition"),
        pytest.param("import os", "", id="at the top"),
    ],
)
def test_a_place_is_named_by_its_definition(line, expected):
    lines = TEXT.splitlines()
    assert definition(lines, lines.index(line)) == expected


def test_a_block_stands_under_the_nearest_line_that_is_indented_less():
    lines = TEXT.splitlines()
    assert heading(lines, lines.index("            x = 1")) == "while more:"
