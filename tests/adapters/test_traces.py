import contextlib
import hashlib
import json
from dataclasses import replace
from pathlib import Path, PurePosixPath

import pytest
from hypothesis import given, settings
from trace_values import calculator_report, calculator_trace, fingerprints

from pdd_tasks.adapters.traces import TraceFiles, canonical
from pdd_tasks.core.model.artifact import Artifact, UnitId
from pdd_tasks.core.model.failure import Failure, FailureKind
from pdd_tasks.core.model.fingerprint_form import fingerprint_mapping, fingerprint_of
from pdd_tasks.core.model.publication import Write
from pdd_tasks.core.model.trace import ExampleRun, Fingerprint, RunReport
from pdd_tasks.errors import ExitCode, StateError


UNIT = UnitId("calculator", "python")
NESTED = UnitId("core/cloud", "python")
PLACE = PurePosixPath(".pdd/meta/calculator_python.json")
RUN = PurePosixPath(".pdd/meta/calculator_python_run.json")
CODE = "c" * 64
FOREIGN = {
    "pdd_version": "0.0.310",
    "timestamp": "2026-01-01T00:00:00+00:00",
    "command": "test",
    "prompt_hash": None,
    "code_hash": CODE,
    "example_hash": None,
    "test_hash": None,
    "test_files": None,
    "include_deps": None,
}
FOREIGN_RUN = {
    "timestamp": "2026-01-01T00:00:00+00:00",
    "exit_code": 0,
    "tests_passed": 1,
    "tests_failed": 0,
    "coverage": 90.0,
    "test_hash": None,
    "test_files": None,
}


def _lay(root: Path, name: str | PurePosixPath, content: object) -> Path:
    path = root / (name if isinstance(name, PurePosixPath) else f".pdd/meta/{name}")
    path.parent.mkdir(parents=True, exist_ok=True)
    text = content if isinstance(content, bytes) else json.dumps(content).encode()
    path.write_bytes(text)
    return path


def _publish(root: Path, write: Write) -> None:
    _lay(root, write.path, write.data)


def _code_of(trace: Fingerprint | None) -> str | None:
    return trace.foreign.get(Artifact.CODE) if trace else None


def test_a_unit_without_state_has_none(tmp_path):
    traces = TraceFiles(tmp_path)
    assert traces.fingerprint(UNIT) is None
    assert traces.report(UNIT) is None


def test_a_unit_without_state_among_others_has_none(tmp_path):
    _lay(tmp_path, "calculator_go.json", FOREIGN)
    _lay(tmp_path, "calculator_python_sync.log", b"not read")
    _lay(tmp_path, "pocket_calculator_python.json", FOREIGN)
    assert TraceFiles(tmp_path).fingerprint(UNIT) is None


def test_what_was_written_is_read_and_written_the_same_again(tmp_path):
    traces = TraceFiles(tmp_path)
    first = traces.fingerprint_write(UNIT, calculator_trace())
    _publish(tmp_path, first)
    _publish(tmp_path, traces.report_write(UNIT, calculator_report()))
    trace = traces.fingerprint(UNIT)
    assert trace == calculator_trace()
    assert traces.report(UNIT) == calculator_report()
    assert traces.fingerprint_write(UNIT, trace).data == first.data


@pytest.mark.parametrize(
    "unit, place",
    [
        pytest.param(UNIT, PLACE, id="flat"),
        pytest.param(
            UnitId("backend/api/widget", "typescript"),
            PurePosixPath(".pdd/meta/backend/api/widget_typescript.json"),
            id="folders-kept",
        ),
    ],
)
def test_a_first_write_expects_nothing_there(tmp_path, unit, place):
    write = TraceFiles(tmp_path).fingerprint_write(unit, Fingerprint())
    assert (write.path, write.expected) == (place, None)


def test_a_later_write_expects_the_bytes_that_are_there(tmp_path):
    data = _lay(tmp_path, RUN, FOREIGN_RUN).read_bytes()
    write = TraceFiles(tmp_path).report_write(UNIT, RunReport())
    assert write.path == RUN
    assert write.expected == hashlib.sha256(data).hexdigest()


def test_forming_a_write_changes_nothing_on_disk(tmp_path):
    TraceFiles(tmp_path).fingerprint_write(UNIT, calculator_trace())
    assert list(tmp_path.iterdir()) == []


def test_the_text_has_sorted_keys_one_a_line_and_ends_with_a_newline():
    data = canonical({"b": {"ü": 1}, "a": []})
    assert data.decode() == '{\n "a": [],\n "b": {\n  "ü": 1\n }\n}\n'


