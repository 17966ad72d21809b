"""Formatters run for real, one that is good and many that are not."""

import shutil
import sys
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import Any

import pytest
from memory_project import unit

from pdd_tasks.adapters.formatter import CommandFormatter
from pdd_tasks.adapters.process_groups import end_all
from pdd_tasks.core.model.unit import DevUnit
from pdd_tasks.errors import ConfigError, FormatError


CODE = PurePosixPath("src/calculator.py")
UGLY = "def add( a,b ):\n    return a+b # süß\n"
RUFF = (sys.executable, "-m", "ruff", "format", "--no-cache", "-")


def unit_with(*command: str, **settings: Any) -> DevUnit:
    """Return a unit whose settings name a formatter."""
    plain = unit()
    changed = replace(plain.settings, format=command, **settings)
    return replace(plain, settings=changed)


def python(code: str) -> tuple[str, ...]:
    """Return a formatter that is a Python program."""
    return (sys.executable, "-c", code)


def formatted(root: Path, *command: str, text: str = UGLY, **settings: Any) -> str:
    """Return a text as a formatter writes it."""
    return CommandFormatter(root).formatted(unit_with(*command, **settings), CODE, text)


def test_without_a_formatter_nothing_is_changed_and_nothing_run(tmp_path):
    assert formatted(tmp_path / "absent") == UGLY
    CommandFormatter(tmp_path / "absent").check(unit_with())


def test_a_real_formatter_reads_the_text_and_answers_it_formatted(tmp_path):
    found = formatted(tmp_path, *RUFF)
    assert found == "def add(a, b):\n    return a + b  # süß\n"
    assert formatted(tmp_path, *RUFF, text=found) == found


def test_a_formatter_finds_the_configuration_of_the_project(tmp_path):
    (tmp_path / "ruff.toml").write_text("indent-width = 2\n")
    found = formatted(tmp_path, *RUFF)
    assert found == "def add(a, b):\n  return a + b  # süß\n"


def test_the_languages_formatter_is_used_where_the_settings_name_none(tmp_path):
    plain = unit()
    spoken = replace(plain, language=replace(plain.language, format=RUFF))
    found = CommandFormatter(tmp_path).formatted(spoken, CODE, UGLY)
    assert found.startswith("def add(a, b)")
    off = replace(spoken, settings=replace(spoken.settings, format=()))
    assert CommandFormatter(tmp_path).formatted(off, CODE, UGLY) == UGLY


def test_a_formatter_sees_the_text_in_its_file_but_not_the_projects_modules(tmp_path):
    code = (
        "import os, sys; from pathlib import Path; text = sys.stdin.read();"
        "assert Path(sys.argv[1]).read_text() == text;"
        "assert Path(sys.argv[1]).is_relative_to(Path.cwd());"
        "print('PYTHONPATH' in os.environ, 'SECRET' in os.environ)"
    )
    command = (*python(code), "{file}")
    assert formatted(tmp_path, *command) == "False False\n"


def test_a_variable_is_passed_on_where_it_is_asked_for(tmp_path, monkeypatch):
    monkeypatch.setenv("SECRET", "word")
    code = "import os; print(os.environ.get('SECRET'))"
    assert formatted(tmp_path, *python(code)) == "None\n"
    assert formatted(tmp_path, *python(code), environment=("SECRET",)) == "word\n"


def test_what_a_formatter_writes_to_files_is_gone(tmp_path):
    (tmp_path / "kept.py").write_text("x = 1\n")
    code = (
        "import pathlib, sys;"
        "[path.write_text('y') for path in pathlib.Path().rglob('*.py')];"
        "pathlib.Path('new').write_text('z'); print(sys.stdin.read(), end='')"
    )
    assert formatted(tmp_path, *python(code)) == UGLY
    assert (tmp_path / "kept.py").read_text() == "x = 1\n"
    assert [path.name for path in tmp_path.iterdir()] == ["kept.py"]


