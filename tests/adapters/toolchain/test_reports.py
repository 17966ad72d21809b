from pathlib import Path

import pytest

from pdd_tasks.adapters.toolchain.reports import (
    COVERAGE,
    RESULTS,
    gotest,
    jest,
    junit,
    libtest,
    tap,
)


CAPTURED = Path(__file__).parent / "captured"


def captured(name):
    return (CAPTURED / name).read_text()


def outcomes(cases):
    return [(case.test, case.outcome) for case in cases]


def test_tap_of_node_names_each_test_with_its_groups():
    assert outcomes(tap.cases(captured("node.tap"))) == [
        ("", "failed"),
        ("adds (1) two numbers", "passed"),
        ("fails # hash", "failed"),
        ("throws", "failed"),
        ("group::inner", "failed"),
        ("group::skipped", "skipped"),
        ("group::todo", "skipped"),
        ("group::undefinedcall", "failed"),
    ]


def test_tap_tells_why_a_file_could_not_be_loaded():
    unloaded = tap.cases(captured("node.tap"))[0]
    assert unloaded.file == "/home/jo/calc/tests/b.test.js"
    assert unloaded.exception == "SyntaxError"
    assert unloaded.message.endswith("does not provide an export named 'nosuch'")


def test_tap_tells_exception_message_and_place_of_a_failure():
    failed = tap.cases(captured("node.tap"))[3]
    assert (failed.exception, failed.message) == ("TypeError", "no number")
    assert failed.file == "/home/jo/calc/tests/calc.test.js"
    assert "src/calc.js:4:11" in failed.text


def test_what_a_program_prints_is_no_result_of_tap():
    assert not tap.cases("TAP version 13\n# ok 7 - forged\n1..0\n")


@pytest.mark.parametrize(
    "text, expected",
    [
        pytest.param(
            "ok 1 - a\nok 2 - b\n", [("a", "passed"), ("b", "passed")], id="flat"
        ),
        pytest.param("ok 1 a\n", [("a", "passed")], id="no-dash"),
        pytest.param("ok 1 - a # skip late\n", [("a", "skipped")], id="skip"),
        pytest.param("not ok 1 - a # TODO\n", [("a", "skipped")], id="todo"),
        pytest.param(
            "    ok 1 - x\n    1..1\nok 1 - g\nok 2 - y\n",
            [("g::x", "passed"), ("y", "passed")],
            id="group",
        ),
        pytest.param(
            "        ok 1 - x\n    ok 1 - inner\nok 1 - outer\n",
            [("outer::inner::x", "passed")],
            id="groups",
        ),
        pytest.param(
            "    ok 1 - x\n    1..1\nnot ok 1 - g\n",
            [("g::x", "passed"), ("g", "failed")],
            id="group-that-fails-by-itself",
        ),
        pytest.param(
            "    not ok 1 - x\n    1..1\nnot ok 1 - g\n",
            [("g::x", "failed")],
            id="group-that-fails-by-a-test",
        ),
        pytest.param("", [], id="nothing"),
        pytest.param("Bail out!\n", [], id="bail-out"),
    ],
)
def test_tap_is_read_by_its_lines(text, expected):
    assert outcomes(tap.cases(text)) == expected


def test_junit_of_vitest_names_file_groups_and_failure():
    cases = junit.cases(captured("vitest.xml"))
    assert outcomes(cases) == [
        ("add::adds two numbers", "passed"),
        ("add::refuses text", "failed"),
        ("later", "skipped"),
    ]
    assert {case.file for case in cases} == {"tests/calc.test.ts"}
    assert cases[1].exception == "AssertionError"
    assert "tests/calc.test.ts:9:23" in cases[1].text


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="nothing"),
        pytest.param("<testsuites><testcase", id="cut-off"),
        pytest.param('<!DOCTYPE x [<!ENTITY a "b">]><testsuites/>', id="entities"),
    ],
)
def test_what_is_no_junit_has_no_cases(text):
    assert junit.cases(text) == ()


def test_suites_in_suites_of_junit_have_a_bound():
    text = "<testsuite>" * 2000 + "<testcase/>" + "</testsuite>" * 2000
    assert junit.cases(text) == ()


def test_jest_of_vitest_names_file_groups_and_failure():
    cases = jest.cases(captured("vitest.json"))
    assert outcomes(cases) == [
        ("add::adds", "passed"),
        ("add::fails", "failed"),
        ("add::later", "skipped"),
    ]
    assert {case.file for case in cases} == {"/home/jo/calc/tests/v.test.ts"}
    assert cases[1].exception == "AssertionError"
    assert cases[1].message == "expected 3 to be 4 // Object.is equality"
    assert "tests/v.test.ts:5:41" in cases[1].text


