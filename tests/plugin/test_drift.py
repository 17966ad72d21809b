"""The gate says in which ways units drifted, also to programs and CI systems."""

import json
import shutil
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from junitparser import Error, Failure, JUnitXml
from project import Project
from surface import unit_project


UNIT = "calculator_python"
PROMPT = "prompts/calculator_python.prompt"
CODE = "src/calculator.py"
EXAMPLE = "examples/calculator_example.py"
TESTS = "tests/test_calculator.py"
ON_GITHUB = {"GITHUB_ACTIONS": "true"}


def drift(project: Project, *words: str) -> list[tuple[str, str | None]]:
    """Return the kinds of drift of all units, each with its file."""
    said = project.doit("pending", "--json", *words)
    found: dict[str, Any] = json.loads(said.out)
    return [(one["kind"], one["file"]) for u in found["units"] for one in u["drift"]]


def added(project: Project, path: str, text: str) -> None:
    project.write(path, project.read(path) + text)


@pytest.mark.parametrize(
    "edits, found",
    [
        pytest.param({PROMPT: "- More.\n"}, [("prompt-moved", PROMPT)], id="prompt"),
        pytest.param({CODE: "\nA = 1\n"}, [("code-edited", CODE)], id="code"),
        pytest.param(
            {EXAMPLE: '\nprint("x")\n'}, [("example-edited", EXAMPLE)], id="example"
        ),
        pytest.param(
            {TESTS: "\n\ndef test_a():\n    pass\n"},
            [("tests-edited", TESTS)],
            id="tests",
        ),
        pytest.param(
            {PROMPT: "- More.\n", CODE: "\nA = 1\n"},
            [("conflict", CODE)],
            id="both",
        ),
        pytest.param({PROMPT: "\n \n"}, [], id="layout of the prompt"),
    ],
)
def test_each_class_of_drift_is_told_and_nothing_else(synced, edits, found):
    for path, text in edits.items():
        added(synced, path, text)
    assert drift(synced) == found


def test_a_file_that_is_gone_is_missing(synced):
    (synced.root / EXAMPLE).unlink()
    assert drift(synced) == [("file-missing", EXAMPLE)]


def test_a_unit_that_was_never_built_says_that_alone(tmp_path):
    project = unit_project(tmp_path, "calculator")
    project.write(CODE, "A = 1\n")
    assert drift(project) == [("never-built", PROMPT)]


def test_a_step_that_was_forgotten_is_unfinished(synced):
    synced.doit("forget", f"sync:{UNIT}:verify")
    assert drift(synced) == [("unfinished", None)]


def test_what_a_prompt_includes_moves_its_unit(synced):
    added(synced, PROMPT, "\n<include>docs/rules.md</include>\n")
    synced.write("docs/rules.md", "One rule.\n")
    assert (
        drift(synced)
        == [("dependency-moved", "docs/rules.md"), ("prompt-moved", PROMPT)][::-1]
    )


def test_the_gate_names_the_drift_before_the_steps(synced):
    text = synced.read(CODE)
    synced.write(CODE, text.replace("def ", "A = 1\n\n\ndef ", 1))
    line = 1 + text[: text.index("def ")].count("\n")

    said = synced.doit("pending", "--exit-code")

    assert said.code == 1
    assert said.out.splitlines()[0] == f"{UNIT} drift: code-edited: {CODE}:{line}"
    assert "drift" not in synced.doit("pending").out


@pytest.fixture(scope="module")
def drifted(first_calculator, tmp_path_factory) -> Project:
    """Return two units in a folder of a repository: one in sync, one edited."""
    top = tmp_path_factory.mktemp("repository")
    (top / ".git").mkdir()
    root = top / "tools"
    shutil.copytree(first_calculator[0].root, root)
    project = Project(root)
    added(project, CODE, "\nA = 1\n")
    added(project, TESTS, "\n\ndef test_a():\n    pass\n")
    project.write("prompts/a,b_python.prompt", "Write `x`.\n")
    return project


def test_junit_has_a_case_a_unit_and_a_failure_for_drift(drifted):
    said = drifted.doit("pending", "--junit-xml", "out/drift.xml")

    assert said.code == 0, said.text
    report = JUnitXml.fromfile(str(drifted.root / "out/drift.xml"))
    assert (report.tests, report.failures, report.errors) == (2, 2, 0)
    (suite,) = report
    cases = {case.name: case for case in suite}
    (failure,) = cases[UNIT].result
    assert isinstance(failure, Failure)
    assert failure.type == "code-edited"
    assert "the tests were edited" in failure.message
    assert f"tools/{CODE}:" in failure.text
    assert f"mend it with: doit sync:{UNIT}" in failure.text
    assert cases["a,b_python"].result[0].type == "never-built"


def test_junit_of_units_in_sync_has_no_failure(synced):
    said = synced.doit("pending", "--exit-code", "--junit-xml=drift.xml")

    assert said.code == 0, said.text
    (suite,) = JUnitXml.fromfile(str(synced.root / "drift.xml"))
    assert [(case.name, case.result) for case in suite] == [(UNIT, [])]


def test_junit_calls_what_cannot_be_looked_at_an_error(synced):
    synced.write(f".pdd/meta/{UNIT}.json", "{")

    said = synced.doit("pending", "--exit-code", "--junit", "drift.xml")

    assert said.code == 3
    (suite,) = JUnitXml.fromfile(str(synced.root / "drift.xml"))
    (case,) = suite
    assert isinstance(case.result[0], Error)
    assert case.result[0].type == "refused"


