import pytest

from pdd_tasks.core.plan.likeness import likeness


@pytest.mark.parametrize(
    "before, now, share",
    [
        pytest.param("a\nb\n", "a\nb\n", 1.0, id="same"),
        pytest.param("a\n\nb\n", " a\nb", 1.0, id="layout"),
        pytest.param("a\nb\nc\nd\n", "a\nb\nc\nx\n", 0.75, id="a line of four"),
        pytest.param("a\n", "a\nb\nc\n", 0.5, id="grown"),
        pytest.param("a\nb\n", "c\nd\n", 0.0, id="another"),
        pytest.param("", "", 0.0, id="nothing is like nothing"),
        pytest.param("a\n", "", 0.0, id="emptied"),
    ],
)
def test_likeness_is_the_share_of_lines_that_are_the_same(before, now, share):
    assert likeness(before, now) == share
    assert likeness(now, before) == share
