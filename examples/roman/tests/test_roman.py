"""What a numeral must be, written by a person before there was any code."""

import pytest
from roman import from_roman, to_roman


@pytest.mark.parametrize(
    "number, numeral",
    [
        (1, "I"),
        (4, "IV"),
        (9, "IX"),
        (14, "XIV"),
        (1994, "MCMXCIV"),
        (3999, "MMMCMXCIX"),
    ],
)
def test_a_number_and_its_numeral_lead_to_each_other(number, numeral):
    assert to_roman(number) == numeral
    assert from_roman(numeral) == number


def test_lower_case_is_read_as_upper_case():
    assert from_roman("mcmxciv") == 1994


def test_a_numeral_that_nobody_writes_is_refused():
    read = [text for text in ("IIII", "VX", "IC", "IIX") if not refused(text)]

    assert read == []


def refused(text):
    try:
        from_roman(text)
    except ValueError:
        return True
    return False


def test_a_number_out_of_range_is_refused():
    for number in (0, -1, 4000):
        with pytest.raises(ValueError):
            to_roman(number)
