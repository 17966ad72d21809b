import pytest

from pdd_tasks.plugin.resume import lifted


@pytest.mark.parametrize(
    "words, again",
    [
        pytest.param([], "doit sync:a budget=0.01 'label=a b'", id="as-it-was"),
        pytest.param(
            ["budget=0.20"], "doit sync:a 'label=a b' budget=0.20", id="replaced"
        ),
        pytest.param(
            ["budget=9.00", "budget=10.00", "max_calls=20"],
            "doit sync:a 'label=a b' budget=10.00 max_calls=20",
            id="the-largest",
        ),
    ],
)
def test_a_limit_that_stopped_a_run_is_lifted_in_its_command(words, again):
    assert lifted("doit sync:a budget=0.01 'label=a b'", words) == again
