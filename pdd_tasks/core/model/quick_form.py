"""The usual fingerprint and run report, read without a note of where each value stands.

Rule 1: whatever is unusual is left to the strict readers, `fingerprint_form` and
`report_form`, which say what is wrong; what is read here they would read alike. Most
units are in sync, and reading their records must not cost more than their files.
"""

import re
from collections.abc import Mapping
from typing import Final, TypeGuard

from pdd_tasks.core.model.artifact import Artifact, Digest
from pdd_tasks.core.model.step import Step
from pdd_tasks.core.model.trace import (
    ExampleRun,
    Fingerprint,
    HistoryEntry,
    RunReport,
    StepRecord,
    TestRun,
)


HASHES: Final = {
    "prompt_hash": Artifact.PROMPT,
    "code_hash": Artifact.CODE,
    "example_hash": Artifact.EXAMPLE,
    "test_hash": Artifact.TESTS,
}
_TEXTS: Final = ("pdd_version", "timestamp", "command")
FINGERPRINT: Final = frozenset(
    {
        "schema",
        *_TEXTS,
        *HASHES,
        *("steps", "gave_up", "stale", "adopted", "history"),
    }
)
RECORD: Final = frozenset({"triggers", "context", "outputs", "model", "at"})
ENTRY: Final = frozenset({"at", "step", "operation", "because", "cost"})
COUNTS: Final = ("exit_code", "tests_passed", "tests_failed", "tests_skipped")
REPORT: Final = frozenset(
    {"schema", "timestamp", *COUNTS, "coverage", "example", "tests"}
)
_RUN: Final = frozenset({"inputs", "exit_code", "timed_out"})
EXAMPLE: Final = _RUN | {"failure"}
TESTS: Final = _RUN | {"results", "failures", "coverage", "missing"}
_OUTCOMES: Final = frozenset({"passed", "failed", "skipped"})
STEPS: Final[Mapping[object, Step]] = {str(step): step for step in Step}
SHA: Final = re.compile(r"[0-9a-f]{64}")
_PART: Final = r"(?!\.{1,2}(?:/|\Z))[^/]+"
PLACE: Final = re.compile(rf"{_PART}(?:/{_PART})*")
FULL: Final = 100.0
TEXT: Final = frozenset({str})

Plain = Mapping[str, object]


def quick_fingerprint(found: Plain) -> Fingerprint | None:
    """Return the fingerprint in a mapping; None if it is not a usual one."""
    if found.keys() != FINGERPRINT or found["gave_up"] != {}:
        return None
    hashes = _hashes(found)
    steps, adopted = _records(found["steps"]), _digests(found["adopted"])
    stale, history = _steps(found["stale"]), _history(found["history"])
    texts = [found[name] for name in _TEXTS]
    if hashes is None or steps is None or adopted is None or not _are_texts(texts):
        return None
    if stale is None or history is None:
        return None
    return Fingerprint(
        pdd_version=texts[0],
        timestamp=texts[1],
        command=texts[2],
        hashes=hashes,
        steps=steps,
        stale=stale,
        adopted=adopted,
        history=history,
    )


def quick_report(found: Plain) -> RunReport | None:
    """Return the run report in a mapping; None if it is not a usual one."""
    if found.keys() != REPORT or not isinstance(found["timestamp"], str):
        return None
    if not all(_is_whole(found[name]) for name in COUNTS):
        return None
    example, tests = _example(found["example"]), _tests(found["tests"])
    if example is None or tests is None or not _is_percent(found["coverage"]):
        return None
    return RunReport(timestamp=found["timestamp"], example=example, tests=tests)


def _is_plain(value: object) -> TypeGuard[dict[str, object]]:
    return type(value) is dict


def _is_whole(value: object) -> TypeGuard[int]:
    return type(value) is int


def _is_percent(value: object) -> TypeGuard[float]:
    return type(value) is float and 0 <= value <= FULL


def _are_texts(values: list[object]) -> TypeGuard[list[str]]:
    return TEXT.issuperset(map(type, values))