SARIF_RESULT = {
    "type": "object",
    "required": ["message", "ruleId", "ruleIndex", "level", "locations"],
    "properties": {
        "message": {"type": "object", "required": ["text"]},
        "ruleId": {"type": "string"},
        "ruleIndex": {"type": "integer", "minimum": 0},
        "level": {"enum": ["none", "note", "warning", "error"]},
        "partialFingerprints": {"additionalProperties": {"type": "string"}},
        "locations": {
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "object",
                "required": ["physicalLocation"],
                "properties": {
                    "physicalLocation": {
                        "type": "object",
                        "required": ["artifactLocation"],
                        "properties": {
                            "artifactLocation": {
                                "type": "object",
                                "required": ["uri"],
                                "properties": {
                                    "uri": {"type": "string", "pattern": "^[!-~]+$"},
                                    "uriBaseId": {"type": "string"},
                                },
                            },
                            "region": {
                                "type": "object",
                                "properties": {
                                    "startLine": {"type": "integer", "minimum": 1}
                                },
                            },
                        },
                    },
                    "logicalLocations": {
                        "type": "array",
                        "items": {"type": "object", "additionalProperties": True},
                        "uniqueItems": True,
                    },
                },
            },
        },
    },
}
SARIF = {
    "type": "object",
    "required": ["version", "runs"],
    "additionalProperties": False,
    "properties": {
        "$schema": {"type": "string", "format": "uri"},
        "version": {"const": "2.1.0"},
        "runs": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["tool", "results"],
                "additionalProperties": False,
                "properties": {
                    "tool": {
                        "type": "object",
                        "required": ["driver"],
                        "properties": {
                            "driver": {
                                "type": "object",
                                "required": ["name"],
                                "properties": {
                                    "rules": {
                                        "type": "array",
                                        "uniqueItems": True,
                                        "items": {"required": ["id"]},
                                    }
                                },
                            }
                        },
                    },
                    "automationDetails": {"required": ["id"]},
                    "columnKind": {"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
                    "results": {"type": "array", "items": SARIF_RESULT},
                },
            },
        },
    },
}
"""What SARIF 2.1.0 says of the parts that are written."""


def test_sarif_has_a_rule_a_kind_and_a_result_a_drift(drifted):
    said = drifted.doit("pending", "--sarif", "drift.sarif", UNIT)

    assert said.code == 0, said.text
    log = json.loads(drifted.read("drift.sarif"))
    jsonschema.validate(log, SARIF)
    (run,) = log["runs"]
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    found = [(rules[one["ruleIndex"]], one["ruleId"]) for one in run["results"]]
    assert found == [("code-edited",) * 2, ("tests-edited",) * 2]
    place = run["results"][0]["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == f"tools/{CODE}"


def test_a_gate_on_github_annotates_and_adds_to_the_summary(drifted, tmp_path):
    table = tmp_path / "summary.md"
    table.write_text("before\n", encoding="utf-8")

    said = drifted.doit(
        "pending", "--exit-code", **ON_GITHUB, GITHUB_STEP_SUMMARY=str(table)
    )

    assert said.code == 1
    notes = [line for line in said.out.splitlines() if line.startswith("::")]
    assert notes[0].startswith("::error file=tools/prompts/a%2Cb_python.prompt,line=1,")
    assert f",title={UNIT}%3A code-edited::" in notes[1]
    lines = table.read_text(encoding="utf-8").splitlines()
    assert lines[:2] == ["before", "### 2 of 2 units not in sync"]
    assert r"| a,b\_python | never-built |" in lines[5]


@pytest.mark.parametrize(
    "words",
    [
        pytest.param(("--exit-code", "--no-annotations"), id="refused"),
        pytest.param((), id="no gate"),
    ],
)
def test_nothing_is_annotated_on_github_unless_it_is_a_gate(drifted, words):
    assert "::error" not in drifted.doit("pending", *words, **ON_GITHUB).text


def test_options_count_behind_the_words_also_cut_short_or_turned_round(drifted):
    said = drifted.doit(
        *("pending", UNIT, "--exit", "--junit", "short.xml", "--no-annot"),
        **ON_GITHUB,
    )

    assert said.code == 1, said.text
    assert "::error" not in said.out
    assert f'name="{UNIT}"' in drifted.read("short.xml")


def test_annotations_and_json_do_not_mix(drifted):
    said = drifted.doit("pending", "--annotations", "--json")

    assert json.loads(said.out)["schema"] == 1
    assert said.err.count("::error ") == 3


def test_a_report_that_cannot_be_written_is_refused(synced):
    synced.write("file", "")
    said = synced.doit("pending", "--junit-xml", "file/drift.xml")

    assert said.code == 3, said.text
    assert "--junit-xml file/drift.xml: it cannot be written" in said.err
    assert "Traceback" not in said.text


def test_what_is_not_asked_for_is_not_loaded(synced):
    said = synced.doit("pending", "--exit-code", PYTHONPROFILEIMPORTTIME="1")

    assert said.code == 0
    assert "pdd_tasks.plugin.reports.junit" not in said.err
    assert "xml.etree" not in said.err


def test_summary_is_asked_for_anywhere(drifted, tmp_path: Path):
    table = tmp_path / "deep" / "summary.md"
    assert drifted.doit("pending", f"--summary={table}").code == 0
    assert f"| doit sync:{UNIT} |".replace("_", r"\_") in table.read_text("utf-8")
