"""Command templates made into argument lists."""

import pytest

from pdd_tasks.adapters.placeholders import arguments
from pdd_tasks.errors import ConfigError


VALUES = {"interpreter": "python", "root": "/r", "tests": ["a.py", "b c.py"]}


@pytest.mark.parametrize(
    "template, expected",
    [
        pytest.param(("{interpreter}", "-q"), ["python", "-q"], id="text"),
        pytest.param(("--root={root}/x",), ["--root=/r/x"], id="inside"),
        pytest.param(("{tests}",), ["a.py", "b c.py"], id="several"),
        pytest.param(("{}", "{a b}", "{A}"), ["{}", "{a b}", "{A}"], id="no names"),
    ],
)
def test_placeholders_are_replaced(template, expected):
    assert arguments(template, VALUES) == expected


@pytest.mark.parametrize("part", ["{nothing}", "x{tests}"], ids=str)
def test_what_has_no_value_is_refused(part):
    with pytest.raises(ConfigError, match="has no value there") as caught:
        arguments((part,), VALUES)
    assert "{interpreter}, {root}, {tests}" in caught.value.hint