def test_a_file_name_that_is_not_unicode_can_be_recorded(tmp_path):
    traces = TraceFiles(tmp_path)
    odd = replace(calculator_trace(), command="src/\udcff.py")
    _publish(tmp_path, traces.fingerprint_write(UNIT, odd))
    assert traces.fingerprint(UNIT) == odd


@settings(deadline=None, max_examples=40)
@given(fingerprints)
def test_the_text_of_a_fingerprint_is_stable(trace):
    data = canonical(fingerprint_mapping(trace))
    again = fingerprint_of(json.loads(data))
    assert again == trace
    assert canonical(fingerprint_mapping(again)) == data


def test_line_ends_and_a_byte_order_mark_do_not_matter(tmp_path):
    traces = TraceFiles(tmp_path)
    data = traces.fingerprint_write(UNIT, calculator_trace()).data
    _lay(tmp_path, PLACE, b"\xef\xbb\xbf" + data.replace(b"\n", b"\r\n"))
    assert traces.fingerprint(UNIT) == calculator_trace()


@pytest.mark.parametrize(
    "unit, name",
    [
        pytest.param(UNIT, "calculator_python.json", id="same-name"),
        pytest.param(UNIT, "calculator_Python.json", id="capital"),
        pytest.param(NESTED, "core_cloud_python.json", id="flattened"),
        pytest.param(NESTED, "core_cloud_PYTHON.json", id="flattened-capitals"),
        pytest.param(UnitId("Top", "python"), "Top_Python.json", id="own-capital"),
    ],
)
def test_a_fingerprint_of_pdd_cli_is_found_under_its_name(tmp_path, unit, name):
    _lay(tmp_path, name, FOREIGN)
    assert _code_of(TraceFiles(tmp_path).fingerprint(unit)) == CODE


def test_a_report_of_pdd_cli_is_found_under_its_name(tmp_path):
    _lay(tmp_path, "core_cloud_Python_run.json", FOREIGN_RUN)
    migrated = RunReport(timestamp="2026-01-01T00:00:00+00:00")
    assert TraceFiles(tmp_path).report(NESTED) == migrated


def test_the_spelling_in_small_letters_is_the_newer_one(tmp_path):
    _lay(tmp_path, "core_cloud_Python.json", {**FOREIGN, "code_hash": "d" * 64})
    _lay(tmp_path, "core_cloud_python.json", FOREIGN)
    assert _code_of(TraceFiles(tmp_path).fingerprint(NESTED)) == CODE


def test_a_basename_is_matched_with_its_case(tmp_path):
    _lay(tmp_path, "Calculator_Python.json", FOREIGN)
    assert TraceFiles(tmp_path).fingerprint(UNIT) is None


def test_a_units_own_file_goes_before_the_flat_one(tmp_path):
    traces = TraceFiles(tmp_path)
    _lay(tmp_path, "core_cloud_python.json", FOREIGN)
    _publish(tmp_path, traces.fingerprint_write(NESTED, calculator_trace()))
    assert traces.fingerprint(NESTED) == calculator_trace()


def test_two_units_of_one_flat_name_may_both_read_what_pdd_cli_left(tmp_path):
    traces = TraceFiles(tmp_path)
    _lay(tmp_path, "core_cloud_python.json", FOREIGN)
    assert _code_of(traces.fingerprint(NESTED)) == CODE
    assert _code_of(traces.fingerprint(UnitId("core_cloud", "python"))) == CODE


def test_a_flat_file_that_a_unit_of_ours_wrote_is_that_units_alone(tmp_path):
    traces = TraceFiles(tmp_path)
    flat = UnitId("core_cloud", "python")
    _publish(tmp_path, traces.fingerprint_write(flat, calculator_trace()))
    assert traces.fingerprint(NESTED) is None
    assert traces.fingerprint(flat) == calculator_trace()


def test_migrating_a_nested_unit_writes_its_own_file_and_leaves_the_flat_one(tmp_path):
    traces = TraceFiles(tmp_path)
    _lay(tmp_path, "core_cloud_python.json", FOREIGN)
    trace = traces.fingerprint(NESTED)
    assert trace
    write = traces.fingerprint_write(NESTED, trace)
    assert write.path == PurePosixPath(".pdd/meta/core/cloud_python.json")
    assert write.expected is None


