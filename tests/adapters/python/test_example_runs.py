"""Examples run as real child processes, in copies of real projects."""

from dataclasses import replace

import pytest
from python_runs import (
    CODE,
    CODE_PATH,
    EXAMPLE_PATH,
    PYTHON,
    a_project,
    a_unit,
    run_example,
)

from pdd_tasks.adapters.python.runner import PytestRunner
from pdd_tasks.core.model import run_inputs
from pdd_tasks.core.model.artifact import Digest
from pdd_tasks.core.model.failure import FailureKind
from pdd_tasks.core.model.settings import Settings
from pdd_tasks.errors import RunError


def test_an_example_that_runs_is_good(tmp_path):
    text = "import calc\nfrom pathlib import Path\nprint(Path.cwd(), calc.add(1, 2))\n"
    ran = run_example(tmp_path, text)
    assert (ran.exit_code, ran.failure, ran.output) == (0, None, ". 3")
    assert ran.good
    digests = {
        CODE_PATH: Digest.of(CODE.encode()),
        EXAMPLE_PATH: Digest.of(text.encode()),
    }
    assert ran.inputs == run_inputs.example_inputs(a_unit(), digests)


EXAMPLE = "examples/calc_example.py"


@pytest.mark.parametrize(
    "text, expected",
    [
        pytest.param(
            "import calc\ncalc.load('{')\n",
            (
                FailureKind.OTHER,
                "JSONDecodeError",
                "src/calc.py:9",
                "return json.loads(",
            ),
            id="in the code",
        ),
        pytest.param(
            "import calc\nprint(\n    calc.addd(1),\n)\n",
            (FailureKind.ATTRIBUTE, "AttributeError", f"{EXAMPLE}:2", "print("),
            id="in a statement of several lines",
        ),
        pytest.param(
            "import nowhere\n",
            (
                FailureKind.IMPORT,
                "ModuleNotFoundError",
                f"{EXAMPLE}:1",
                "import nowhere",
            ),
            id="a module that is not there",
        ),
        pytest.param(
            "print('x'\n",
            (FailureKind.COLLECTION, "SyntaxError", f"{EXAMPLE}:1", "print('x'"),
            id="no Python",
        ),
        pytest.param(
            "class OwnError(Exception): pass\nraise OwnError\n",
            (FailureKind.OTHER, "OwnError", f"{EXAMPLE}:2", "raise OwnError"),
            id="no message",
        ),
        pytest.param(
            "import sys\nsys.exit('no luck')\n",
            (FailureKind.OTHER, "", "", ""),
            id="an exit",
        ),
    ],
)
def test_an_example_that_crashes_has_a_place(tmp_path, text, expected):
    ran = run_example(tmp_path, text)
    found = ran.failure
    assert ran.exit_code == 1
    assert found is not None
    assert (found.kind, found.exception, found.where, found.line) == expected


def test_the_output_of_a_crash_shows_the_frames_of_the_project(tmp_path):
    ran = run_example(tmp_path, "import calc\ncalc.load('{')\n")
    assert (
        ran.output
        == f"""\
Traceback (most recent call last):
  File "{EXAMPLE}", line 2, in <module>
    calc.load('{{')
  File "src/calc.py", line 9, in load
    return json.loads(
json.decoder.JSONDecodeError: Expecting property name enclosed in double quotes: \
line 1 column 2 (char 1)"""
    )


@pytest.mark.parametrize(
    "text, message",
    [
        pytest.param("import sys\nsys.exit('no luck')\n", "no luck", id="words"),
        pytest.param("import sys\nsys.exit(3)\n", "ended with exit code 3", id="code"),
        pytest.param(
            "import os\nos.kill(os.getpid(), 9)\n", "ended by SIGKILL", id="signal"
        ),
    ],
)
def test_an_example_that_ends_badly_says_how(tmp_path, text, message):
    failure = run_example(tmp_path, text).failure
    assert failure is not None
    assert failure.message == message


def test_an_example_that_hangs_is_ended(tmp_path):
    unit = a_unit(settings=Settings(run_timeout_s=1))
    ran = run_example(tmp_path, "while True:\n    pass\n", unit=unit)
    assert ran.timed_out
    assert not ran.good
    assert ran.failure is not None
    assert ran.failure.kind is FailureKind.TIMEOUT
    assert ran.failure.where.startswith(EXAMPLE)


def test_temporary_files_have_no_name_of_the_machine(tmp_path):
    text = "import tempfile\nprint(tempfile.mkdtemp() + '/x')\n"
    assert run_example(tmp_path, text).output == "<tmp>/tmp/x"


def test_without_an_example_nothing_can_run(tmp_path):
    a_project(tmp_path, {})
    runner = PytestRunner(tmp_path)
    with (
        runner.bench(a_unit()) as bench,
        pytest.raises(RunError, match="does not exist"),
    ):
        bench.example({})


def test_a_language_without_a_run_command_is_named(tmp_path):
    unit = a_unit(language=replace(PYTHON, run=()))
    with pytest.raises(RunError, match="does not say how python runs"):
        run_example(tmp_path, "", unit=unit)


@pytest.mark.parametrize(
    "line",
    [
        pytest.param("'/' * 900_000", id="slashes"),
        pytest.param("' ' * 9 + '^' * 900_000 + 'x'", id="carets"),
        pytest.param("'1 a1111 ' * 100_000", id="numbers"),
        pytest.param("'/a' * 400_000", id="path"),
        pytest.param("'a:1: in' * 100_000", id="frames"),
        pytest.param("'0x7f ' * 100_000", id="pointers"),
    ],
)
def test_output_made_to_be_slow_is_read_all_the_same(tmp_path, line):
    settings = Settings(run_timeout_s=30, output_limit_bytes=1_000_000)
    unit = a_unit(settings=settings)
    ran = run_example(tmp_path, f"print({line})\n1 / 0\n", unit=unit)
    assert ran.failure is not None
    assert ran.failure.exception == "ZeroDivisionError"
    assert len(ran.output) < 10_000
