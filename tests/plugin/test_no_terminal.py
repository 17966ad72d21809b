"""Without a terminal nobody is asked, and nothing waits for an answer."""

import shutil
import subprocess
import sys
from importlib.metadata import entry_points

import pytest
from project import Project, clean_environment


CODE = "src/calculator.py"
PROMPT = "prompts/calculator_python.prompt"
COMMANDS = sorted(
    one.name
    for one in entry_points(group="doit.COMMAND")
    if one.value.startswith("pdd_tasks.")
)
WORDS = {
    "bug": ("calculator", "add(1, 1) gives 3; expected 2"),
    "cache": ("gc",),
    "completion": ("words",),
    "explain": ("calculator",),
    "merge": ("calculator",),
    "undo": ("calculator", "--last"),
}


@pytest.fixture(scope="module")
def both_changed(first_calculator, tmp_path_factory) -> Project:
    """Return a unit of which prompt and code both changed, under no repository."""
    root = tmp_path_factory.mktemp("both") / "calculator"
    shutil.copytree(first_calculator[0].root, root)
    project = Project(root)
    project.write(PROMPT, project.read(PROMPT) + "- More.\n")
    project.write(CODE, project.read(CODE).replace("return", "return 0 +", 1))
    return project


def ended(project: Project, *words: str) -> int:
    """Return how a command ends whose standard input is open and never says a word."""
    with subprocess.Popen(
        [sys.executable, "-m", "doit", *words],
        cwd=project.root,
        env=clean_environment() | {"CI": "true"},
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        try:
            return process.wait(timeout=120)
        finally:
            process.kill()


@pytest.mark.parametrize("command", [pytest.param(name, id=name) for name in COMMANDS])
def test_no_command_waits_for_an_answer(both_changed, command):
    assert ended(both_changed, command, *WORDS.get(command, ())) in range(6)


@pytest.mark.parametrize(
    "words",
    [
        pytest.param((), id="sync"),
        pytest.param(("profile=safe",), id="a profile that asks"),
        pytest.param(("interactive=1",), id="merging in the middle"),
        pytest.param(("confirm_above=0",), id="an amount that asks"),
        pytest.param(("force=1", "accept_updates=1"), id="forced"),
    ],
)
def test_no_sync_waits_for_an_answer(both_changed, words):
    assert ended(both_changed, "sync:calculator", *words) in range(1, 6)
