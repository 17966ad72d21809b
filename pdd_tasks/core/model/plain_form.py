"""Records of units that are in sync, read for what is compared and nothing else.

Rule 1: whatever is unusual is left to the strict readers, `fingerprint_form` and
`report_form`, which say what is wrong; what is read here they would read alike. Rule
2: a key that is there twice shows in the number of texts.
"""

from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple, TypeGuard

from pdd_tasks.core.model.artifact import DIGEST
from pdd_tasks.core.model.quick_form import (
    COUNTS,
    ENTRY,
    EXAMPLE,
    FINGERPRINT,
    FULL,
    HASHES,
    PLACE,
    RECORD,
    REPORT,
    SHA,
    STEPS,
    TESTS,
    TEXT,
    is_texts,
)


_SCHEMA: Final = 1
_SHA, _PLACE, _DIGEST = SHA.fullmatch, PLACE.fullmatch, DIGEST.fullmatch
_PASSED: Final = frozenset({"passed", "skipped"})
_NOTHING: Final[dict[str, object]] = {}


class PlainTrace(NamedTuple):
    """A fingerprint of which nothing is stale, was given up, or waits.

    Attributes:
        adopted: As of `Fingerprint`, as texts.
        triggers: Step → name of an input → its digest.
        outputs: Step → path → digest.
    """

    adopted: Mapping[str, str]
    triggers: Mapping[str, Mapping[str, str]]
    outputs: Mapping[str, Mapping[str, str]]


class PlainReport(NamedTuple):
    """A run report of which nothing failed.

    Attributes:
        example: What the run of the example is true for; None if it never ran.
        tests: What the run of the tests is true for; None if they never ran.
        counted: True if a test was counted.
        coverage: What was measured; None if nothing was.
    """

    example: Mapping[str, str] | None
    tests: Mapping[str, str] | None
    counted: bool
    coverage: float | None


class _OddError(Exception):
    """It is left to the strict readers."""


def plain_trace(found: object, texts: int) -> PlainTrace | None:
    """Return the fingerprint in a mapping; None if it is no plain one.

    Args:
        found: The mapping.
        texts: How many texts, keys among them, stand in its file.
    """
    try:
        trace, number = _trace(found)
    except _OddError:
        return None
    return trace if number == texts else None


def plain_report(found: object, texts: int) -> PlainReport | None:
    """Return the run report in a mapping; None if it is no plain one.

    Args:
        found: The mapping.
        texts: How many texts, keys among them, stand in its file.
    """
    try:
        report, number = _report(found)
    except _OddError:
        return None
    return report if number == texts else None


def _trace(found: object) -> tuple[PlainTrace, int]:
    if not _is_plain(found) or found.keys() != FINGERPRINT:
        raise _OddError
    if found["gave_up"] != {} or found["stale"] != []:
        raise _OddError
    stamp = (found["pdd_version"], found["timestamp"], found["command"])
    if not _is_ours(found["schema"]) or not _are_texts(stamp):
        raise _OddError
    hashes = {n: one for n in HASHES if (one := found[n]) is not None}
    if not is_texts(hashes) or not all(map(_SHA, hashes.values())):
        raise _OddError
    adopted, steps = _digests(found["adopted"]), found["steps"]
    if not _is_plain(steps) or not steps.keys() <= STEPS.keys():
        raise _OddError
    number = len(FINGERPRINT) + len(stamp) + len(hashes) + 2 * len(adopted)
    triggers: dict[str, Mapping[str, str]] = {}
    outputs: dict[str, Mapping[str, str]] = {}
    for name, one in steps.items():
        triggers[name], outputs[name], more = _record(one)
        number += 1 + more
    return PlainTrace(adopted, triggers, outputs), number + _history(found["history"])


