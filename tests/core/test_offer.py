from pathlib import PurePosixPath

import pytest

from pdd_tasks.core.plan.offer import MOST, Offer, way, weighed


def offer(name: str, text: str) -> Offer:
    path = PurePosixPath(f"examples/{name}_example.py")
    return Offer(path=path, name=f"{name}_python", title=name, text=text)


ROMAN = offer("roman", "Convert roman numerals to numbers and back.")
MONEY = offer("money", "Round amounts of money to cents, half to even.")
LEDGER = offer("ledger", "Add amounts of money to accounts, in cents.")
DATES = offer("dates", "Parse calendar days.")
ALL = (DATES, LEDGER, MONEY, ROMAN)


def test_what_the_prompt_says_by_name_is_clear():
    found = weighed("Print page numbers as roman numerals.", ALL)
    assert found.good == found.clear == (ROMAN,)


def test_what_is_good_but_not_named_is_not_clear():
    found = weighed("Write an invoice whose amounts are rounded to cents.", ALL)
    assert set(found.good) == {LEDGER, MONEY}
    assert found.clear == ()


def test_one_shared_word_is_not_enough():
    assert weighed("Keep a calendar.", ALL).good == ()


def test_nothing_fits_where_nothing_is_offered():
    assert weighed("Print roman numerals.", ()).good == ()


def test_only_the_best_are_shown():
    many = [offer(f"u{chr(97 + n)}", f"roman {chr(97 + n) * 4}") for n in range(12)]
    prompt = "roman " + " ".join(one.text for one in many)
    assert len(weighed(prompt, many).good) <= MOST


def test_a_summary_is_one_short_line():
    assert ROMAN.summary == ROMAN.text
    long = offer("long", "many words\n" * 100).summary
    assert "\n" not in long
    assert long.endswith(" …")
    assert len(long) <= 302


@pytest.mark.parametrize(
    "start, goal, steps",
    [
        pytest.param("a", "c", ("a", "b", "c"), id="by another"),
        pytest.param("a", "a", ("a",), id="itself"),
        pytest.param("c", "a", (), id="not backwards"),
        pytest.param("d", "c", ("d", "c"), id="the shortest"),
    ],
)
def test_how_one_unit_needs_another(start, goal, steps):
    needs = {"a": ("b",), "b": ("c", "a"), "d": ("a", "c")}
    assert way(start, goal, needs) == steps
