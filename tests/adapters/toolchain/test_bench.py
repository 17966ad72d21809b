import shutil
from dataclasses import replace

import pytest
from benches import TESTS, bash, laid, ran, shown, unit_of

from pdd_tasks.core.model.failure import FailureKind
from pdd_tasks.errors import ConfigError, RunError


needs_node = pytest.mark.skipif(not shutil.which("node"), reason="node is not here")

ADD = """\
export function add(a, b) {
  if (typeof a !== "number") {
    throw new TypeError("no number");
  }
  return a + b;
}
"""
ADD_TESTS = """\
import assert from "node:assert/strict";
import test from "node:test";
import { add } from "../src/greet.js";

test("adds", () => {
  assert.equal(add(1, 2), 3);
});
"""


def script(root, tests=ADD_TESTS, code=ADD, **changes):
    laid(root, {"src/greet.js": code, "tests/greet.test.js": tests})
    return unit_of(root, "greet", "javascript", **changes)


def test_runs_leave_nothing_in_the_project(tmp_path):
    unit = bash(tmp_path, TESTS + "test_writes() { echo >made; }\n")
    before = sorted(tmp_path.rglob("*"))
    assert ran(tmp_path, unit).exit_code == 0
    assert sorted(tmp_path.rglob("*")) == before


def test_a_run_that_hangs_is_ended(tmp_path):
    unit = bash(tmp_path, "test_hangs() { read -r _ </dev/zero; }\n")
    unit = replace(unit, settings=replace(unit.settings, test_timeout_s=0.3))
    run = ran(tmp_path, unit)
    assert (run.timed_out, run.results) == (True, {})
    assert run.failures[0].kind is FailureKind.TIMEOUT


@pytest.mark.parametrize(
    "test, results",
    [
        pytest.param("head -c 17000000 /dev/zero >$0", "tap", id="in a report"),
        pytest.param("head -c 17000000 /dev/zero; : $0", "libtest", id="in the output"),
    ],
)
def test_results_that_are_longer_than_what_is_read_are_none(tmp_path, test, results):
    place = "{results}" if results == "tap" else "x"
    command = ("bash", "-c", test, place)
    run = ran(tmp_path, bash(tmp_path, test=command, results=results))
    assert (run.exit_code, run.results) == (1, {})
    assert run.failures[0].message.startswith("the tests print too much")


def test_a_tool_that_is_missing_is_named_with_where_to_get_it(tmp_path):
    unit = bash(tmp_path, tools={"no-such-tool --version": "install it from there"})
    with pytest.raises(RunError) as caught:
        ran(tmp_path, unit)
    assert "bash needs no-such-tool" in caught.value.message
    assert caught.value.hint == "install it from there"


@pytest.mark.parametrize(
    "command",
    [
        pytest.param("bash --no-such-option", id="too-old"),
        pytest.param("node_modules/.bin/jest --version", id="not-in-the-project"),
    ],
)
def test_a_tool_that_does_not_run_is_none(tmp_path, command):
    with pytest.raises(RunError, match=f"`{command}` does not run"):
        ran(tmp_path, bash(tmp_path, tools={command: "get it"}))


def test_a_tool_that_the_project_brings_is_found_in_it(tmp_path):
    laid(tmp_path, {"node_modules/.bin/own": "#!/bin/sh\n"})
    tools = {"node_modules/.bin/own --version": "get it", "gone --version": ""}
    unit = bash(tmp_path, tools=tools, copied=("node_modules",))
    assert ran(tmp_path, unit).exit_code == 0


def test_the_output_of_tests_has_no_times_and_that_of_an_example_keeps_them(tmp_path):
    talk = "test_x() { :; }\n"
    command = (
        "bash",
        "-c",
        "echo took 3 ms at 10:11:12; bash $0 $*",
        "{build}/run.bash",
    )
    unit = bash(tmp_path, talk, test=(*command, "{results}", "{tests}"))
    assert ran(tmp_path, unit).output == "took <time> at <time>"
    laid(tmp_path, {"examples/greet_example.sh": "echo 3 seconds left at 10:11:12\n"})
    assert shown(tmp_path, unit).output == "3 seconds left at 10:11:12"


