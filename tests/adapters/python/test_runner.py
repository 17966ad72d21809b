"""Tests run as real child processes, in copies of real projects."""

import os
from dataclasses import replace
from pathlib import PurePosixPath

import pytest
from python_runs import (
    CODE,
    CODE_PATH,
    EXAMPLE_PATH,
    PYTHON,
    TEST_PATH,
    a_project,
    a_unit,
    run_tests,
    tree,
)

from pdd_tasks.adapters.python.runner import PytestRunner
from pdd_tasks.core.model import run_inputs
from pdd_tasks.core.model.artifact import Digest, UnitId
from pdd_tasks.core.model.failure import Failure, FailureKind
from pdd_tasks.core.model.settings import Settings
from pdd_tasks.errors import ConfigError, RunError


FAILING = """\
import pytest
import calc


@pytest.fixture
def broken():
    raise RuntimeError("no fixture today")


@pytest.fixture
def broken_after():
    yield
    raise RuntimeError("no clean-up today")


def test_good():
    assert calc.add(1, 2) == 3


def test_number():
    assert (
        calc.add(1, 2)
        == 4
    ), "sum"


class TestLoad:
    class TestDeep:
        def test_name(self):
            calc.addd

    @pytest.mark.parametrize("text", ["{", "a::b"])
    def test_load(self, text):
        calc.load(text)


def test_setup(broken):
    pass


def test_teardown(broken_after):
    pass


def test_unknown(nowhere):
    pass


def test_type():
    calc.add(1)


def test_not_raised():
    with pytest.raises(ValueError):
        calc.add(1, 2)


def test_chained():
    try:
        calc.load("{")
    except ValueError as error:
        raise KeyError("k") from error


@pytest.mark.skip
def test_skipped():
    pass


@pytest.mark.xfail
def test_expected_to_fail():
    assert 0
"""


def fail(test, kind, exception, where, line, message):
    return Failure(
        test=f"tests/test_calc.py::{test}",
        kind=kind,
        exception=exception,
        where=where,
        line=line,
        message=message,
    )


@pytest.fixture(scope="module")
def ran(tmp_path_factory):
    return run_tests(tmp_path_factory.mktemp("failing"), FAILING)


def test_a_run_is_progress_before_and_after(tmp_path):
    a_project(tmp_path, {str(EXAMPLE_PATH): "print(1)\n"})
    beats: list[UnitId] = []
    with PytestRunner(tmp_path, beats.append).bench(a_unit()) as bench:
        assert bench.example({}).good
    assert beats == [UnitId("calc", "python")] * 2


