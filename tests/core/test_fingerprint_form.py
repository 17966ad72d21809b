import json
from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from trace_values import calculator_trace, changed, fingerprints

from pdd_tasks.core.model.artifact import Artifact
from pdd_tasks.core.model.fingerprint_form import fingerprint_mapping, fingerprint_of
from pdd_tasks.core.model.form import FormError, NewerFormError
from pdd_tasks.core.model.trace import Fingerprint


A, B = "a" * 64, "b" * 64
FOREIGN: Mapping[str, object] = {
    "pdd_version": "0.0.310",
    "timestamp": "2026-01-01T00:00:00+00:00",
    "command": "test",
    "prompt_hash": A,
    "code_hash": B,
    "example_hash": None,
    "test_hash": None,
}


@settings(deadline=None, max_examples=60)
@given(fingerprints)
def test_a_fingerprint_comes_back_as_it_was(trace):
    text = json.dumps(fingerprint_mapping(trace))
    assert fingerprint_of(json.loads(text)) == trace


def test_the_form_of_a_whole_fingerprint_is_pinned():
    trace = calculator_trace()
    mapping = fingerprint_mapping(trace)
    assert mapping["schema"] == 1
    assert set(mapping) == {
        "schema",
        "pdd_version",
        "timestamp",
        "command",
        "prompt_hash",
        "code_hash",
        "example_hash",
        "test_hash",
        "steps",
        "gave_up",
        "stale",
        "adopted",
        "history",
    }
    assert mapping["code_hash"] == trace.hashes[Artifact.CODE]
    assert mapping["stale"] == ["verify"]


def test_an_empty_fingerprint_says_null_for_hashes_and_omits_foreign():
    assert fingerprint_mapping(Fingerprint()) == {
        "schema": 1,
        "pdd_version": "",
        "timestamp": "",
        "command": "",
        "prompt_hash": None,
        "code_hash": None,
        "example_hash": None,
        "test_hash": None,
        "steps": {},
        "gave_up": {},
        "stale": [],
        "adopted": {},
        "history": [],
    }


@pytest.mark.parametrize(
    "more",
    [
        pytest.param({}, id="before-test-files"),
        pytest.param({"test_files": None, "include_deps": None}, id="nulls"),
        pytest.param(
            {"test_files": {"test_x.py": A}, "include_deps": {"docs/x.md": B}},
            id="full",
        ),
        pytest.param({"of_a_later_version": 1}, id="a-key-we-do-not-know"),
    ],
)
def test_a_fingerprint_of_pdd_cli_vouches_for_its_hashes(more):
    known = {Artifact.PROMPT: A, Artifact.CODE: B}
    assert fingerprint_of({**FOREIGN, **more}) == Fingerprint(
        pdd_version="0.0.310",
        timestamp="2026-01-01T00:00:00+00:00",
        command="test",
        hashes=known,
        foreign=known,
    )


def test_a_migrated_fingerprint_keeps_what_the_other_tool_said():
    trace = fingerprint_of(FOREIGN)
    assert fingerprint_of(fingerprint_mapping(trace)) == trace


@pytest.mark.parametrize(
    "change, problems",
    [
        pytest.param(
            {"code_hash": "A" * 64},
            (f"code_hash: not a SHA-256 in hexadecimal: '{'A' * 40}…'",),
            id="capitals",
        ),
        pytest.param(
            {"command": None, "prompt_hash": 1},
            (
                "prompt_hash: not a SHA-256 in hexadecimal: 1",
                "command: expected a text, found null",
            ),
            id="two",
        ),
    ],
)
def test_a_broken_fingerprint_of_pdd_cli_is_refused(change, problems):
    with pytest.raises(FormError) as caught:
        fingerprint_of({**FOREIGN, **change})
    assert sorted(caught.value.problems) == sorted(problems)


def _changed(*path, to):
    return changed(fingerprint_mapping(calculator_trace()), *path, to=to)


