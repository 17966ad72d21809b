"""A run that has nothing to do loads nothing that only work needs."""

import json
import subprocess
import sys

import pytest
from project import Project, unmeasured_environment
from stages import copied


HEAVY = (
    "asyncio",
    "filelock",
    "httpx",
    "jsonschema",
    "junitparser",
    "litellm",
    "networkx",
    "openai",
    "psutil",
    "rich",
    "sqlite3",
    "xml",
)
RUN = """
import json
import runpy
import sys

heavy, sys.argv = sys.argv[1].split(","), ["doit", *sys.argv[2:]]
try:
    runpy.run_module("doit", run_name="__main__", alter_sys=True)
finally:
    loaded = [name for name in heavy if name in sys.modules]
    print(json.dumps(loaded), file=sys.stderr)
"""
LOAD = """
import json
import sys

import pdd_tasks

loaded = [name for name in sys.argv[1].split(",") if name in sys.modules]
print(json.dumps(loaded), file=sys.stderr)
"""


def loaded(program: str, project: Project, *words: str) -> list[str]:
    """Return which of the heavy modules a program in a project loads."""
    done = subprocess.run(
        [sys.executable, "-c", program, ",".join(HEAVY), *words],
        cwd=project.root,
        env=unmeasured_environment(),
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    names: list[str] = json.loads(done.stderr.splitlines()[-1])
    return names


@pytest.mark.parametrize(
    "words",
    [
        pytest.param(("sync:calculator",), id="sync"),
        pytest.param(("pending",), id="pending"),
    ],
)
def test_a_command_with_nothing_to_do_loads_nothing_heavy(calculator, tmp_path, words):
    project = copied(calculator.end, tmp_path / "project")
    assert loaded(RUN, project, *words) == []


def test_the_package_alone_loads_nothing_heavy(calculator):
    assert loaded(LOAD, calculator.end) == []
