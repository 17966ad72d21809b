import pytest

from pdd_tasks.core.model.profile import (
    PROFILES,
    QUICK,
    SAFE,
    STANDARD,
    THOROUGH,
    OnFailure,
    Part,
    Profile,
)
from pdd_tasks.core.model.step import Step


def test_there_are_four_profiles_under_their_names():
    assert {name: str(one) for name, one in PROFILES.items()} == {
        name: name for name in ("quick", "standard", "thorough", "safe")
    }


@pytest.mark.parametrize("step", [pytest.param(one, id=one) for one in Step])
def test_standard_says_nothing_special_of_any_step(step):
    assert STANDARD.part(step) == Part()
    assert STANDARD.defaults == {}


def test_quick_makes_code_and_an_example_that_runs():
    assert QUICK.left_out == {Step.VERIFY, Step.TEST, Step.FIX}


def test_thorough_leaves_out_nothing_and_tries_more_often():
    assert THOROUGH.left_out == frozenset()
    assert THOROUGH.part(Step.FIX).attempts == 5


def test_safe_asks_before_every_step():
    assert all(SAFE.part(step).confirm for step in Step)


def test_steps_are_found_by_what_their_failure_means():
    profile = Profile(name="x", steps={Step.VERIFY: Part(on_failure=OnFailure.WARN)})
    assert profile.ending(OnFailure.WARN) == {Step.VERIFY}
    assert Step.VERIFY not in profile.ending(OnFailure.FAIL)
    assert profile.ending(OnFailure.SKIP) == frozenset()


def test_attempts_can_be_left_to_the_settings():
    plain = THOROUGH.without_attempts()
    assert {plain.part(step).attempts for step in Step} == {None}