class TestTests:
    """One run of a file in which everything goes wrong once."""

    def test_each_test_has_an_outcome(self, ran):
        assert ran.exit_code == 1
        assert {
            k.removeprefix("tests/test_calc.py::"): v for k, v in ran.results.items()
        } == {
            "test_good": "passed",
            "test_number": "failed",
            "TestLoad::TestDeep::test_name": "failed",
            "TestLoad::test_load[{]": "failed",
            "TestLoad::test_load[a::b]": "failed",
            "test_setup": "failed",
            "test_teardown": "failed",
            "test_unknown": "failed",
            "test_type": "failed",
            "test_not_raised": "failed",
            "test_chained": "failed",
            "test_skipped": "skipped",
            "test_expected_to_fail": "skipped",
        }

    def test_failures_are_the_same_on_every_python(self, ran):
        expecting = (
            "Expecting property name enclosed in double quotes:"
            " line 1 column 2 (char 1)"
        )
        assert {failure.test: failure for failure in ran.failures} == {
            failure.test: failure
            for failure in (
                fail(
                    "test_number",
                    FailureKind.ASSERTION,
                    "AssertionError",
                    "tests/test_calc.py:21",
                    "assert (",
                    "sum (assert 3 == 4)",
                ),
                fail(
                    "TestLoad::TestDeep::test_name",
                    FailureKind.ATTRIBUTE,
                    "AttributeError",
                    "tests/test_calc.py:30",
                    "calc.addd",
                    "module 'calc' has no attribute 'addd'",
                ),
                fail(
                    "TestLoad::test_load[{]",
                    FailureKind.OTHER,
                    "JSONDecodeError",
                    "src/calc.py:9",
                    "return json.loads(",
                    expecting,
                ),
                fail(
                    "TestLoad::test_load[a::b]",
                    FailureKind.OTHER,
                    "JSONDecodeError",
                    "src/calc.py:9",
                    "return json.loads(",
                    "Expecting value: line 1 column 1 (char 0)",
                ),
                fail(
                    "test_setup",
                    FailureKind.OTHER,
                    "RuntimeError",
                    "tests/test_calc.py:7",
                    'raise RuntimeError("no fixture today")',
                    "no fixture today",
                ),
                fail(
                    "test_teardown",
                    FailureKind.OTHER,
                    "RuntimeError",
                    "tests/test_calc.py:13",
                    'raise RuntimeError("no clean-up today")',
                    "no clean-up today",
                ),
                fail(
                    "test_unknown",
                    FailureKind.OTHER,
                    "",
                    "tests/test_calc.py:45",
                    "def test_unknown(nowhere):",
                    "fixture 'nowhere' not found",
                ),
                fail(
                    "test_type",
                    FailureKind.TYPE,
                    "TypeError",
                    "tests/test_calc.py:50",
                    "calc.add(1)",
                    "add() missing 1 required positional argument: 'b'",
                ),
                fail(
                    "test_not_raised",
                    FailureKind.ASSERTION,
                    "Failed",
                    "tests/test_calc.py:54",
                    "with pytest.raises(ValueError):",
                    "DID NOT RAISE ValueError",
                ),
                fail(
                    "test_chained",
                    FailureKind.OTHER,
                    "KeyError",
                    "tests/test_calc.py:62",
                    'raise KeyError("k") from error',
                    "'k'",
                ),
            )
        }

    def test_output_names_no_machine_no_version_and_no_time(self, ran):
        for noise in (f"{os.sep}tmp", "python3", "^^", "<lib>", "0.", "Did you mean"):
            assert noise not in ran.output
        last = ran.output.splitlines()[-1]
        assert last == "7 failed, 2 passed, 1 skipped, 1 xfailed, 3 errors"

    def test_inputs_can_be_computed_without_a_run(self, ran):
        files = {CODE_PATH: CODE, TEST_PATH: FAILING}
        digests = {path: Digest.of(text.encode()) for path, text in files.items()}
        assert ran.inputs == run_inputs.test_inputs(a_unit(), digests)


GOOD = "import calc\n\n\ndef test_sign():\n    assert calc.sign(2) == 1\n"


def test_coverage_counts_lines_and_branches_of_the_code_alone(tmp_path):
    more = {"src/other.py": "X = 1\n"}
    ran = run_tests(tmp_path, GOOD, measure=True, files=more)
    assert ran.coverage == pytest.approx(100 * (6 + 1) / (9 + 2))
    assert ran.missing == "5, 9, 16"


def test_a_branch_never_taken_is_missing(tmp_path):
    text = GOOD.replace("sign(2) == 1", "sign(-2) == -1")
    code = "def sign(n):\n    if n < 0:\n        n = -1\n    return n\n"
    ran = run_tests(tmp_path, text, measure=True, files={"src/calc.py": code})
    assert ran.coverage == pytest.approx(100 * 5 / 6)
    assert ran.missing == "2->4"


def test_code_that_is_never_imported_is_not_covered(tmp_path):
    ran = run_tests(tmp_path, "def test_nothing():\n    pass\n", measure=True)
    assert ran.coverage == 0
    assert ran.missing.startswith("1, 4-5, 8-9")