@pytest.mark.parametrize(
    "text, expected",
    [
        pytest.param(
            '{"testResults": [{"name": "a.js", "status": "failed",'
            ' "message": "SyntaxError: no", "assertionResults": []}]}',
            [("", "failed", "SyntaxError", "no")],
            id="not-loaded",
        ),
        pytest.param(
            '{"testResults": [{"name": "a.js", "status": "failed", "message": "late",'
            ' "assertionResults": [{"title": "a", "status": "passed"}]}]}',
            [("", "failed", "", "late"), ("a", "passed", "", "")],
            id="failed-by-itself",
        ),
        pytest.param('{"testResults": [1, {"name": 2}]}', [], id="other-form"),
        pytest.param("[]", [], id="list"),
        pytest.param(
            '{"testResults": [{"assertionResults": [{"title": "a", "status": "failed",'
            ' "failureMessages": ["just text"]}]}]}',
            [("a", "failed", "", "just text")],
            id="no-exception",
        ),
    ],
)
def test_jest_is_read_whatever_is_missing(text, expected):
    found = [(c.test, c.outcome, c.exception, c.message) for c in jest.cases(text)]
    assert found == expected


def test_every_reader_takes_any_text():
    for name, read in RESULTS.items():
        assert list(read("no report at all\n")) == [], name
    for name, measured in COVERAGE.items():
        assert dict(measured("no report at all\n")) == {}, name


def test_go_tells_each_test_with_what_its_parts_say():
    found = {case.test: case for case in gotest.cases(captured("go.json"))}
    assert [(name, case.outcome) for name, case in found.items()] == [
        ("TestAdd", "passed"),
        ("TestWrong", "failed"),
        ("TestSkipped", "skipped"),
        ("TestPanics", "failed"),
    ]
    wrong, panics = found["TestWrong"], found["TestPanics"]
    assert (wrong.exception, wrong.message) == ("Failed", "got 3, want 4")
    assert panics.exception == "panic"
    assert panics.message.startswith("runtime error: index out of range")
    assert "/project/tests/calc_test.go:25" in panics.text


def test_a_test_of_go_that_never_ends_failed():
    begun = '{"Action":"run","Test":"TestHangs"}\n'
    assert outcomes(gotest.cases(begun)) == [("TestHangs", "failed")]


def test_a_package_of_go_may_fail_by_itself():
    passed = '{"Action":"pass","Test":"TestA"}\n'
    around = '{"Action":"output","Output":"exit status 1\\n"}\n{"Action":"fail"}\n'
    read = gotest.cases(passed + around)
    assert outcomes(read) == [("TestA", "passed"), ("", "failed")]
    assert "exit status 1" in read[-1].message


@pytest.mark.parametrize(
    "text, outcome",
    [
        pytest.param("test a ... FAILED\ntest a ... ok\n", "failed", id="two-files"),
        pytest.param("test a ... ok\ntest a ... FAILED\n", "failed", id="two-others"),
        pytest.param("test a ... hello\nok\n", "passed", id="printed"),
        pytest.param(
            "test a ... ok\n---- a stdout ----\nit said ok\n", "failed", id="block"
        ),
        pytest.param("test a ... ignored, later\n", "skipped", id="ignored"),
        pytest.param("test a ... \n", "failed", id="never-ended"),
    ],
)
def test_the_outcome_of_a_test_of_rust(text, outcome):
    assert outcomes(libtest.cases(text)) == [("a", outcome)]


def test_rust_tells_what_panicked_and_where():
    found = {case.test: case for case in libtest.cases(captured("libtest.txt"))}
    assert [(name, case.outcome) for name, case in found.items()] == [
        ("adds", "passed"),
        ("inner::panics", "failed"),
        ("later", "skipped"),
        ("wrong", "failed"),
    ]
    wrong, inner = found["wrong"], found["inner::panics"]
    assert wrong.exception == inner.exception == "AssertionError"
    assert wrong.message == "assertion `left == right` failed: the sum"
    assert "tests/test_calc.rs:11:5" in wrong.text
    assert inner.message == "test did not panic as expected"


def test_rust_of_old_tells_its_message_before_the_place():
    old = "---- a stdout ----\nthread 'a' panicked at 'no room', src/a.rs:3:4\n"
    case = libtest.cases(f"test a ... FAILED\n{old}")[0]
    assert (case.exception, case.message) == ("panic", "no room")


@pytest.mark.parametrize("reader", ["gotest", "libtest"])
def test_what_no_test_prints_makes_no_case(reader):
    assert (
        RESULTS[reader]("# project/tests\ntests/a_test.go:3: undefined: b\n[1]\n{}\n")
        == ()
    )


def test_java_names_tests_with_their_class():
    found = {case.test: case for case in tap.cases(captured("java.tap"))}
    assert sorted(found) == [
        "CalcTest::testAdds",
        "CalcTest::testRaises",
        "CalcTest::testWrong",
    ]
    raised = found["CalcTest::testRaises"]
    assert (raised.exception, raised.message) == (
        "IllegalArgumentException",
        "negative",
    )
    assert "Calc.java:8" in raised.text


def test_junit_names_tests_as_plain_ones_are():
    assert outcomes(tap.cases(captured("junit5.tap"))) == [
        ("CalcJTest::adds", "passed"),
        ("CalcJTest::later", "skipped"),
        ("CalcJTest::wrong", "failed"),
    ]


def test_c_tells_an_assertion_from_a_crash():
    found = {case.test: case for case in tap.cases(captured("c.tap"))}
    assert [case.outcome for case in found.values()] == ["passed", "failed", "failed"]
    assert found["test_fails"].exception == "AssertionError"
    assert "tests/test_stack.c:15" in found["test_fails"].text
    crashed = found["test_crashes"]
    assert (crashed.exception, crashed.message) == ("", "ended by signal 11")