def is_texts(value: object) -> TypeGuard[dict[str, str]]:
    """Return whether a value is a mapping of texts to texts."""
    return type(value) is dict and TEXT.issuperset(map(type, value.values()))


def _hashes(found: Plain) -> dict[Artifact, str] | None:
    hashes: dict[Artifact, str] = {}
    for name, artifact in HASHES.items():
        value = found[name]
        if isinstance(value, str) and SHA.fullmatch(value):
            hashes[artifact] = value
        elif value is not None:
            return None
    return hashes


def _records(value: object) -> dict[Step, StepRecord] | None:
    if not _is_plain(value) or not value.keys() <= STEPS.keys():
        return None
    records: dict[Step, StepRecord] = {}
    for name, one in value.items():
        record = _record(one)
        if record is None:
            return None
        records[STEPS[name]] = record
    return records


def _record(value: object) -> StepRecord | None:
    if not _is_plain(value) or value.keys() - {"replies"} != RECORD:
        return None
    replies = _keys(value.get("replies", []))
    triggers, context = value["triggers"], value["context"]
    outputs, said = _digests(value["outputs"]), [value["model"], value["at"]]
    if not is_texts(triggers) or not is_texts(context):
        return None
    if outputs is None or replies is None or not _are_texts(said):
        return None
    return StepRecord(
        triggers=triggers,
        context=context,
        outputs=outputs,
        model=said[0],
        at=said[1],
        replies=replies,
    )


def _keys(value: object) -> tuple[str, ...] | None:
    if type(value) is not list or not _are_texts(value):
        return None
    return tuple(value) if all(map(SHA.fullmatch, value)) else None


def _digests(value: object) -> dict[str, Digest] | None:
    if value == {}:
        return {}
    if not is_texts(value) or not all(map(PLACE.fullmatch, value)):
        return None
    try:
        return {path: Digest.parse(text) for path, text in value.items()}
    except ValueError:
        return None


def _steps(value: object) -> frozenset[Step] | None:
    if type(value) is not list or not _are_texts(value):
        return None
    if not all(name in STEPS for name in value):
        return None
    return frozenset(STEPS[name] for name in value)


def _history(value: object) -> tuple[HistoryEntry, ...] | None:
    if type(value) is not list:
        return None
    found = tuple(entry for one in value if (entry := _entry(one)) is not None)
    return found if len(found) == len(value) else None


def _entry(value: object) -> HistoryEntry | None:
    if not _is_plain(value) or value.keys() != ENTRY:
        return None
    texts = [value["at"], value["operation"], value["because"]]
    step, cost = value["step"], value["cost"]
    if not _are_texts(texts) or not isinstance(step, str) or step not in STEPS:
        return None
    if cost is not None and not _is_whole(cost):
        return None
    return HistoryEntry(
        at=texts[0],
        step=STEPS[step],
        operation=texts[1],
        because=texts[2],
        cost=cost,
    )


def _example(value: object) -> ExampleRun | None:
    if not _is_plain(value) or value.keys() != EXAMPLE:
        return None
    inputs, code, late = value["inputs"], value["exit_code"], value["timed_out"]
    if value["failure"] is not None or not is_texts(inputs) or not _is_whole(code):
        return None
    if not isinstance(late, bool):
        return None
    return ExampleRun(inputs=inputs, exit_code=code, timed_out=late)


def _tests(value: object) -> TestRun | None:
    if not _is_plain(value) or value.keys() != TESTS or value["failures"] != []:
        return None
    inputs, code, late = value["inputs"], value["exit_code"], value["timed_out"]
    results, missing = value["results"], value["missing"]
    coverage = value["coverage"]
    if not is_texts(inputs) or not _is_whole(code) or not isinstance(late, bool):
        return None
    if not is_texts(results) or not _OUTCOMES.issuperset(results.values()):
        return None
    if not _is_percent(coverage) or not isinstance(missing, str):
        return None
    return TestRun(
        inputs=inputs,
        exit_code=code,
        timed_out=late,
        results=results,
        coverage=coverage,
        missing=missing,
    )
