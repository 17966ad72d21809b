"""State values for tests: two as a project has them, and strategies for any."""

import json
from typing import Any

from hypothesis import strategies as st

from pdd_tasks.core.model.artifact import Artifact, Digest
from pdd_tasks.core.model.failure import Failure, FailureKind
from pdd_tasks.core.model.step import Operation, Step
from pdd_tasks.core.model.trace import (
    Conflict,
    ExampleRun,
    Fingerprint,
    GaveUp,
    HistoryEntry,
    RunReport,
    StepRecord,
    TestRun,
)


PROMPT = b"Write a calculator that adds.\n"
CODE = b"def add(a, b):\n    return a + b\n"
EXAMPLE = b"from calculator import add\n\nprint(add(1, 2))\n"
TESTS = b"from calculator import add\n\n\ndef test_add():\n    assert add(1, 2) == 3\n"
SETTINGS = "0b4b7bbcd5d4fd5b5a2d6f6ee32d8f3b7a1a0a0a4ee9a0dd3e7de5e7bb0c0c11"
AT = "2026-03-01T09:30:00+00:00"


def calculator_trace() -> Fingerprint:
    """Return the fingerprint of a small unit that a person has edited since."""
    prompt = {"prompts/calculator_python.prompt": Digest.of(PROMPT).text}
    code = {"src/calculator.py": Digest.of(CODE)}
    return Fingerprint(
        pdd_version="0.1.0",
        timestamp="2026-03-01T09:31:10+00:00",
        command="fix",
        hashes={
            Artifact.PROMPT: Digest.of(PROMPT).raw,
            Artifact.CODE: Digest.of(CODE).raw,
            Artifact.EXAMPLE: Digest.of(EXAMPLE).raw,
            Artifact.TESTS: Digest.of(TESTS).raw,
        },
        steps={
            Step.GENERATE: StepRecord(
                triggers=prompt,
                context={"template": "generate@1"},
                outputs=code,
                model="openai/gpt-5",
                at=AT,
            ),
            Step.EXAMPLE: StepRecord(
                triggers={path: str(digest) for path, digest in code.items()},
                context=prompt,
                outputs={"examples/calculator_example.py": Digest.of(EXAMPLE)},
                model="openai/gpt-5",
                at="2026-03-01T09:30:20+00:00",
            ),
        },
        gave_up={
            Step.FIX: GaveUp(
                triggers={
                    "src/calculator.py": Digest.of(CODE).raw,
                    "tests/test_calculator.py": Digest.of(TESTS).raw,
                    "settings": SETTINGS,
                },
                attempts=3,
                because="test_add still fails",
            )
        },
        stale=frozenset({Step.VERIFY}),
        adopted={"tests/test_calculator.py": Digest.of(TESTS)},
        history=(
            HistoryEntry(
                at=AT,
                step=Step.GENERATE,
                operation=Operation.GENERATE.value,
                because="there is no code yet",
                cost=4200,
            ),
            HistoryEntry(
                at="2026-03-01T09:31:10+00:00",
                step=Step.FIX,
                operation=Operation.FIX.value,
                because="tests fail",
                cost=None,
            ),
        ),
    )


def calculator_report() -> RunReport:
    """Return the run report of a unit whose example runs and of which a test fails."""
    failure = Failure(
        test="tests/test_calculator.py::test_add",
        kind=FailureKind.ASSERTION,
        exception="AssertionError",
        where="tests/test_calculator.py:5",
        line="assert add(1, 2) == 3",
        message="assert 4 == 3",
    )
    code = {"src/calculator.py": Digest.of(CODE).raw}
    return RunReport(
        timestamp="2026-03-01T09:31:00+00:00",
        example=ExampleRun(
            inputs={
                **code,
                "examples/calculator_example.py": Digest.of(EXAMPLE).raw,
                "settings": SETTINGS,
            },
            exit_code=0,
        ),
        tests=TestRun(
            inputs={
                **code,
                "tests/test_calculator.py": Digest.of(TESTS).raw,
                "settings": SETTINGS,
            },
            exit_code=1,
            results={
                "tests/test_calculator.py::test_add": "failed",
                "tests/test_calculator.py::test_add_nothing": "passed",
            },
            failures=(failure,),
            coverage=87.5,
            missing="12-14, 20->22",
        ),
    )


names = st.text(max_size=12)
digests = st.builds(Digest.of, st.binary(max_size=8))
shas = digests.map(lambda digest: digest.raw)
inputs = st.dictionaries(names, names, max_size=3)
segments = st.text(
    st.characters(exclude_characters="/", exclude_categories=["Cs"]), min_size=1
).filter(lambda text: text not in {".", ".."})
paths = st.lists(segments, min_size=1, max_size=3).map("/".join)
files = st.dictionaries(paths, digests, max_size=3)
records = st.builds(
    StepRecord, triggers=inputs, context=inputs, outputs=files, model=names, at=names
)
hopeless = st.builds(
    GaveUp,
    triggers=inputs,
    attempts=st.integers(),
    because=names,
    replies=st.lists(shas, max_size=2).map(tuple),
)
entries = st.builds(
    HistoryEntry,
    at=names,
    step=st.sampled_from(Step),
    operation=names,
    because=names,
    cost=st.none() | st.integers(),
)
hashes = st.dictionaries(st.sampled_from(Artifact), shas)
conflicts = st.builds(
    Conflict,
    triggers=inputs,
    base=st.none() | digests,
    mine=digests,
    generated=digests,
    prompt=names,
    because=names,
)
fingerprints = st.builds(
    Fingerprint,
    pdd_version=names,
    timestamp=names,
    command=names,
    hashes=hashes,
    steps=st.dictionaries(st.sampled_from(Step), records, max_size=3),
    gave_up=st.dictionaries(st.sampled_from(Step), hopeless, max_size=2),
    stale=st.frozensets(st.sampled_from(Step)),
    adopted=files,
    conflicts=st.dictionaries(paths, conflicts, max_size=2),
    foreign=hashes,
    history=st.lists(entries, max_size=3).map(tuple),
)
failures = st.builds(
    Failure,
    test=names,
    kind=st.sampled_from(FailureKind),
    exception=names,
    where=names,
    line=names,
    message=names,
)
example_runs = st.builds(
    ExampleRun,
    inputs=inputs,
    exit_code=st.integers(),
    timed_out=st.booleans(),
    failure=st.none() | failures,
)
test_runs = st.builds(
    TestRun,
    inputs=inputs,
    exit_code=st.integers(),
    results=st.dictionaries(names, st.sampled_from(["passed", "failed", "skipped"])),
    failures=st.lists(failures, max_size=2).map(tuple),
    coverage=st.none() | st.floats(0, 100) | st.integers(0, 100),
    missing=names,
    timed_out=st.booleans(),
)
reports = st.builds(
    RunReport,
    timestamp=names,
    example=st.none() | example_runs,
    tests=st.none() | test_runs,
)


def changed(mapping: dict[str, object], *path: str, to: object) -> dict[str, object]:
    """Return a copy of a mapping as JSON holds it, one place of it changed."""
    copy: Any = json.loads(json.dumps(mapping))
    place = copy
    for key in path[:-1]:
        place = place[int(key) if isinstance(place, list) else key]
    place[path[-1]] = to
    whole: dict[str, object] = copy
    return whole
