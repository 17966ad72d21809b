from hypothesis import given
from hypothesis import strategies as st

from pdd_tasks.core.model.width import Width


def test_everybody_is_admitted_until_somebody_complains():
    assert Width().admits(10_000)
    assert Width().succeeded(0) == Width()


def test_a_complaint_halves_what_was_in_flight():
    width = Width().throttled(0, 9)
    assert width == Width(allowed=4, era=1)
    assert width.admits(3)
    assert not width.admits(4)


def test_complaints_about_the_same_crowd_count_once():
    width = Width().throttled(0, 8)
    assert width.throttled(0, 7).throttled(0, 6) == width
    assert width.throttled(1, 4).allowed == 2


def test_one_is_always_admitted():
    assert Width(allowed=1).throttled(0, 1).admits(0)


def test_a_full_round_of_answers_widens_by_one():
    width = Width(allowed=2, era=1)
    assert width.succeeded(1).allowed == 2
    assert width.succeeded(1).succeeded(1) == Width(allowed=3, era=1)
    assert width.succeeded(0) == width


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 3), st.integers(1, 64))))
def test_the_width_never_closes(events):
    width = Width()
    for complains, era, in_flight in events:
        before = width
        width = width.throttled(era, in_flight) if complains else width.succeeded(era)
        assert width.admits(0)
        assert width.era >= before.era
