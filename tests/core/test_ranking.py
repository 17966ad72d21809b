import pytest

from pdd_tasks.core.prompt.ranking import ranked, words


TEXTS = {
    "dates": "Parse calendar dates and format them.",
    "money": "Round amounts of money, in cents.",
    "roman": "Convert roman numerals, with toRoman and from_roman.",
    "empty": "",
}


def test_the_parts_of_an_identifier_are_words():
    assert words("toRoman from_roman HTTPServer") == (
        "roman",
        "roman",
        "http",
        "server",
    )


def test_short_and_common_words_are_none():
    assert words("Write a function that returns the sum of it") == ("sum",)


def test_what_shares_rare_words_comes_first():
    found = ranked("Print amounts of money as roman numerals, in roman letters", TEXTS)
    assert [one.name for one in found] == ["roman", "money", "dates", "empty"]
    assert found[0].telling == {"roman", "numerals"}
    assert found[-1].score == 0


def test_ties_go_by_name():
    found = ranked("ships", {"b": "ships", "a": "ships"})
    assert [one.name for one in found] == ["a", "b"]


@pytest.mark.parametrize("texts", [{}, {"a": ""}], ids=["no texts", "no words"])
def test_nothing_to_rank_is_ranked(texts):
    assert [one.score for one in ranked("roman", texts)] == [0.0] * len(texts)


def test_a_word_that_most_texts_have_tells_nothing():
    texts = {name: f"roman {name}" for name in ("alpha", "beta", "gamma", "delta")}
    assert all(not one.telling for one in ranked("roman", texts))
