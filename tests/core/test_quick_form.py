"""The quick reading of records: what it reads, the strict readers read alike."""

import copy
from collections.abc import Iterator
from typing import Any

import pytest

from pdd_tasks.core.model import fingerprint_form, report_form
from pdd_tasks.core.model.artifact import Artifact, Digest
from pdd_tasks.core.model.form import FormError, read
from pdd_tasks.core.model.quick_form import quick_fingerprint, quick_report
from pdd_tasks.core.model.step import Step
from pdd_tasks.core.model.trace import (
    ExampleRun,
    Fingerprint,
    HistoryEntry,
    RunReport,
    StepRecord,
    TestRun,
)


RAW = "a" * 64
DIGEST = Digest(RAW, "b" * 64)
RECORD = StepRecord(
    triggers={"src/a.py": str(DIGEST)},
    context={"tests/test_a.py": RAW},
    outputs={"src/a.py": DIGEST},
    model="replay",
    at="2026-01-02",
    replies=(RAW, "c" * 64),
)
ENTRY = HistoryEntry(
    at="2026-01-02", step=Step.FIX, operation="fix", because="due", cost=7
)
TRACE = Fingerprint(
    pdd_version="1",
    timestamp="2026-01-02",
    command="fix",
    hashes={Artifact.CODE: RAW},
    steps={Step.GENERATE: RECORD},
    stale=frozenset({Step.TEST}),
    adopted={"tests/test_a.py": DIGEST},
    history=(ENTRY,),
)
REPORT = RunReport(
    timestamp="2026-01-02",
    example=ExampleRun(inputs={"src/a.py": RAW}, exit_code=0),
    tests=TestRun(
        inputs={"src/a.py": RAW},
        exit_code=0,
        results={"tests/test_a.py::test_one": "passed"},
        coverage=100.0,
        missing="",
    ),
)
ODD: tuple[Any, ...] = (
    None,
    True,
    1,
    -1,
    0.5,
    101.0,
    "",
    "x",
    "../a",
    RAW,
    [],
    [1],
    ["x"],
    {},
    {"x": 1},
)
KEYS = ("", ".", "..", "/a", "a/", "a//b", "./a", "a/../b", "a/.b", "..a/b", "x", "fix")


def places(value: Any, way: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the way to every value in a mapping."""
    for key in value if isinstance(value, dict) else range(len(value)):
        yield (*way, key)
        if isinstance(value[key], dict | list):
            yield from places(value[key], (*way, key))


def changed(mapping: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield mappings with one value replaced, removed, added or named otherwise."""
    for way in places(mapping):
        for odd in ODD:
            new = copy.deepcopy(mapping)
            at(new, way[:-1])[way[-1]] = odd
            yield new
        if isinstance(way[-1], str):
            new = copy.deepcopy(mapping)
            del at(new, way[:-1])[way[-1]]
            yield new
            for key in KEYS:
                new = copy.deepcopy(mapping)
                inner = at(new, way[:-1])
                inner[key] = inner.pop(way[-1])
                yield new
                inner[way[-1]] = copy.deepcopy(at(mapping, way))
                yield copy.deepcopy(new)


def at(value: Any, way: tuple[Any, ...]) -> Any:
    """Return the value at the end of a way."""
    for key in way:
        value = value[key]
    return value


CASES = [
    pytest.param(
        fingerprint_form.fingerprint_mapping(TRACE),
        quick_fingerprint,
        fingerprint_form.__dict__["_fingerprint"],
        id="fingerprint",
    ),
    pytest.param(
        report_form.report_mapping(REPORT),
        quick_report,
        report_form.__dict__["_report"],
        id="report",
    ),
]


@pytest.mark.parametrize("mapping, quick, strict", CASES)
def test_what_is_usual_is_read_quickly(mapping, quick, strict):
    assert quick(mapping) == read(mapping, strict)


@pytest.mark.parametrize("mapping, quick, strict", CASES)
def test_whatever_is_read_quickly_is_read_alike_by_the_strict_reader(
    mapping, quick, strict
):
    read_quickly = 0
    for one in changed(mapping):
        found = quick(one)
        if found is not None:
            read_quickly += 1
            assert found == read(one, strict), one
    assert read_quickly


@pytest.mark.parametrize("mapping, quick, strict", CASES)
def test_what_the_strict_reader_refuses_is_not_read_quickly(mapping, quick, strict):
    refused = 0
    for one in changed(mapping):
        try:
            read(one, strict)
        except FormError:
            refused += 1
            assert quick(one) is None, one
    assert refused