def test_coverage_may_be_a_folder_of_reports(tmp_path):
    make = (
        "mkdir $0; printf 'SF:src/greet.sh\\nDA:1,1\\nDA:2,0\\nend_of_record\\n' >$0/x"
    )
    command = ("bash", "-c", make, "{coverage}")
    unit = bash(tmp_path, after_test=(command,), measure=("",), coverage="lcov")
    unit = replace(
        unit, language=replace(unit.language, test=(*unit.language.test[:3], "{tests}"))
    )
    run = ran(tmp_path, unit, measure=True)
    assert (run.coverage, run.missing) == (50.0, "2")


def test_a_reader_that_nobody_knows_is_refused(tmp_path):
    with pytest.raises(ConfigError, match="'tea'"):
        ran(tmp_path, bash(tmp_path, results="tea"))


def test_a_command_before_the_tests_that_fails_is_why_nothing_ran(tmp_path):
    command = ("bash", "-c", "echo src/greet.sh:2: error: no such thing; exit 3")
    run = ran(tmp_path, bash(tmp_path, before_test=(command,)))
    assert (run.exit_code, run.results) == (3, {})
    failure = run.failures[0]
    assert (failure.kind, failure.where) == (FailureKind.COLLECTION, "src/greet.sh:2")
    assert failure.test == "tests/test_greet.sh"
    assert (failure.message, failure.line) == (
        "no such thing",
        'printf "hello %s\\n" "$1"',
    )


def test_files_that_a_project_lacks_are_there_while_it_runs(tmp_path):
    unit = bash(tmp_path, TESTS + "test_has() { [ $(cat a.mod) = greet ]; }\n")
    files = {**unit.language.files, "a.mod": "{{name}}\n"}
    unit = replace(unit, language=replace(unit.language, files=files))
    assert ran(tmp_path, unit).exit_code == 0
    laid(tmp_path, {"a.mod": "own\n"})
    assert ran(tmp_path, unit).exit_code == 1


def test_without_tests_nothing_runs(tmp_path):
    unit = unit_of(tmp_path, "greet", "bash")
    run = ran(tmp_path, unit)
    assert (run.results, run.failures) == ({}, ())


def test_a_failure_is_told_alike_in_every_folder(tmp_path):
    runs = []
    for name in ("one", "another"):
        root = tmp_path / name
        root.mkdir()
        runs.append(ran(root, bash(root, TESTS.replace("hello Bo", "hello Al"))))
    assert runs[0] == runs[1]


@needs_node
def test_tests_of_node_are_run_and_measured(tmp_path):
    run = ran(tmp_path, script(tmp_path), measure=True)
    assert run.results == {"tests/greet.test.js::adds": "passed"}
    assert run.exit_code == 0
    assert run.coverage is None or 50 < run.coverage < 100
    assert run.coverage is None or run.missing.startswith("3")


@needs_node
def test_a_failed_assertion_of_node_is_told_with_its_place(tmp_path):
    unit = script(tmp_path, ADD_TESTS.replace("2), 3", "2), 4"))
    failure = ran(tmp_path, unit).failures[0]
    assert failure.kind is FailureKind.ASSERTION
    assert failure.where == "tests/greet.test.js:6"
    assert failure.message == "Expected values to be strictly equal: 3 !== 4"


@needs_node
def test_a_test_file_that_node_cannot_load_is_told(tmp_path):
    unit = script(tmp_path, ADD_TESTS.replace("{ add }", "{ gone }"))
    run = ran(tmp_path, unit)
    assert run.results == {}
    assert "does not provide an export named 'gone'" in run.failures[0].message
    assert run.failures[0].test == "tests/greet.test.js"


@needs_node
def test_what_measures_and_fails_leaves_coverage_unknown(tmp_path):
    run = ran(tmp_path, script(tmp_path, measure=("--no-such-flag",)), measure=True)
    assert run.results == {"tests/greet.test.js::adds": "passed"}
    assert run.coverage is None


@needs_node
def test_an_exception_of_an_example_is_told_with_its_place(tmp_path):
    unit = script(tmp_path)
    text = 'import { add } from "../src/greet.js";\nadd("x");\n'
    laid(tmp_path, {"examples/greet_example.js": text})
    failure = shown(tmp_path, unit).failure
    assert failure is not None
    assert failure.exception == "TypeError"
    assert (failure.where, failure.message) == ("src/greet.js:3", "no number")