CONFLICT = b"""{
 "adopted": {},
<<<<<<< HEAD
 "command": "test",
=======
 "command": "fix",
>>>>>>> theirs
 "schema": 1
}
"""


@pytest.mark.parametrize(
    "data, said",
    [
        pytest.param(b"", ":1: not JSON: expecting value", id="empty"),
        pytest.param(b'{"schema": 1,', ":1: not JSON: ", id="cut-short"),
        pytest.param(b'{\n"schema" 1}', ":2: not JSON: ", id="on-line-two"),
        pytest.param(b'{\n\n"x": "\xff"}', ":3: not UTF-8", id="latin-1"),
        pytest.param(b"[1]", " is JSON, but not an object", id="list"),
        pytest.param(
            b'{"schema": 1, "schema": 1}',
            ": not usable JSON: the key 'schema' is there more than once",
            id="both-sides-kept",
        ),
        pytest.param(
            b'{"schema": NaN}', ": not usable JSON: NaN is not JSON", id="constant"
        ),
        pytest.param(
            b'{"schema": ' + b"9" * 5000 + b"}", ": not usable JSON: ", id="huge"
        ),
        pytest.param(b"[" * 100_000, ": not usable JSON: ", id="too-deep"),
        pytest.param(
            b'{"command": "test"}',
            ": schema: expected a number from 1 to 1, found none",
            id="neither-ours-nor-theirs",
        ),
        pytest.param(
            b'{"schema": 1, "colour": 2}',
            ": colour: unknown key; pdd_version: missing; timestamp: missing;"
            " command: missing; prompt_hash: missing; and 8 more",
            id="wrong-keys",
        ),
    ],
)
def test_a_broken_fingerprint_is_refused_with_the_place_and_a_way_out(
    tmp_path, data, said
):
    path = _lay(tmp_path, PLACE, data)
    with pytest.raises(StateError) as caught:
        TraceFiles(tmp_path).fingerprint(UNIT)
    assert caught.value.message.startswith(f"{path.as_posix()}{said}")
    assert caught.value.hint == (
        f"restore it with `git checkout -- {path.as_posix()}`, or delete it to have"
        " what stands adopted"
    )
    assert caught.value.exit_code is ExitCode.REFUSED


def test_a_broken_report_can_be_deleted_without_harm(tmp_path):
    _lay(tmp_path, RUN, b"{")
    with pytest.raises(StateError) as caught:
        TraceFiles(tmp_path).report(UNIT)
    assert caught.value.hint.endswith(
        "delete it to have the example and the tests run again"
    )


@pytest.mark.parametrize(
    "data, line, marker",
    [
        pytest.param(CONFLICT, 3, "<<<<<<< HEAD", id="whole"),
        pytest.param(
            CONFLICT.replace(b"<<<<<<< HEAD\n", b""), 4, "=======", id="half-resolved"
        ),
        pytest.param(CONFLICT.replace(b"\n", b"\r\n"), 3, "<<<<<<< HEAD", id="crlf"),
    ],
)
def test_a_git_conflict_is_named_by_its_first_marker(tmp_path, data, line, marker):
    path = _lay(tmp_path, PLACE, data).as_posix()
    with pytest.raises(StateError) as caught:
        TraceFiles(tmp_path).fingerprint(UNIT)
    assert caught.value.message == (
        f"{path}:{line}: a git conflict is not resolved: {marker}"
    )
    assert caught.value.hint == (
        f"keep one side with `git checkout --ours -- {path}` (or --theirs), or delete"
        " the file to have what stands adopted"
    )


def test_a_text_that_only_speaks_of_conflicts_is_no_conflict(tmp_path):
    traces = TraceFiles(tmp_path)
    trace = replace(calculator_trace(), command="x\n<<<<<<< HEAD\n")
    _publish(tmp_path, traces.fingerprint_write(UNIT, trace))
    assert traces.fingerprint(UNIT) == trace


def test_a_newer_file_asks_for_an_upgrade(tmp_path):
    path = _lay(tmp_path, PLACE, {"schema": 2}).as_posix()
    with pytest.raises(StateError) as caught:
        TraceFiles(tmp_path).fingerprint(UNIT)
    assert caught.value.message == (
        f"{path}: schema: 2 is newer than this program, which reads up to 1"
    )
    assert "upgrade" in caught.value.hint


def test_a_broken_flat_file_is_not_taken_for_none(tmp_path):
    _lay(tmp_path, "core_cloud_python.json", b"{")
    with pytest.raises(StateError):
        TraceFiles(tmp_path).fingerprint(NESTED)


