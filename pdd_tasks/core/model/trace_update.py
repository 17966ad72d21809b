"""The next fingerprint from the last one: one small change each.

Rule 1: a failure never removes a good record. Rule 2: once a step was tried, by
success or by giving up, its being forgotten is answered; else it would be tried,
and paid for, at every sync.
"""

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Final, TypeVar

from pdd_tasks.core.model.artifact import Artifact, Digest
from pdd_tasks.core.model.step import Step
from pdd_tasks.core.model.trace import (
    HISTORY_LENGTH,
    Conflict,
    Fingerprint,
    GaveUp,
    HistoryEntry,
    StepRecord,
)


K = TypeVar("K")
V = TypeVar("V")
_SETTLES: Final = {
    Step.GENERATE: frozenset({Artifact.PROMPT, Artifact.CODE}),
    Step.EXAMPLE: frozenset({Artifact.EXAMPLE}),
    Step.TEST: frozenset({Artifact.TESTS}),
}
"""Step → artifacts that its record speaks for once it has outputs."""


def recorded(trace: Fingerprint, step: Step, record: StepRecord) -> Fingerprint:
    """Return the trace with a step's success recorded.

    Once it says what the step wrote, another tool's fingerprint no longer does, and
    no merge of these files waits any more.
    """
    settled = _SETTLES.get(step, frozenset()) if record.outputs else frozenset()
    return replace(
        trace,
        steps={**trace.steps, step: record},
        gave_up=_without(trace.gave_up, {step}),
        stale=trace.stale - {step},
        conflicts=_without(trace.conflicts, record.outputs),
        foreign=_without(trace.foreign, settled),
    )


def given_up(trace: Fingerprint, step: Step, gave_up: GaveUp) -> Fingerprint:
    """Return the trace with a state noted in which a step is known to fail.

    The record of its last success stays.
    """
    return replace(
        trace,
        gave_up={**trace.gave_up, step: gave_up},
        stale=trace.stale - {step},
    )


def forgotten(trace: Fingerprint, steps: Collection[Step]) -> Fingerprint:
    """Return the trace with steps marked stale, and free to be tried again.

    What they gave up on stays on record: a retry draws anew, not the same replies.
    """
    return replace(trace, stale=trace.stale | frozenset(steps))


def adopted(trace: Fingerprint, files: Mapping[str, Digest]) -> Fingerprint:
    """Return the trace with a person's bytes accepted as they stand.

    Args:
        trace: The last trace.
        files: Root-relative path → digest of the bytes.
    """
    return replace(trace, adopted={**trace.adopted, **files})


def conflicted(trace: Fingerprint, path: str, conflict: Conflict) -> Fingerprint:
    """Return the trace with a merge of a file that waits for a person."""
    return replace(trace, conflicts={**trace.conflicts, path: conflict})


def released(trace: Fingerprint, paths: Collection[str]) -> Fingerprint:
    """Return the trace with paths no longer adopted: their bytes are ours now."""
    return replace(trace, adopted=_without(trace.adopted, paths))


def with_history(trace: Fingerprint, entry: HistoryEntry) -> Fingerprint:
    """Return the trace with one more operation in its history, the last ten kept."""
    return replace(trace, history=(*trace.history, entry)[-HISTORY_LENGTH:])


def stamped(
    trace: Fingerprint,
    version: str,
    timestamp: str,
    command: str,
    hashes: Mapping[Artifact, str],
) -> Fingerprint:
    """Return the trace with who wrote it, when, why, and what stood there then.

    Args:
        trace: The last trace.
        version: Version of this program.
        timestamp: ISO 8601 in UTC.
        command: The operation that is being recorded.
        hashes: Artifact → raw SHA-256; an artifact that is absent is not in it.
    """
    return replace(
        trace,
        pdd_version=version,
        timestamp=timestamp,
        command=command,
        hashes=dict(hashes),
    )


def untimed(trace: Fingerprint) -> Fingerprint:
    """Return the trace without the moments at which its steps were recorded."""
    steps = {step: replace(record, at="") for step, record in trace.steps.items()}
    return replace(trace, steps=steps)


def _without(mapping: Mapping[K, V], keys: Collection[K]) -> Mapping[K, V]:
    return {key: value for key, value in mapping.items() if key not in keys}
