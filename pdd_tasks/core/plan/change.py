"""How the files of a unit stand to what was recorded of them.

Rule 1: equal text is unchanged, whatever the raw bytes. Rule 2: a difference that
only shows in layout is found by comparing both sides' bytes with one tool; if the
old bytes cannot be had, it counts as a change.
"""

from collections.abc import Callable, Mapping
from enum import StrEnum
from pathlib import PurePosixPath

from pdd_tasks.core.model.artifact import Digest


class State(StrEnum):
    """How an artifact stands to its record."""

    ABSENT = "absent"
    UNRECORDED = "unrecorded"  # it stands, and nothing is recorded of it
    RECORDED = "recorded"  # as the step that makes it left it
    ADOPTED = "adopted"  # as a person brought it, and accepted as it stands
    LAYOUT = "layout"  # edited by hand: comments or layout only
    EDITED = "edited"  # edited by hand


class Aspect(StrEnum):
    """What of a text is compared."""

    INTERFACE = "interface"
    BEHAVIOUR = "behaviour"


HAND_WRITTEN = frozenset({State.UNRECORDED, State.ADOPTED, State.LAYOUT, State.EDITED})
"""States in which bytes of a person stand."""

EDITS = frozenset({State.LAYOUT, State.EDITED})
"""States in which a person changed what was recorded."""

_BY_WEIGHT = (
    State.RECORDED,
    State.ADOPTED,
    State.LAYOUT,
    State.EDITED,
    State.UNRECORDED,
    State.ABSENT,
)

Same = Callable[[PurePosixPath, Digest, Aspect], bool]
"""True if a file's present text and its bytes of that digest agree in an aspect;
False if they differ or the old bytes are nowhere to be had."""


def file_state(
    path: PurePosixPath,
    present: Digest | None,
    recorded: Digest | None,
    adopted: Digest | None,
    same: Same,
) -> State:
    """Return how one file stands to its record."""
    if present is None:
        return State.ABSENT
    known = adopted or recorded
    if known is None:
        return State.UNRECORDED
    if present.text == known.text:
        return State.ADOPTED if adopted else State.RECORDED
    if recorded and present.text == recorded.text:
        return State.RECORDED  # the edit was taken back
    return State.LAYOUT if same(path, known, Aspect.BEHAVIOUR) else State.EDITED


def heaviest(states: tuple[State, ...]) -> State:
    """Return the state of an artifact made of several files.

    One that is absent beside one that a person edited or brought does not count:
    making it anew would replace what the person wrote.
    """
    present = tuple(state for state in states if state is not State.ABSENT)
    is_kept = State.ADOPTED in present or any(state in EDITS for state in present)
    return max(present if is_kept else states, key=_BY_WEIGHT.index)


def differing(
    before: Mapping[str, str] | None, present: Mapping[str, str]
) -> tuple[str, ...]:
    """Return the names whose digests differ, sorted; all of them without a record."""
    known = before or {}
    names = known.keys() | present.keys()
    return tuple(sorted(n for n in names if known.get(n) != present.get(n)))


def trigger_text(value: str) -> str:
    """Return the part of a trigger that is compared: the text digest of a file."""
    try:
        return Digest.parse(value).text
    except ValueError:
        return value
