from pathlib import PurePosixPath

import pytest

from pdd_tasks.core.model.artifact import Digest
from pdd_tasks.core.plan.change import (
    HAND_WRITTEN,
    Aspect,
    State,
    differing,
    file_state,
    heaviest,
    trigger_text,
)


PATH = PurePosixPath("src/a.py")
OURS, THEIRS, OTHER = (Digest.of(text) for text in (b"ours", b"theirs", b"other"))


def _differs(*_):
    return False


@pytest.mark.parametrize(
    "present, recorded, adopted, state",
    [
        pytest.param(None, OURS, None, State.ABSENT, id="gone"),
        pytest.param(None, None, None, State.ABSENT, id="never there"),
        pytest.param(OURS, None, None, State.UNRECORDED, id="nothing is known of it"),
        pytest.param(OURS, OURS, None, State.RECORDED, id="as we left it"),
        pytest.param(THEIRS, None, THEIRS, State.ADOPTED, id="as a person brought it"),
        pytest.param(THEIRS, OURS, THEIRS, State.ADOPTED, id="an edit we accepted"),
        pytest.param(OURS, OURS, THEIRS, State.RECORDED, id="that edit taken back"),
        pytest.param(OTHER, OURS, None, State.EDITED, id="an edit of ours"),
        pytest.param(OTHER, None, THEIRS, State.EDITED, id="an edit of theirs"),
        pytest.param(OTHER, OURS, THEIRS, State.EDITED, id="an edit of both"),
    ],
)
def test_a_file_stands_to_its_record(present, recorded, adopted, state):
    assert file_state(PATH, present, recorded, adopted, _differs) is state


@pytest.mark.parametrize(
    "recorded, adopted",
    [
        pytest.param(OURS, None, id="of ours"),
        pytest.param(OURS, THEIRS, id="of what was accepted last"),
    ],
)
def test_an_edit_that_changes_no_behaviour_is_one_of_layout(recorded, adopted):
    asked = []

    def same(path, old, aspect):
        asked.append((path, old, aspect))
        return True

    assert file_state(PATH, OTHER, recorded, adopted, same) is State.LAYOUT
    assert asked == [(PATH, adopted or recorded, Aspect.BEHAVIOUR)]


def test_equal_text_is_unchanged_whatever_the_bytes():
    windows, recorded = Digest.of(b"a  \r\nb"), Digest.of(b"a\nb\n")
    assert file_state(PATH, windows, recorded, None, _differs) is State.RECORDED


def test_a_file_is_compared_only_if_its_text_differs():
    asked = []

    def same(*args):
        asked.append(args)
        return True

    file_state(PATH, OURS, OURS, None, same)
    assert asked == []


@pytest.mark.parametrize(
    "states, state",
    [
        pytest.param((State.RECORDED,), State.RECORDED, id="one"),
        pytest.param(
            (State.RECORDED, State.EDITED, State.LAYOUT), State.EDITED, id="edited"
        ),
        pytest.param((State.ADOPTED, State.RECORDED), State.ADOPTED, id="adopted"),
        pytest.param((State.EDITED, State.UNRECORDED), State.UNRECORDED, id="new"),
        pytest.param((State.ABSENT, State.UNRECORDED), State.ABSENT, id="a file gone"),
    ],
)
def test_an_artifact_is_what_its_worst_file_is(states, state):
    assert heaviest(states) is state


def test_what_no_person_wrote_is_absent_or_recorded():
    assert set(State) - HAND_WRITTEN == {State.ABSENT, State.RECORDED}


@pytest.mark.parametrize(
    "before, present, names",
    [
        pytest.param({"a": "1"}, {"a": "1"}, (), id="equal"),
        pytest.param({"a": "1", "b": "1"}, {"a": "1", "b": "2"}, ("b",), id="other"),
        pytest.param({"b": "1"}, {"a": "1"}, ("a", "b"), id="one more, one less"),
        pytest.param(None, {"b": "1", "a": "1"}, ("a", "b"), id="no record"),
    ],
)
def test_differing_names_are_listed_sorted(before, present, names):
    assert differing(before, present) == names


@pytest.mark.parametrize(
    "value, compared",
    [
        pytest.param(str(OURS), OURS.text, id="a file's digest counts by its text"),
        pytest.param("90", "90", id="any other value counts as it is"),
    ],
)
def test_a_trigger_is_compared_by_its_text(value, compared):
    assert trigger_text(value) == compared