def test_a_program_of_the_project_is_started_from_there(tmp_path):
    tool = tmp_path / "node_modules" / ".bin" / "upper"
    tool.parent.mkdir(parents=True)
    tool.write_text("#!/bin/sh\ntr a-z A-Z\n")
    tool.chmod(0o755)
    assert formatted(tmp_path, "node_modules/.bin/upper", text="x = 1\n") == "X = 1\n"


@pytest.mark.parametrize(
    "code, message",
    [
        pytest.param("raise SystemExit(1)", "with exit code 1", id="fails"),
        pytest.param("raise KeyError('odd')", "exit code 1: KeyError: 'odd'", id="why"),
        pytest.param("pass", "wrote nothing", id="silent"),
        pytest.param("print()", "wrote nothing", id="blank"),
        pytest.param("print('x' * 2_000_000)", "wrote too much", id="much"),
        pytest.param(
            "import os; os.write(1, b'\\xff\\n')", "not UTF-8", id="not-utf-8"
        ),
        pytest.param("while True: pass", "its time limit", id="hangs"),
    ],
)
def test_a_formatter_that_fails_says_why(tmp_path, code, message):
    with pytest.raises(FormatError) as caught:
        formatted(tmp_path, *python(code), run_timeout_s=1.0)
    assert message in caught.value.message
    assert str(tmp_path) not in caught.value.message


def test_what_a_formatter_says_beside_the_text_is_not_taken_for_it(tmp_path):
    code = "import sys; print('1 file reformatted', file=sys.stderr); print('x = 1')"
    assert formatted(tmp_path, *python(code)) == "x = 1\n"


def test_what_a_formatter_says_cannot_steer_a_terminal(tmp_path):
    code = "raise SystemExit('\\x1b[2Jcleared')"
    with pytest.raises(FormatError) as caught:
        formatted(tmp_path, *python(code))
    assert caught.value.message.endswith("exit code 1: [2Jcleared")


@pytest.mark.parametrize(
    "command",
    [
        pytest.param(("no-such-formatter", "-"), id="absent"),
        pytest.param(("./tools/format",), id="absent-in-project"),
        pytest.param(("tools/no-script",), id="not-executable"),
    ],
)
def test_a_formatter_that_is_not_there_is_told_before_anything_is_paid(
    tmp_path, command
):
    (tmp_path / "tools").mkdir()
    (tmp_path / "tools" / "no-script").write_text("")
    with pytest.raises(ConfigError) as caught:
        CommandFormatter(tmp_path).check(unit_with(*command))
    assert f"the setting format is `{' '.join(command)}`, but" in caught.value.message
    assert caught.value.exit_code == 3
    assert caught.value.hint


def test_an_absent_formatter_of_the_language_names_languages_yaml(tmp_path):
    plain = unit()
    spoken = replace(plain, language=replace(plain.language, format=("absent",)))
    with pytest.raises(ConfigError, match=r"languages\.yaml: format of python is"):
        CommandFormatter(tmp_path).check(spoken)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("#!/no/such/interpreter\n", id="no interpreter"),
        pytest.param("#!/bin/sh\nno-such-formatter -\n", id="wrapper of nothing"),
    ],
)
def test_a_formatter_that_turns_out_to_be_no_program_is_told(tmp_path, text):
    tool = tmp_path / "broken"
    tool.write_text(text)
    tool.chmod(0o755)
    with pytest.raises(ConfigError, match=r"is `./broken`, but "):
        formatted(tmp_path, "./broken")


def test_a_formatter_that_went_since_it_was_looked_for_is_told(tmp_path):
    with pytest.raises(ConfigError, match="but cannot start 'no-such-formatter'"):
        formatted(tmp_path, "no-such-formatter")


def test_a_formatter_that_is_there_is_fit(tmp_path):
    assert shutil.which("cat")
    CommandFormatter(tmp_path).check(unit_with("cat"))
    assert formatted(tmp_path, "cat") == UGLY
    assert end_all() == 0
