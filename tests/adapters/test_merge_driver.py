"""Another program that merges, in a real process."""

import shlex
import stat
import sys
from pathlib import PurePosixPath

import pytest

from pdd_tasks.adapters.merge_driver import MergeDriver
from pdd_tasks.errors import ConfigError


PATH = PurePosixPath("src/shop.py")


def command(program, *arguments):
    return shlex.join([sys.executable, "-c", program, *arguments])


def merged(setting, **options):
    return MergeDriver(setting, **options).merged(PATH, "b\n", "m\r\n", "g\n")


SHOW = (
    "import sys, pathlib; print(*[open(f, newline='').read() for f in sys.argv[1:4]])"
)


@pytest.mark.parametrize("behind", [(), ("{base}", "{mine}", "{generated}")])
def test_a_command_gets_three_files(behind):
    assert merged(command(SHOW, *behind)) == "b\n m\r\n g\n\n"


def test_a_command_gets_the_name_of_the_file():
    program = "import sys; print(sys.argv[1:])"
    found = merged(command(program, "{file}", "-x", "{mine}"))
    assert found == "['shop.py', '-x', './mine.py']\n"


@pytest.mark.parametrize(
    "program",
    [
        pytest.param("print('<<<<'); raise SystemExit(1)", id="a-conflict"),
        pytest.param("import sys; sys.stdout.buffer.write(b'\\xff')", id="no-text"),
        pytest.param("print('x' * 1_000_000)", id="too-much"),
    ],
)
def test_what_is_no_answer(program):
    assert merged(command(program)) is None


def test_its_time_is_bounded():
    assert merged(command("while True: pass"), timeout_s=0.5) is None


def test_it_sees_none_of_our_secrets_and_a_home_of_its_own(monkeypatch):
    monkeypatch.setenv("SHOP_API_KEY", "secret")
    program = "import os; print('SHOP_API_KEY' in os.environ, os.environ['HOME'])"
    found = merged(command(program))
    assert found is not None
    assert found.startswith("False ")
    assert "pdd-merge-" in found


def test_off_is_off():
    assert merged("off") is None


def test_a_command_that_is_not_there_is_a_mistake_of_the_settings(tmp_path):
    with pytest.raises(ConfigError, match="merge_driver"):
        merged(str(tmp_path / "nothing"))


def test_auto_runs_mergiraf_where_it_is_on_the_path(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert merged("auto") is None
    program = tmp_path / "mergiraf"
    program.write_text(f"#!{sys.executable}\nimport sys\nprint(sys.argv[1:])\n")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    assert merged("auto") == (
        "['merge', './base.py', './mine.py', './generated.py', '-p', 'shop.py']\n"
    )
