import pytest

from pdd_tasks.core.graph.declared import declared


@pytest.mark.parametrize(
    "needs, groups, expected",
    [
        pytest.param({}, [], "abcd", id="nothing declared"),
        pytest.param({}, ["db"], "adcb", id="places are traded"),
        pytest.param({}, ["ca", "db"], "cdab", id="two groups"),
        pytest.param({"d": ["a"]}, ["da"], "abcd", id="needs come first"),
        pytest.param({"c": ["a"]}, ["da"], "abcd", id="also those of others"),
        pytest.param({"c": ["a"], "d": ["x"]}, ["db"], "adcb", id="needs that hold"),
    ],
)
def test_a_group_stands_as_declared_unless_a_need_forbids(needs, groups, expected):
    assert declared("abcd", needs, groups) == tuple(expected)
