"""Examples and tests run as real child processes, in copies of real projects."""

import os
import sys
from pathlib import Path, PurePosixPath

import pytest

from pdd_tasks.adapters.pytest_runner import PytestRunner
from pdd_tasks.core.model import run_inputs
from pdd_tasks.core.model.artifact import Digest, UnitId
from pdd_tasks.core.model.failure import Failure, FailureKind
from pdd_tasks.core.model.language import Language
from pdd_tasks.core.model.settings import Settings
from pdd_tasks.core.model.unit import DevUnit
from pdd_tasks.errors import ConfigError, RunError


PYTHON = Language(
    name="python",
    extensions=("py",),
    interpreter="{python}",
    run=("{interpreter}", "{file}"),
    test=(
        *("{interpreter}", "-m", "pytest", "-q", "--tb=short", "--color=no"),
        *("-p", "no:cacheprovider", "-p", "no:randomly"),
        *("--rootdir={root}", "--confcutdir={root}"),
        *("--continue-on-collection-errors", "--junitxml={junit}", "{tests}"),
    ),
    measure=(
        "--cov",
        "--cov-branch",
        "--cov-fail-under=0",
        "--cov-report=json:{coverage}",
    ),
    runner="pytest",
    environment={
        "PYTHONPATH": "{import_root}:{root}",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONFAULTHANDLER": "1",
        "PYTHONUNBUFFERED": "1",
        "PYTHONUTF8": "1",
    },
)

CODE = """\
import json


def add(a, b):
    return a + b


def load(text):
    return json.loads(
        text,
    )


def sign(n):
    if n < 0:
        return -1
    return 1
"""

CODE_PATH = PurePosixPath("src/calc.py")
EXAMPLE_PATH = PurePosixPath("examples/calc_example.py")
TEST_PATH = PurePosixPath("tests/test_calc.py")


def a_unit(*, settings=None, language=PYTHON, more_tests=(), code=(CODE_PATH,)):
    return DevUnit(
        id=UnitId("calc", "python"),
        root=PurePosixPath(),
        prompt=PurePosixPath("prompts/calc_python.prompt"),
        code=code,
        import_root=PurePosixPath("src"),
        example=EXAMPLE_PATH,
        test=TEST_PATH,
        more_tests=more_tests,
        language=language,
        settings=settings or Settings(),
    )


def a_project(root: Path, files: dict[str, str]) -> Path:
    for name, text in {"src/calc.py": CODE, **files}.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return root


def run_tests(root, text, *, measure=False, unit=None, files=None, seed=0):
    a_project(root, {"tests/test_calc.py": text, **(files or {})})
    with PytestRunner(root).bench(unit or a_unit()) as bench:
        return bench.tests({}, measure=measure, seed=seed)


def run_example(root, text, *, unit=None, overlay=None):
    a_project(root, {str(EXAMPLE_PATH): text})
    with PytestRunner(root).bench(unit or a_unit()) as bench:
        return bench.example(overlay or {})


def tree(root: Path) -> dict[str, bytes]:
    files = (path for path in root.rglob("*") if path.is_file())
    return {str(path.relative_to(root)): path.read_bytes() for path in files}


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
        expecting = "Expecting property name enclosed in double quotes: line 1 column 2 (char 1)"
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
        for noise in (os.sep + "tmp", "python3.", "^", "<lib>", " s ", "Did you mean"):
            assert noise not in ran.output
        last = ran.output.splitlines()[-1]
        assert last == "9 failed, 2 passed, 1 skipped, 1 xfailed, 3 errors"


def test_coverage_counts_lines_and_branches_of_the_code_alone(tmp_path):
    text = "import calc\n\n\ndef test_sign():\n    assert calc.sign(2) == 1\n"
    more = {"src/other.py": "X = 1\n"}
    ran = run_tests(tmp_path, text, measure=True, files=more)
    assert ran.coverage == pytest.approx(100 * (6 + 1) / (9 + 2))
    assert ran.missing == "5, 9, 16"
