"""The form of a fingerprint on disk, and the migration of pdd-cli's.

A page for people is ``docs/formats.md``. Here are plain mappings; JSON and files
are in `pdd_tasks.adapters.traces`.
"""

from collections.abc import Mapping
from typing import Final

from pdd_tasks.core.model.artifact import Artifact
from pdd_tasks.core.model.form import Node, check_schema, read
from pdd_tasks.core.model.quick_form import quick_fingerprint
from pdd_tasks.core.model.step import Step
from pdd_tasks.core.model.trace import (
    Conflict,
    Fingerprint,
    GaveUp,
    HistoryEntry,
    StepRecord,
)


SCHEMA: Final = 1
_HASHES: Final = {
    "prompt_hash": Artifact.PROMPT,
    "code_hash": Artifact.CODE,
    "example_hash": Artifact.EXAMPLE,
    "test_hash": Artifact.TESTS,
}
_STAMP: Final = ("pdd_version", "timestamp", "command", *_HASHES)
# pdd-cli's own; a mapping without a schema is its work if all of _STAMP is there.
_FOREIGN_ONLY: Final = ("test_files", "include_deps")


def fingerprint_mapping(trace: Fingerprint) -> dict[str, object]:
    """Return a fingerprint as a plain mapping, ready for JSON."""
    foreign = {artifact.value: raw for artifact, raw in trace.foreign.items()}
    conflicts = {path: _conflict_mapping(c) for path, c in trace.conflicts.items()}
    return {
        "schema": SCHEMA,
        "pdd_version": trace.pdd_version,
        "timestamp": trace.timestamp,
        "command": trace.command,
        **{name: trace.hashes.get(artifact) for name, artifact in _HASHES.items()},
        "steps": {s.value: _record_mapping(r) for s, r in trace.steps.items()},
        "gave_up": {s.value: _gave_up_mapping(g) for s, g in trace.gave_up.items()},
        "stale": sorted(step.value for step in trace.stale),
        "adopted": {path: str(digest) for path, digest in trace.adopted.items()},
        **({"conflicts": conflicts} if conflicts else {}),
        **({"foreign": foreign} if foreign else {}),
        "history": [_entry_mapping(entry) for entry in trace.history],
    }


def fingerprint_of(mapping: Mapping[str, object]) -> Fingerprint:
    """Return the fingerprint in a mapping, ours or pdd-cli's.

    Of pdd-cli's, the hashes become `Fingerprint.foreign`; its ``test_files`` and
    ``include_deps`` and whatever else it holds are not taken over.

    Raises:
        FormError: If the mapping is neither, or broken; names every place.
        NewerFormError: If its schema is newer than this program.
    """
    if "schema" not in mapping and mapping.keys() >= {*_STAMP}:
        return read(mapping, _foreign)
    check_schema(mapping, SCHEMA)
    return quick_fingerprint(mapping) or read(mapping, _fingerprint)


def _record_mapping(record: StepRecord) -> dict[str, object]:
    return {
        "triggers": dict(record.triggers),
        "context": dict(record.context),
        "outputs": {path: str(digest) for path, digest in record.outputs.items()},
        "model": record.model,
        "at": record.at,
        **_replies_mapping(record.replies),
    }


def _gave_up_mapping(gave_up: GaveUp) -> dict[str, object]:
    return {
        "triggers": dict(gave_up.triggers),
        "attempts": gave_up.attempts,
        "because": gave_up.because,
        **_replies_mapping(gave_up.replies),
    }


def _replies_mapping(keys: tuple[str, ...]) -> dict[str, object]:
    return {"replies": list(keys)} if keys else {}


def _conflict_mapping(conflict: Conflict) -> dict[str, object]:
    return {
        "triggers": dict(conflict.triggers),
        "base": None if conflict.base is None else str(conflict.base),
        "mine": str(conflict.mine),
        "generated": str(conflict.generated),
        "prompt": conflict.prompt,
        "because": conflict.because,
    }


def _entry_mapping(entry: HistoryEntry) -> dict[str, object]:
    return {
        "at": entry.at,
        "step": entry.step.value,
        "operation": entry.operation,
        "because": entry.because,
        "cost": entry.cost,
    }


def _fingerprint(node: Node) -> Fingerprint:
    names = ("steps", "gave_up", "stale", "adopted", "history")
    got = node.fields("schema", *_STAMP, *names, optional=("conflicts", "foreign"))
    return Fingerprint(
        pdd_version=got["pdd_version"].text(),
        timestamp=got["timestamp"].text(),
        command=got["command"].text(),
        hashes=_hashes(got),
        steps={step: _record(of) for step, of in got["steps"].keyed(Step)},
        gave_up={step: _gave_up(of) for step, of in got["gave_up"].keyed(Step)},
        stale=frozenset(of.member(Step) for of in got["stale"].elements()),
        adopted={path: of.digest() for path, of in got["adopted"].places()},
        conflicts={path: _conflict(of) for path, of in got["conflicts"].places()},
        foreign={kind: of.sha() for kind, of in got["foreign"].keyed(Artifact)},
        history=tuple(_entry(of) for of in got["history"].elements()),
    )


def _foreign(node: Node) -> Fingerprint:
    others = {key for key, _ in node.entries()} - {*_STAMP}
    got = node.fields(*_STAMP, optional=(*others,))
    hashes = _hashes(got)
    return Fingerprint(
        pdd_version=got["pdd_version"].text(),
        timestamp=got["timestamp"].text(),
        command=got["command"].text(),
        hashes=hashes,
        foreign=hashes,
    )


def _hashes(got: Mapping[str, Node]) -> Mapping[Artifact, str]:
    return {
        artifact: got[name].sha()
        for name, artifact in _HASHES.items()
        if not got[name].is_null
    }


def _record(node: Node) -> StepRecord:
    names = ("triggers", "context", "outputs", "model", "at")
    got = node.fields(*names, optional=("replies",))
    return StepRecord(
        triggers=got["triggers"].texts(),
        context=got["context"].texts(),
        outputs={path: of.digest() for path, of in got["outputs"].places()},
        model=got["model"].text(),
        at=got["at"].text(),
        replies=_replies(got["replies"]),
    )


def _gave_up(node: Node) -> GaveUp:
    names = ("triggers", "attempts", "because")
    got = node.fields(*names, optional=("replies",))
    return GaveUp(
        triggers=got["triggers"].texts(),
        attempts=got["attempts"].whole(),
        because=got["because"].text(),
        replies=_replies(got["replies"]),
    )


def _replies(node: Node) -> tuple[str, ...]:
    return tuple(of.sha() for of in node.elements())


def _conflict(node: Node) -> Conflict:
    got = node.fields("triggers", "base", "mine", "generated", "prompt", "because")
    return Conflict(
        triggers=got["triggers"].texts(),
        base=None if got["base"].is_null else got["base"].digest(),
        mine=got["mine"].digest(),
        generated=got["generated"].digest(),
        prompt=got["prompt"].text(),
        because=got["because"].text(),
    )


def _entry(node: Node) -> HistoryEntry:
    got = node.fields("at", "step", "operation", "because", "cost")
    return HistoryEntry(
        at=got["at"].text(),
        step=got["step"].member(Step),
        operation=got["operation"].text(),
        because=got["because"].text(),
        cost=None if got["cost"].is_null else got["cost"].whole(),
    )
