import json
import os
import shutil

import pytest
from project import Project
from repository import NEEDS_GIT, Repository


pytestmark = NEEDS_GIT

LESS = ("prompts", "examples", "tests")
UNIT = (*LESS, "src")
CODE = "src/calculator.py"
PROMPT = "prompts/calculator_python.prompt"
NO_GIT = "no git here: decisions by hashes only; safety copies go to .pdd/safety"


def test_what_a_sparse_checkout_leaves_out_is_not_made_anew(repository):
    repository.git("sparse-checkout", "set", ".pdd", *LESS)
    project = Project(repository.root)
    assert not (project.root / CODE).exists()
    before = project.lasting()
    said = project.doit("sync")
    assert said.code == 3, said.text
    what = f"{CODE} is not checked out: it is outside of the sparse checkout"
    assert what in said.text
    assert what in project.doit("pending").out
    assert project.lasting() == before


def test_a_unit_whose_record_is_not_checked_out_is_not_new(repository):
    repository.git("sparse-checkout", "set", *UNIT)
    said = Project(repository.root).doit("sync")
    assert said.code == 3, said.text
    assert ".pdd/meta/calculator_python.json is not checked out" in said.text


def test_a_unit_whose_prompt_is_not_checked_out_is_not_gone(repository):
    repository.git("sparse-checkout", "set", "src", ".pdd/meta")
    project = Project(repository.root)
    project.write("prompts/other_python.prompt", "Write something else.\n")
    said = project.doit("pending")
    assert "calculator_python: its prompt is not checked out" in said.out
    assert "gone" not in said.out


def test_a_merge_that_waits_is_refused_with_file_and_line(repository):
    project = Project(repository.root)
    prompt = project.read(PROMPT)
    repository.git("checkout", "-q", "-b", "side")
    project.write(PROMPT, f"{prompt}- Powers, too.\n")
    repository.commit()
    repository.git("checkout", "-q", "main")
    project.write(PROMPT, f"{prompt}- Roots, too.\n")
    repository.commit()
    repository.git("merge", "-q", "side", check=False)
    before = project.lasting()
    said = project.doit("sync")
    assert said.code == 4, said.text
    line = project.read(PROMPT).splitlines().index("<<<<<<< HEAD") + 1
    what = f"{PROMPT}:{line}: a git conflict is not resolved: both sides changed it"
    assert what in said.text
    assert f"resolve it and `git add {PROMPT}`" in said.text
    assert project.lasting() == before
    project.write(PROMPT, prompt)
    repository.git("add", PROMPT)
    assert project.doit("sync").code == 0


@pytest.mark.parametrize("situation", ["detached", "worktree", "shallow", "no commits"])
def test_a_unit_in_sync_is_in_sync_however_it_is_checked_out(
    repository, tmp_path, situation
):
    root = tmp_path / "other"
    match situation:
        case "detached":
            repository.git("checkout", "-q", "--detach")
            root = repository.root
        case "worktree":
            repository.git("worktree", "add", "-q", str(root))
        case "shallow":
            url = f"file://{repository.root}"
            repository.git("clone", "-q", "--depth=1", url, str(root))
        case _:
            shutil.copytree(repository.root, root)
            shutil.rmtree(root / ".git")
            Repository(root)
    project = Project(root)
    assert "nothing to do" in project.doit("sync").out
    (root / CODE).unlink()
    said = project.doit("sync")
    assert said.code == 0, said.text
    assert "generate: there is no code: it was deleted" in said.out
    assert "no git" not in said.err


def test_without_git_people_are_told_once_a_run(repository, tmp_path, monkeypatch):
    shutil.rmtree(repository.root / ".git")
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    project = Project(repository.root)
    quiet = project.doit("sync")
    assert ("nothing to do" in quiet.out, quiet.err) == (True, "")
    (project.root / CODE).unlink()
    said = project.doit("sync")
    assert said.code == 0, said.text
    assert said.err.splitlines().count(NO_GIT) == 1


def test_a_run_that_finds_nothing_to_do_asks_git_nothing(repository, tmp_path):
    noted = tmp_path / "noted"
    fake = tmp_path / "bin" / "git"
    fake.parent.mkdir()
    fake.write_text(f'#!/bin/sh\necho "$*" >>{noted}\nexit 1\n', encoding="utf-8")
    fake.chmod(0o755)
    path = f"{fake.parent}{os.pathsep}{os.environ['PATH']}"
    project = Project(repository.root)
    assert "nothing to do" in project.doit("sync", PATH=path).out
    assert project.doit("list", PATH=path).code == 0
    assert not noted.exists()
    (project.root / CODE).unlink()
    project.doit("pending", PATH=path)
    assert noted.exists()


def test_what_changed_is_shown_where_asked(repository):
    project = Project(repository.root)
    text = project.read(CODE)
    project.write(CODE, f"{text}\n\ndef double(number):\n    return 2 * number\n")
    plain = project.doit("pending")
    shown = project.doit("pending", "calculator", "--changes")
    block = (
        "calculator_python changes: impact low, structural\n  code src/calculator.py"
    )
    assert block in shown.out
    assert "changed, +4 -0 lines; added double\n" in shown.out
    assert "next: update: run example" in shown.out
    assert "changes" not in plain.out
    found = json.loads(project.doit("pending", "--changes", "--json").out)
    (unit,) = found["units"]
    assert unit["changes"]["files"][0]["symbols"]["added"] == ["double"]
