from pathlib import PurePosixPath

from pdd_tasks.adapters.merging import ThreeWayMerger
from pdd_tasks.core.merge.result import Merged, Method
from pdd_tasks.core.model.language import Language


TEXT = Language(name="text", extensions=("txt",), comment="#", environment={})
PATH = PurePosixPath("a.txt")


def test_lines_are_merged_in_any_language():
    result = ThreeWayMerger().merge(TEXT, PATH, "a\nb\nc\n", "A\nb\nc\n", "a\nb\nC\n")

    assert result == Merged(text="A\nb\nC\n", method=Method.LINES)


def test_a_broken_marker_is_named_with_its_line():
    problem = ThreeWayMerger().problem(TEXT, "a\n# <pdd-keep>\nb\n")

    assert problem == "line 2: this block never ends"
