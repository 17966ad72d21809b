"""The gates: each merge that does harm is named, and no good one is."""

from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pdd_tasks.core.merge.gates import damage, objection
from pdd_tasks.core.merge.rise import longest_rise


def text(words):
    return "".join(f"{word}\n" for word in words)


def judged(base, mine, generated, merged):
    """Judge texts of one letter a line."""
    return objection(text(base), text(mine), text(generated), text(merged), None)


@pytest.mark.parametrize(
    "base, mine, generated, merged",
    [
        pytest.param("abc", "abcd", "xabc", "xabcd", id="both-added"),
        pytest.param("abc", "abcd", "abcd", "abcd", id="both-added-the-same"),
        pytest.param("abc", "abcd", "abcd", "abcdd", id="the-same-in-two-places"),
        pytest.param("abc", "ab", "ab", "ab", id="both-deleted"),
        pytest.param("aabb", "abb", "abb", "bb", id="both-deleted-another"),
        pytest.param("abc", "ac", "abcd", "acd", id="one-deleted-one-added"),
        pytest.param("abcd", "bacd", "abcde", "bacde", id="one-moved"),
        pytest.param("abcd", "bacd", "bacd", "bacd", id="both-moved"),
        pytest.param("abcd", "bacd", "abdc", "badc", id="each-moved-another"),
        pytest.param("ab)", "ab", "ab)", "ab))", id="no-word-no-matter"),
    ],
)
def test_good_merge(base, mine, generated, merged):
    assert judged(base, mine, generated, merged) is None


@pytest.mark.parametrize(
    "base, mine, generated, merged, because",
    [
        pytest.param("ab", "abc", "xab", "xab", "lost: c", id="mine-lost"),
        pytest.param("ab", "abc", "xab", "abc", "lost: x", id="generated-lost"),
        pytest.param("ab", "a", "abc", "abc", "back, or is there twice: b", id="back"),
        pytest.param("ab", "abc", "ab", "abcc", "twice: c", id="doubled"),
        pytest.param("ab", "abcc", "abc", "abc", "lost: c", id="one-of-two-lost"),
        pytest.param("abc", "bac", "abcd", "abcd", "order", id="moved-back"),
        pytest.param("ab", "abcd", "ab", "abdc", "order", id="added-in-disorder"),
        pytest.param("abcd", "abcd", "abcd", "abdc", "order", id="stirred"),
    ],
)
def test_bad_merge(base, mine, generated, merged, because):
    assert because in (judged(base, mine, generated, merged) or "")


@pytest.mark.parametrize(
    "merged, because",
    [
        pytest.param("call(one, two, three)\n", None, id="joined"),
        pytest.param("call(one, two)\n", "lost: ", id="one-side-only"),
        pytest.param("other()\n", "a line would be lost: call(one, two", id="other"),
        pytest.param("call(one, two, three, one)\n", "twice: one", id="doubled"),
        pytest.param("call(two, three, fresh)\n", "lost: one", id="kept-word-lost"),
    ],
)
def test_lines_joined_by_words(merged, because):
    found = objection(
        "call(one)\n", "call(one, two)\n", "call(one, three)\n", merged, None
    )
    assert found == because if because is None else because in (found or "")


def test_a_word_that_nobody_wrote():
    found = objection(
        "call(one)\n", "call(a, one)\n", "call(one, b)\n", "call(a, one, b, c)\n", None
    )
    assert found == "a word that was taken away is back, or is there twice: c"


def test_the_language_is_asked_last():
    structure = SimpleNamespace(objection=lambda *texts: f"no: {texts[3]!r}")
    assert objection("a", "a", "a", "a", structure) == "no: 'a'"
    assert "is back" in (objection("a", "b", "a", "a", structure) or "")


def test_a_clean_merge_by_lines_is_judged_by_its_language_if_its_sides_hold():
    structure = SimpleNamespace(
        objection=lambda *texts: "no" if "b" in texts[3] and "c" in texts[3] else None
    )
    assert damage("a", "a\nb", "c\na", "c\na\nb", structure) == "no"
    assert damage("a", "a\nb", "c\na", "c\na\nb", None) is None
    assert damage("b\nc", "b\nc\nd", "a\nb\nc", "a\nb\nc\nd", structure) is None
    assert "is there twice: b" in (damage("a", "b", "a", "b\nb", structure) or "")


def test_what_is_too_tangled_is_refused():
    lines = [f"line {n}" for n in range(2500)]
    there, back = text(lines), text(lines[::-1])
    assert "order" in (objection(there, back, there, back, None) or "")


@given(st.lists(st.integers(), unique=True, max_size=12))
def test_longest_rise_is_a_longest(values):
    found = [values[at] for at in longest_rise(values)]
    lengths: list[int] = []
    for at, value in enumerate(values):
        shorter = [lengths[b] for b in range(at) if values[b] < value]
        lengths.append(1 + max(shorter, default=0))
    assert found == sorted(found)
    assert len(found) == max(lengths, default=0)


@given(st.permutations("abcdefg"), st.permutations("abcdefg"))
def test_a_side_alone_sets_the_order(mine, other):
    del other
    assert judged("abcdefg", mine, "abcdefg", mine) is None
    is_other = list(mine) != list("abcdefg")
    assert (judged("abcdefg", mine, "abcdefg", "abcdefg") is not None) is is_other
