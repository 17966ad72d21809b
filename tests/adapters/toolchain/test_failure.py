import time

import pytest

from pdd_tasks.adapters.processes import Finished
from pdd_tasks.adapters.toolchain import failure
from pdd_tasks.adapters.toolchain.failure import Told
from pdd_tasks.adapters.toolchain.reports import RESULTS
from pdd_tasks.adapters.toolchain.result import Case
from pdd_tasks.core.model.failure import FailureKind


FILES = {
    "src/a.js": "one\n  two\n",
    "tests/a.test.js": "x\n",
    "../secret.txt": "planted\n",
    "/etc/secret.txt": "planted\n",
    "node_modules/b/c.js": "three\n",
}
TOLD = Told({"/copy": ""}, FILES.get, {"a.js": "src/a.js"})


def ended(text, code=1):
    return Finished(exit_code=code, output=text.encode(), timed_out=False, seconds=0.1)


@pytest.mark.parametrize(
    "text, where",
    [
        pytest.param("at f (/copy/src/a.js:2:5)", "src/a.js:2", id="stack"),
        pytest.param("at f (file:///copy/src/a.js:2:5)", "src/a.js:2", id="address"),
        pytest.param("./src/a.js: line 2: x", "src/a.js:2", id="shell"),
        pytest.param("src/a.js(2,7): error", "src/a.js:2", id="parentheses"),
        pytest.param("at f(a.js:1)", "src/a.js:1", id="name-alone"),
        pytest.param("node_modules/b/c.js:1 src/a.js:2", "src/a.js:2", id="library"),
        pytest.param("other.js:3", "", id="not-of-the-project"),
        pytest.param("src/a.js:99", "src/a.js:99", id="behind-the-end"),
        pytest.param("nothing", "", id="nothing"),
    ],
)
def test_the_place_of_a_failure_is_the_first_one_in_the_project(text, where):
    assert failure.place(failure.clean(text, TOLD), TOLD)[0] == where


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("../secret.txt:1", id="above"),
        pytest.param("/etc/secret.txt:1", id="absolute"),
        pytest.param("src/../../secret.txt:1", id="through"),
    ],
)
def test_no_line_of_a_file_outside_is_told(text):
    assert failure.place(text, TOLD) == ("", "")


@pytest.mark.parametrize(
    "text, exception, message",
    [
        pytest.param("TypeError: no\n at x", "TypeError", "no", id="raised"),
        pytest.param("AssertionError [ERR_X]: no", "AssertionError", "no", id="code"),
        pytest.param("a.c:1: error: no such thing", "", "no such thing", id="compiler"),
        pytest.param("error[E0425]: cannot find", "", "cannot find", id="number"),
        pytest.param("first\nlast\n\n", "", "last", id="last-line"),
        pytest.param("", "", "ended with exit code 1", id="silent"),
    ],
)
def test_what_a_program_ended_with_is_told(text, exception, message):
    found = failure.ended_badly(ended(text), TOLD)
    assert (found.exception, found.message) == (exception, message)


def test_a_signal_is_told_by_its_name():
    found = failure.ended_badly(ended("x", code=-11), TOLD)
    assert (found.kind, found.message) == (FailureKind.OTHER, "ended by SIGSEGV")


def test_a_case_without_a_test_is_a_file_that_was_not_loaded():
    case = Case(test="", outcome="failed", message="Unexpected token")
    found = failure.case_failure(case, "tests/a.test.js", TOLD)
    assert found.kind is FailureKind.COLLECTION


@pytest.mark.parametrize(
    "word",
    [
        pytest.param(word, id=repr(word))
        for word in [
            "a",
            "/",
            "a.",
            "./",
            "A.",
            "# ",
            "ok 1 - /",
            "<a>",
            "[",
            "DA:1,0\n",
        ]
    ],
)
def test_endless_output_is_read_in_time(word):
    text = word * (200_000 // len(word))
    started = time.monotonic()
    failure.ended_badly(ended(text), TOLD)
    failure.clean_log(text.encode(), TOLD)
    for read in RESULTS.values():
        read(text)
    assert time.monotonic() - started < 10