def _record(one: object) -> tuple[Mapping[str, str], Mapping[str, str], int]:
    if not _is_plain(one):
        raise _OddError
    replies, known = one.get("replies"), len(RECORD)
    try:  # as many keys as there may be, and all of them: no others
        triggers, context, outputs = one["triggers"], one["context"], one["outputs"]
        model, at = one["model"], one["at"]
    except KeyError:
        raise _OddError from None
    if len(one) != known + (replies is not None) or not type(model) is type(at) is str:
        raise _OddError
    if not is_texts(triggers) or not is_texts(context):
        raise _OddError
    written = _digests(outputs)
    number = len(one) + 2 + 2 * (len(triggers) + len(context) + len(written))
    if replies is None:
        return triggers, written, number
    if type(replies) is not list or not _are_texts(replies):
        raise _OddError
    if not all(map(_SHA, replies)):
        raise _OddError
    return triggers, written, number + len(replies)


def _history(value: object) -> int:
    if type(value) is not list:
        raise _OddError
    for one in value:
        if not _is_plain(one) or len(one) != len(ENTRY):
            raise _OddError
        try:
            at, operation, because = one["at"], one["operation"], one["because"]
            step, cost = one["step"], one["cost"]
        except KeyError:
            raise _OddError from None
        if not type(at) is type(operation) is type(because) is type(step) is str:
            raise _OddError
        if step not in STEPS or not (cost is None or type(cost) is int):
            raise _OddError
    return (len(ENTRY) + 4) * len(value)


def _report(found: object) -> tuple[PlainReport, int]:
    if not _is_plain(found) or found.keys() != REPORT:
        raise _OddError
    if not _is_ours(found["schema"]):
        raise _OddError
    counts = [found[name] for name in COUNTS]
    if not all(one is None or type(one) is int for one in counts):
        raise _OddError
    if type(found["timestamp"]) is not str:
        raise _OddError
    _percent(found["coverage"])
    example, number = _example(found["example"])
    tests, counted, coverage, more = _tests(found["tests"])
    number += more + len(REPORT) + 1
    return PlainReport(example, tests, counted, coverage), number


def _example(value: object) -> tuple[Mapping[str, str] | None, int]:
    if value is None:
        return None, 0
    if not _is_plain(value) or value.keys() != EXAMPLE or value["failure"] is not None:
        raise _OddError
    inputs = _good(value)
    return inputs, len(EXAMPLE) + 2 * len(inputs)


def _tests(value: object) -> tuple[Mapping[str, str] | None, bool, float | None, int]:
    if value is None:
        return None, False, None, 0
    if not _is_plain(value) or value.keys() != TESTS or value["failures"] != []:
        raise _OddError
    results, inputs = value["results"], _good(value)
    if not is_texts(results) or not _PASSED.issuperset(results.values()):
        raise _OddError
    if type(value["missing"]) is not str:
        raise _OddError
    number = len(TESTS) + 1 + 2 * (len(inputs) + len(results))
    return inputs, bool(results), _percent(value["coverage"]), number


def _good(value: Mapping[str, object]) -> Mapping[str, str]:
    """Return what a run is true for that ended by itself, and well.

    Raises:
        _OddError: If it did not.
    """
    inputs, code = value["inputs"], value["exit_code"]
    if not is_texts(inputs) or type(code) is not int or code != 0:
        raise _OddError
    if value["timed_out"] is not False:
        raise _OddError
    return inputs


def _percent(value: object) -> float | None:
    if value is None or (type(value) is float and 0 <= value <= FULL):
        return value
    raise _OddError


def _digests(value: object) -> Mapping[str, str]:
    if value == _NOTHING:
        return {}
    if not is_texts(value) or not all(map(_PLACE, value)):
        raise _OddError
    if not all(map(_DIGEST, value.values())):
        raise _OddError
    return value


def _is_ours(schema: object) -> bool:
    return schema == _SCHEMA and type(schema) is int


def _is_plain(value: object) -> TypeGuard[dict[str, object]]:
    return type(value) is dict


def _are_texts(values: Iterable[object]) -> bool:
    return TEXT.issuperset(map(type, values))
