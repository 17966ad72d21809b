import pytest
from trace_values import calculator_trace

from pdd_tasks.core.model.artifact import Artifact, Digest
from pdd_tasks.core.model.step import Step
from pdd_tasks.core.model.trace import Fingerprint, GaveUp, HistoryEntry, StepRecord
from pdd_tasks.core.model.trace_update import (
    adopted,
    forgotten,
    given_up,
    recorded,
    released,
    stamped,
    with_history,
)


HOPELESS = GaveUp(triggers={"x": "1"}, attempts=2, because="it failed")


def _entry(number: int) -> HistoryEntry:
    return HistoryEntry(
        at=str(number), step=Step.TEST, operation="add tests", because="", cost=0
    )


def test_a_record_ends_giving_up_and_being_forgotten():
    trace = Fingerprint(
        gave_up={Step.FIX: HOPELESS, Step.TEST: HOPELESS},
        stale=frozenset({Step.FIX, Step.VERIFY}),
    )
    record = StepRecord(model="m")
    assert recorded(trace, Step.FIX, record) == Fingerprint(
        steps={Step.FIX: record},
        gave_up={Step.TEST: HOPELESS},
        stale=frozenset({Step.VERIFY}),
    )


def test_a_record_replaces_the_one_before_and_no_other():
    trace = calculator_trace()
    record = StepRecord(model="m")
    steps = recorded(trace, Step.GENERATE, record).steps
    assert steps == {**trace.steps, Step.GENERATE: record}


def test_giving_up_keeps_the_good_record_and_ends_being_forgotten():
    record = StepRecord(model="m")
    trace = Fingerprint(
        steps={Step.FIX: record}, stale=frozenset({Step.FIX, Step.TEST})
    )
    assert given_up(trace, Step.FIX, HOPELESS) == Fingerprint(
        steps={Step.FIX: record},
        gave_up={Step.FIX: HOPELESS},
        stale=frozenset({Step.TEST}),
    )


def test_a_forgotten_step_may_be_tried_again():
    trace = Fingerprint(gave_up={Step.FIX: HOPELESS}, stale=frozenset({Step.TEST}))
    assert forgotten(trace, [Step.FIX]) == Fingerprint(
        gave_up={Step.FIX: HOPELESS}, stale=frozenset({Step.FIX, Step.TEST})
    )


def test_adopting_and_releasing_touch_only_the_paths_named():
    old, new = Digest.of(b"old"), Digest.of(b"new")
    trace = Fingerprint(adopted={"a": old, "b": old})
    more = adopted(trace, {"b": new, "c": new})
    assert more.adopted == {"a": old, "b": new, "c": new}
    assert released(more, {"a", "c", "absent"}).adopted == {"b": new}


@pytest.mark.parametrize(
    "step, left",
    [
        pytest.param(Step.AUTO_DEPS, set(Artifact), id="auto-deps"),
        pytest.param(Step.GENERATE, {Artifact.EXAMPLE, Artifact.TESTS}, id="generate"),
        pytest.param(Step.EXAMPLE, set(Artifact) - {Artifact.EXAMPLE}, id="example"),
        pytest.param(Step.TEST, set(Artifact) - {Artifact.TESTS}, id="test"),
    ],
)
def test_another_tools_word_ends_for_what_we_recorded(step, left):
    trace = Fingerprint(foreign=dict.fromkeys(Artifact, "1"))
    record = StepRecord(outputs={"x": Digest.of(b"")})
    assert recorded(trace, step, record).foreign.keys() == left


def test_another_tools_word_stands_while_a_record_has_no_outputs():
    trace = Fingerprint(foreign=dict.fromkeys(Artifact, "1"))
    assert recorded(trace, Step.EXAMPLE, StepRecord()).foreign == trace.foreign


@pytest.mark.parametrize(
    "before, kept",
    [
        pytest.param(0, ["0"], id="first"),
        pytest.param(9, [str(n) for n in range(10)], id="tenth"),
        pytest.param(10, [str(n) for n in range(1, 11)], id="eleventh"),
    ],
)
def test_history_keeps_the_last_ten(before, kept):
    trace = Fingerprint(history=tuple(_entry(n) for n in range(before)))
    assert [e.at for e in with_history(trace, _entry(before)).history] == kept


def test_a_stamp_changes_nothing_that_is_compared():
    trace = calculator_trace()
    new = stamped(trace, "0.2.0", "later", "test", {Artifact.CODE: "1"})
    assert (new.pdd_version, new.timestamp, new.command) == ("0.2.0", "later", "test")
    assert new.hashes == {Artifact.CODE: "1"}
    assert (new.steps, new.history) == (trace.steps, trace.history)


def test_the_trace_before_is_left_as_it_was():
    trace = calculator_trace()
    recorded(trace, Step.FIX, StepRecord())
    forgotten(trace, list(Step))
    released(trace, trace.adopted)
    assert trace == calculator_trace()