def test_of_several_code_files_each_is_named(tmp_path):
    unit = a_unit(code=(CODE_PATH, PurePosixPath("src/more.py")))
    files = {"src/more.py": "def never():\n    return 1\n"}
    ran = run_tests(tmp_path, GOOD, measure=True, unit=unit, files=files)
    assert ran.missing == "src/calc.py: 5, 9, 16; src/more.py: 1-2"


def test_without_its_code_coverage_is_unknown(tmp_path):
    unit = a_unit(code=(PurePosixPath("src/gone.py"),))
    ran = run_tests(tmp_path, GOOD, measure=True, unit=unit)
    assert (ran.coverage, ran.missing, ran.exit_code) == (None, "", 0)


def test_the_project_is_not_touched(tmp_path):
    text = """\
from pathlib import Path

def test_writes():
    Path("src/calc.py").write_text("broken")
    Path("src/new.py").write_text("new")
    Path("tests").rename("elsewhere")
"""
    a_project(tmp_path, {"tests/test_calc.py": text})
    before = tree(tmp_path)
    ran = run_tests(tmp_path, text, measure=True)
    assert ran.exit_code == 0
    assert tree(tmp_path) == before


def test_an_overlay_stands_during_one_run_only(tmp_path):
    a_project(tmp_path, {"tests/test_calc.py": GOOD})
    broken = {CODE_PATH: b"def sign(n):\n    return 0\n"}
    with PytestRunner(tmp_path).bench(a_unit()) as bench:
        first = bench.tests(broken, measure=False)
        second = bench.tests({}, measure=False)
    assert (first.exit_code, second.exit_code) == (1, 0)
    digest = Digest.of(broken[CODE_PATH]).raw
    assert first.inputs["src/calc.py"] == digest != second.inputs["src/calc.py"]


@pytest.mark.parametrize(
    "text, failure",
    [
        pytest.param(
            "from calc import nothing\n",
            Failure(
                test="tests/test_calc.py",
                kind=FailureKind.IMPORT,
                exception="ImportError",
                where="tests/test_calc.py:1",
                line="from calc import nothing",
                message="cannot import name 'nothing' from 'calc' (src/calc.py)",
            ),
            id="a name that is not there",
        ),
        pytest.param(
            "import calc\n\ndef test_x(:\n    pass\n",
            Failure(
                test="tests/test_calc.py",
                kind=FailureKind.COLLECTION,
                exception="SyntaxError",
                where="tests/test_calc.py:3",
                line="def test_x(:",
                message="invalid syntax",
            ),
            id="no Python",
        ),
        pytest.param(
            "import calc\n\ncalc.load(\n    '{',\n)\n",
            Failure(
                test="tests/test_calc.py",
                kind=FailureKind.COLLECTION,
                exception="JSONDecodeError",
                where="src/calc.py:9",
                line="return json.loads(",
                message="Expecting property name enclosed in double quotes:"
                " line 1 column 2 (char 1)",
            ),
            id="an error on import",
        ),
    ],
)
def test_a_file_that_cannot_be_collected_is_a_failure(tmp_path, text, failure):
    other = PurePosixPath("tests/test_more.py")
    unit = a_unit(more_tests=(other,))
    ran = run_tests(tmp_path, text, unit=unit, files={str(other): GOOD})
    assert ran.failures == (failure,)
    assert ran.results == {"tests/test_more.py::test_sign": "passed"}
    assert ran.exit_code not in {0, 5}


def test_a_conftest_that_fails_is_a_failure(tmp_path):
    ran = run_tests(tmp_path, GOOD, files={"tests/conftest.py": "import nowhere\n"})
    (failure,) = ran.failures
    assert failure.kind is FailureKind.IMPORT
    assert failure.where == "tests/conftest.py:1"
    assert failure.message == "No module named 'nowhere'"
    assert ran.results == {}


