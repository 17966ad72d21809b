import itertools
import random

import pytest

from pdd_tasks.core.merge.difference import Change, changes


def _applied(old, new, found):
    built, at = [], 0
    for change in found:
        built += old[at : change.old_start]
        built += new[change.new_start : change.new_end]
        at = change.old_end
    return built + old[at:]


def test_every_small_pair_is_rebuilt_from_its_changes():
    texts = [list(t) for n in range(5) for t in itertools.product("abc", repeat=n)]

    for old, new in itertools.product(texts, repeat=2):
        assert _applied(old, new, changes(old, new)) == new, (old, new)


def test_unchanged_lines_lie_between_changes():
    texts = [list(t) for n in range(5) for t in itertools.product("ab", repeat=n)]

    for old, new in itertools.product(texts, repeat=2):
        for one, other in itertools.pairwise(changes(old, new)):
            assert one.old_end < other.old_start
            assert one.new_end < other.new_start


@pytest.mark.parametrize(
    "old, new, found",
    [
        pytest.param("abc", "abc", [], id="equal"),
        pytest.param("", "ab", [Change(0, 0, 0, 2)], id="all new"),
        pytest.param("ab", "", [Change(0, 2, 0, 0)], id="all gone"),
        pytest.param("abc", "axc", [Change(1, 2, 1, 2)], id="one line"),
        pytest.param("abab", "abXabab", [Change(2, 2, 2, 5)], id="added slides down"),
        pytest.param("aXbab", "ab", [Change(1, 4, 1, 1)], id="the ends stay"),
        pytest.param(
            "fbee", "dbeee", [Change(0, 1, 0, 1), Change(4, 4, 4, 5)], id="repeated"
        ),
    ],
)
def test_changes_are_where_git_shows_them(old, new, found):
    assert list(changes(list(old), list(new))) == found


def _texts(letters, seed):
    chance = random.Random(seed)  # noqa: S311 - a repeatable stream, not a secret
    count = 10_000
    old = [str(chance.randrange(letters)) for _ in range(count)]
    new = list(old)
    chance.shuffle(new)
    return old, new


@pytest.mark.parametrize("letters", [2, 100, 1_000_000])
def test_ten_thousand_lines_without_order_are_bounded_work(letters):
    old, new = _texts(letters, seed=letters)

    assert _applied(old, new, changes(old, new)) == new