def test_a_folder_in_the_place_of_a_file_is_refused(tmp_path):
    (tmp_path / PLACE).mkdir(parents=True)
    with pytest.raises(StateError, match="cannot be read"):
        TraceFiles(tmp_path).fingerprint(UNIT)
    with pytest.raises(StateError, match="cannot be read"):
        TraceFiles(tmp_path).fingerprint_write(UNIT, Fingerprint())


def test_a_dangling_link_among_flat_files_is_passed_over(tmp_path):
    meta = tmp_path / ".pdd/meta"
    meta.mkdir(parents=True)
    (meta / "core_cloud_python.json").symlink_to(meta / "gone")
    assert TraceFiles(tmp_path).fingerprint(NESTED) is None


def test_a_file_below_the_working_folder_is_named_as_one_types_it(tmp_path):
    _lay(tmp_path, PLACE, b"{")
    with contextlib.chdir(tmp_path), pytest.raises(StateError) as caught:
        TraceFiles(tmp_path).fingerprint(UNIT)
    assert "`git checkout -- .pdd/meta/calculator_python.json`" in caught.value.hint


def test_what_others_wrote_meanwhile_is_seen(tmp_path):
    traces = TraceFiles(tmp_path)
    first = calculator_trace()
    second = replace(first, command="generate")
    for trace in (first, second, first):
        _publish(tmp_path, traces.fingerprint_write(UNIT, trace))
        assert traces.fingerprint(UNIT) == trace
        assert traces.fingerprint(UNIT) is traces.fingerprint(UNIT)


def test_all_units_on_record_are_named(tmp_path):
    traces = TraceFiles(tmp_path)
    assert traces.names() == ()
    for unit in (UNIT, NESTED):
        _publish(tmp_path, traces.fingerprint_write(unit, calculator_trace()))
        _publish(tmp_path, traces.report_write(unit, calculator_report()))
    _lay(tmp_path, "dependency_graph.json", {})
    assert traces.names() == (str(UNIT), str(NESTED))


def test_what_is_on_record_of_a_unit_can_be_discarded(tmp_path):
    traces = TraceFiles(tmp_path)
    for unit in (UNIT, NESTED):
        _publish(tmp_path, traces.fingerprint_write(unit, calculator_trace()))
    _publish(tmp_path, traces.report_write(UNIT, calculator_report()))
    traces.discard(UNIT)
    traces.discard(UNIT)
    assert traces.fingerprint(UNIT) is None
    assert traces.report(UNIT) is None
    assert traces.names() == (str(NESTED),)


def test_reasons_and_messages_are_redacted_and_what_is_compared_is_not(tmp_path):
    traces = TraceFiles(tmp_path, redact=lambda text: f"<{len(text)}>")
    trace, report = calculator_trace(), calculator_report()
    _publish(tmp_path, traces.fingerprint_write(UNIT, trace))
    _publish(tmp_path, traces.report_write(UNIT, report))
    found, ran = traces.fingerprint(UNIT), traces.report(UNIT)
    assert found is not None
    assert ran is not None
    reasons = [
        *(one.because for one in found.history),
        *(one.because for one in found.gave_up.values()),
        *(one.because for one in found.conflicts.values()),
    ]
    assert len(reasons) == len(trace.history) + len(trace.gave_up) + len(
        trace.conflicts
    )
    assert all(text.startswith("<") for text in reasons)
    assert found.steps == trace.steps
    assert found.gave_up.keys() == trace.gave_up.keys()
    failed = [*(ran.tests.failures if ran.tests else ())]
    failed += [one for one in [ran.example and ran.example.failure] if one]
    assert failed
    assert all(one.message.startswith("<") for one in failed)
    assert ran.tests is not None
    assert report.tests is not None
    assert ran.tests.results == report.tests.results


def test_the_failure_of_an_example_is_redacted(tmp_path):
    failure = Failure(
        test="",
        kind=FailureKind.OTHER,
        exception="RuntimeError",
        where="examples/a.py:3",
        line="raise RuntimeError(key)",
        message="no entry with s3cret",
    )
    run = ExampleRun(inputs={}, exit_code=1, failure=failure)
    traces = TraceFiles(tmp_path, redact=lambda text: text.replace("s3cret", "***"))
    _publish(tmp_path, traces.report_write(UNIT, RunReport(example=run)))
    found = traces.report(UNIT)
    assert found is not None
    assert found.example == replace(
        run, failure=replace(failure, message="no entry with ***")
    )