def test_a_run_that_hangs_names_the_test_and_the_line(tmp_path):
    text = """\
import calc


class TestSlow:
    def test_hangs(self):
        calc.wait()
"""
    code = "import time\n\n\ndef wait():\n    time.sleep(\n        600,\n    )\n"
    unit = a_unit(settings=Settings(test_timeout_s=4))
    ran = run_tests(tmp_path, text, unit=unit, files={"src/calc.py": code})
    assert ran.timed_out
    assert ran.failures == (
        Failure(
            test="tests/test_calc.py::TestSlow::test_hangs",
            kind=FailureKind.TIMEOUT,
            exception="",
            where="src/calc.py:5",
            line="time.sleep(",
            message="did not end within the time limit",
        ),
    )


@pytest.mark.parametrize(
    "ending, message",
    [
        pytest.param("os.kill(os.getpid(), 9)", "ended by SIGKILL", id="signal"),
        pytest.param("os._exit(7)", "ended with exit code 7", id="exit"),
    ],
)
def test_a_run_without_a_report_says_how_it_ended(tmp_path, ending, message):
    text = f"import os\n\ndef test_dies():\n    {ending}\n"
    ran = run_tests(tmp_path, text)
    (failure,) = ran.failures
    assert failure.message == message
    assert ran.results == {}


def test_without_a_test_file_nothing_runs(tmp_path):
    a_project(tmp_path, {})
    with PytestRunner(tmp_path).bench(a_unit()) as bench:
        ran = bench.tests({}, measure=True)
    assert (ran.exit_code, dict(ran.results), ran.failures) == (5, {}, ())


@pytest.mark.parametrize(
    "name, text",
    [
        pytest.param("pytest.ini", "[pytest]\npython_functions = check_*\n", id="ini"),
        pytest.param("tox.ini", "[pytest]\npython_functions = check_*\n", id="tox"),
        pytest.param(
            "setup.cfg", "[tool:pytest]\npython_functions = check_*\n", id="setup"
        ),
        pytest.param(
            "pyproject.toml",
            '[tool.pytest.ini_options]\npython_functions = ["check_*"]\n',
            id="pyproject",
        ),
    ],
)
def test_the_configuration_of_the_project_counts(tmp_path, name, text):
    test = GOOD.replace("test_sign", "check_sign")
    ran = run_tests(tmp_path, test, files={name: text})
    assert ran.results == {"tests/test_calc.py::check_sign": "passed"}


def test_configuration_that_is_not_of_pytest_does_not_count(tmp_path):
    files = {"pyproject.toml": "[project]\n", "tox.ini": "[tox]\n"}
    assert run_tests(tmp_path, GOOD, files=files).exit_code == 0


def test_broken_configuration_is_named(tmp_path):
    with pytest.raises(ConfigError, match=r"pyproject\.toml"):
        run_tests(tmp_path, GOOD, files={"pyproject.toml": "[tool\n"})


def test_an_interpreter_without_pytest_is_named(tmp_path):
    language = replace(PYTHON, test=("{interpreter}", "-S", *PYTHON.test[1:]))
    with pytest.raises(RunError, match="has no pytest") as caught:
        run_tests(tmp_path, GOOD, unit=a_unit(language=language))
    assert caught.value.hint.endswith("-m pip install pytest pytest-cov")


def test_an_interpreter_that_is_not_there_is_named(tmp_path):
    unit = a_unit(settings=Settings(interpreter="no-such-python"))
    with pytest.raises(RunError, match="no-such-python"):
        run_tests(tmp_path, GOOD, unit=unit)


@pytest.mark.parametrize("seed", [0, 7])
def test_the_seed_is_that_of_hashes_and_the_zone_is_fixed(tmp_path, seed):
    text = f"""\
import os, time

def test_environment():
    assert os.environ["PYTHONHASHSEED"] == "{seed}"
    assert (os.environ["TZ"], time.tzname[0]) == ("UTC", "UTC")
    assert os.environ["LC_ALL"] == "C.UTF-8"
"""
    assert run_tests(tmp_path, text, seed=seed).exit_code == 0
