import pytest
from hypothesis import given
from hypothesis import strategies as st

from pdd_tasks.core.model.rate import MINUTE_S, Rate, Taken, start_after
from pdd_tasks.errors import BudgetError


def test_without_a_limit_a_request_starts_now():
    busy = [Taken(at=5.0, tokens=10**9)] * 100
    assert start_after(busy, Rate(), 10**9, 7.0) == 7.0


def test_requests_start_at_once_until_the_minute_is_full():
    rate, taken = Rate(calls=2), list[Taken]()
    for expected in (100.0, 100.0, 160.0, 160.0, 220.0):
        at = start_after(taken, rate, 1, 100.0)
        assert at == expected
        taken.append(Taken(at=at, tokens=1))


def test_what_is_a_minute_old_counts_no_more():
    assert start_after([Taken(at=40.0)], Rate(calls=1), 0, 100.0) == 100.0
    assert start_after([Taken(at=40.5)], Rate(calls=1), 0, 100.0) == 100.5


def test_tokens_are_limited_like_requests():
    taken = [Taken(at=90.0, tokens=600), Taken(at=95.0, tokens=300)]
    assert start_after(taken, Rate(tokens=1_000), 100, 100.0) == 100.0
    assert start_after(taken, Rate(tokens=1_000), 101, 100.0) == 150.0
    assert start_after(taken, Rate(tokens=1_000), 701, 100.0) == 155.0


def test_nobody_starts_before_who_has_a_time_already():
    ahead = [Taken(at=130.0, tokens=900)]
    assert start_after(ahead, Rate(tokens=1_000), 1, 100.0) == 130.0


def test_a_request_that_no_minute_can_hold_is_refused():
    with pytest.raises(BudgetError, match="max_tokens_per_minute allows 10") as error:
        start_after([], Rate(tokens=10), 11, 0.0)
    assert "max_tokens" in error.value.hint


@given(
    st.integers(min_value=1, max_value=5),
    st.integers(min_value=50, max_value=200),
    st.lists(
        st.tuples(st.integers(0, 30), st.integers(min_value=0, max_value=50)),
        max_size=40,
    ),
)
def test_no_minute_ever_holds_more_than_the_limits(calls, tokens, asked):
    rate, now, starts = Rate(calls=calls, tokens=tokens), 0.0, list[Taken]()
    for pause, size in asked:
        now += pause
        at = start_after(starts, rate, size, now)
        assert at >= now
        starts.append(Taken(at=at, tokens=size))
    for one in starts:
        minute = [o for o in starts if one.at - MINUTE_S < o.at <= one.at]
        assert len(minute) <= calls
        assert sum(o.tokens for o in minute) <= tokens