@pytest.mark.parametrize(
    "mapping, problem",
    [
        pytest.param(
            _changed("steps", "generate", "outputs", "src/calculator.py", to="no"),
            "steps.generate.outputs.src/calculator.py: not a digest: 'no'",
            id="digest",
        ),
        pytest.param(
            _changed("adopted", "src/x.py", to=7),
            "adopted.src/x.py: expected a text, found 7",
            id="digest-not-text",
        ),
        pytest.param(
            _changed("adopted", to={"../x.py": f"sha256:{A} text:{B}"}),
            "adopted.../x.py: its key is not a path below the root",
            id="path-that-leaves-the-root",
        ),
        pytest.param(
            _changed("steps", "generate", "outputs", to={"/x": f"sha256:{A} text:{B}"}),
            "steps.generate.outputs./x: its key is not a path below the root",
            id="absolute-path",
        ),
        pytest.param(
            _changed("adopted", to={".": f"sha256:{A} text:{B}"}),
            "adopted..: its key is not a path below the root",
            id="the-root-itself",
        ),
        pytest.param(
            _changed("adopted", to={"a//b": f"sha256:{A} text:{B}"}),
            "adopted.a//b: its key is not a path below the root",
            id="path-spelt-oddly",
        ),
        pytest.param(
            _changed("steps", "compile", to={}),
            "steps.compile: 'compile' is not one of auto-deps, update, generate,"
            " example, crash, verify, test, fix",
            id="step",
        ),
        pytest.param(
            _changed("stale", to="verify"),
            "stale: expected a list, found 'verify'",
            id="list",
        ),
        pytest.param(
            _changed("stale", to=[None]),
            "stale.0: expected a text, found null",
            id="element",
        ),
        pytest.param(
            _changed("gave_up", "fix", "attempts", to=True),
            "gave_up.fix.attempts: expected a whole number, found true",
            id="true-is-no-number",
        ),
        pytest.param(
            _changed("history", "0", "cost", to=1.5),
            "history.0.cost: expected a whole number, found 1.5",
            id="fraction",
        ),
        pytest.param(
            _changed("steps", to=[]),
            "steps: expected an object, found a list",
            id="object",
        ),
        pytest.param(
            _changed("steps", "generate", "triggers", "x", to={}),
            "steps.generate.triggers.x: expected a text, found an object",
            id="trigger",
        ),
        pytest.param(_changed("colour", to=False), "colour: unknown key", id="unknown"),
        pytest.param(
            _changed("foreign", to={"code": False}),
            "foreign.code: not a SHA-256 in hexadecimal: false",
            id="foreign",
        ),
    ],
)
def test_a_broken_fingerprint_is_refused_with_the_place(mapping, problem):
    with pytest.raises(FormError) as caught:
        fingerprint_of(mapping)
    assert problem in caught.value.problems


def test_all_problems_are_told_at_once():
    mapping = _changed("history", to={})
    del mapping["timestamp"]
    mapping["colour"] = 1
    with pytest.raises(FormError) as caught:
        fingerprint_of(mapping)
    assert caught.value.problems == (
        "colour: unknown key",
        "timestamp: missing",
        "history: expected a list, found an object",
    )
    assert str(caught.value) == "; ".join(caught.value.problems)


def test_what_is_inside_a_missing_value_is_not_reported_too():
    with pytest.raises(FormError) as caught:
        fingerprint_of(_changed("steps", "generate", to=None))
    assert caught.value.problems == ("steps.generate: expected an object, found null",)


@pytest.mark.parametrize(
    "mapping, found",
    [
        pytest.param({}, "none", id="neither-ours-nor-theirs"),
        pytest.param({**FOREIGN, "schema": "1"}, "'1'", id="text"),
        pytest.param({"schema": True}, "true", id="true"),
        pytest.param({"schema": 0}, "0", id="nought"),
        pytest.param({"schema": None}, "null", id="null"),
    ],
)
def test_a_schema_that_never_was_is_refused(mapping, found):
    with pytest.raises(FormError) as caught:
        fingerprint_of(mapping)
    assert caught.value.problems == (
        f"schema: expected a number from 1 to 1, found {found}",
    )
    assert not isinstance(caught.value, NewerFormError)


def test_a_newer_schema_is_told_apart_whatever_else_it_holds():
    with pytest.raises(NewerFormError) as caught:
        fingerprint_of({"schema": 2, "something": "new"})
    assert caught.value.problems == (
        "schema: 2 is newer than this program, which reads up to 1",
    )
