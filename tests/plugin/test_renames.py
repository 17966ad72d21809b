import json
import os
import shutil

import pytest
from project import Project
from repository import NEEDS_GIT, Repository
from stages import copied, counted, killed, state


pytestmark = NEEDS_GIT

UNIT = ("prompts", "src", "examples", "tests")
OLD = {
    "prompts": "prompts/calculator_python.prompt",
    "src": "src/calculator.py",
    "examples": "examples/calculator_example.py",
    "tests": "tests/test_calculator.py",
}
NEW = {what: path.replace("calculator", "calc") for what, path in OLD.items()}


def _move(repository: Repository, *what: str) -> Project:
    """Rename files of the calculator with git, and mend the imports."""
    project = Project(repository.root)
    for one in what:
        repository.git("mv", OLD[one], NEW[one])
        text = project.read(NEW[one])
        if one != "prompts":
            text = text.replace("from calculator import", "from calc import")
        project.write(NEW[one], text)
    return project


@pytest.mark.parametrize("committed", [True, False], ids=["committed", "staged"])
def test_a_renamed_unit_keeps_its_history_and_asks_no_model(repository, committed):
    project = _move(repository, *UNIT)
    if committed:
        repository.commit()
    before = project.doit("pending")
    assert ("renamed from" in before.out, "gone" in before.out) == (True, False)
    said = project.doit("sync")
    assert said.code == 0, said.text
    assert "renamed from calculator_python" in said.out
    assert "recorded repl" not in said.out
    assert "sync: 1 unit in sync; 3 steps run\n" in said.out
    again = project.doit("sync")
    assert "sync: 1 unit in sync; nothing to do" in again.out
    assert project.doit("pending").out == "1 of 1 units in sync\n"
    old, new = ".pdd/meta/calculator_python", ".pdd/meta/calc_python"
    assert not list(project.root.glob(f"{old}*"))
    history = json.loads(project.read(f"{new}.json"))["history"]
    assert [entry["operation"] for entry in history][1] == "generate"


@pytest.mark.slow
def test_a_takeover_killed_at_any_change_is_completed_by_one_plain_run(
    committed_calculator, tmp_path, tell
):
    before = copied(Project(committed_calculator.root), tmp_path / "before")
    _move(Repository(before.root, init=()), *UNIT)
    shutil.rmtree(before.root / ".git")
    task = "sync:calc_python:auto-deps"
    events = counted(copied(before, tmp_path / "counted"), "doit", task)
    after = copied(before, tmp_path / "after")
    assert after.doit("sync").code == 0
    chosen = range(1, len(events) + 1, 1 if os.environ.get("ALL_POINTS") else 3)
    for number in chosen:
        project = copied(before, tmp_path / str(number))
        killed(project, number, "doit", task)
        said = project.doit("sync")
        assert said.code == 0, said.text
        assert "live call" not in said.out.replace("0 live calls", "")
        assert state(project) == state(after), f"killed before {events[number - 1]}"
    tell(f"takeover: killed at {len(chosen)} of {len(events)} points, all completed")
    assert len(events) >= 20


def test_a_renamed_prompt_whose_files_were_left_behind_waits(repository):
    project = _move(repository, "prompts")
    before = project.lasting()
    said = project.doit("sync")
    assert said.code == 4, said.text
    assert (
        "renamed from calculator_python, which left src/calculator.py,"
        " examples/calculator_example.py, tests/test_calculator.py behind" in said.text
    )
    assert f"git mv {OLD['src']} {NEW['src']}" in said.text
    assert project.lasting() == before
    _move(repository, *UNIT[1:])
    assert project.doit("sync").code == 0


def test_a_unit_that_cannot_be_looked_at_leaves_the_old_one_gone(repository):
    project = _move(repository, *UNIT)
    project.write(NEW["prompts"], "")
    said = project.doit("pending")
    assert f"{NEW['prompts']} is empty" in said.out
    assert "calculator_python: its prompt is gone" in said.out


def test_a_prompt_that_git_saw_renamed_and_edited_takes_over_too(repository):
    project = _move(repository, *UNIT)
    project.write(NEW["prompts"], project.read(NEW["prompts"]) + "\nBe quick.\n")
    repository.git("add", "-A")
    due = project.pending()
    assert ("auto-deps", "inject dependencies") in due
    assert ("generate", "generate") in due
