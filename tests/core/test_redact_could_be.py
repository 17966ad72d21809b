import pytest

from pdd_tasks.core.prompt.redact import could_be


MARK = "[redacted:DB_PASSWORD#1f3a]"


@pytest.mark.parametrize(
    "redacted, text, fits",
    [
        ("plain", "plain", True),
        ("plain", "plane", False),
        (f"a {MARK} b", "a secret b", True),
        (f"a {MARK} b", "x secret b", False),
        (f"a {MARK} b", "a secret c", False),
        (f"{MARK}{MARK}", "", True),
        (f"a {MARK} b {MARK} c", "a 1 b 2 c", True),
        (f"a {MARK} b {MARK} c", "a 1 d 2 c", False),
        (f"ab{MARK}bc", "abc", False),
    ],
)
def test_what_a_redacted_text_may_have_been(redacted, text, fits):
    assert could_be(redacted, text) is fits
