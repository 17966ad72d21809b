"""The examples from scratch, and all that must leave them in sync."""

import os

import pytest
from project import Project
from surface import git, owned, steps


MADE = {
    "src/calculator.py",
    "examples/calculator_example.py",
    "tests/test_calculator.py",
}
META = {".pdd/meta/calculator_python.json", ".pdd/meta/calculator_python_run.json"}


def test_an_example_is_made_from_four_recorded_replies(first_calculator):
    project, said = first_calculator

    assert said.code == 0, said.text
    assert project.contents().keys() >= MADE | META
    assert steps(said) == [
        "auto-deps",
        "generate",
        "example",
        "crash",
        "verify",
        "test",
    ]
    last = said.out.splitlines()[-1]
    assert last.startswith(
        "sync: 1 unit in sync; 6 steps run; 0 live calls, $0.0000; 4 "
    )
    assert "coverage 100.0 %" in said.out


def test_every_step_says_why_it_ran(first_calculator):
    _, said = first_calculator

    assert "calculator_python generate: there is no code (1 recorded reply" in said.out
    assert "calculator_python test: there are no tests (1 recorded reply" in said.out


@pytest.mark.parametrize(
    "words",
    [
        pytest.param(("sync:calculator",), id="by basename"),
        pytest.param((), id="everything"),
        pytest.param(("run", "-n", "4", "-P", "thread"), id="in threads"),
        pytest.param(("list", "--all", "--status"), id="list"),
        pytest.param(("info", "sync:calculator_python:test"), id="info"),
        pytest.param(("pending", "--exit-code"), id="pending"),
    ],
)
def test_a_second_run_does_nothing_and_changes_no_file(synced, words):
    before = synced.files()

    said = synced.doit(*words)

    assert said.code == 0, said.text
    assert steps(said) == []
    assert synced.files() == before


def test_a_second_run_says_so_in_one_line(synced):
    assert synced.doit("sync:calculator").out == "sync: 1 unit in sync; nothing to do\n"


def test_the_program_keeps_no_database(first_calculator):
    project, _ = first_calculator

    assert list(project.root.glob(".doit.db*")) == []


def test_code_that_fails_a_persons_test_is_repaired(tmp_path):
    project, said = owned("roman", tmp_path)
    mine = Project.of_example("roman", tmp_path / "again").read("tests/test_roman.py")
    before = project.files()
    again = project.doit()

    assert said.code == 0, said.text
    assert "fix" in steps(said)
    assert project.read("tests/test_roman.py").startswith(mine.rstrip())
    assert (again.code, steps(again)) == (0, [])
    assert project.files() == before


def committed(project):
    project.write(".gitignore", "__pycache__/\n")  # as any project in Python has
    git(project, "init", "-q", "-b", "main")
    git(project, "add", "-A")
    git(project, "commit", "-q", "-m", "in sync")
    return project


def touch_every_file(project, _):
    for path in project.root.rglob("*"):
        if path.is_file():
            os.utime(path, (1, 1))
    return project


def lose_what_git_does_not_keep(project, _):
    git(project, "clean", "-fdxq")
    return project


def clone(project, folder):
    git(project, "clone", "-q", ".", str(folder / "clone"))
    return Project(folder / "clone")


def move(project, folder):
    return Project(project.root.rename(folder / "elsewhere"))


@pytest.mark.git
@pytest.mark.parametrize(
    "mishap",
    [
        pytest.param(touch_every_file, id="every file touched"),
        pytest.param(lose_what_git_does_not_keep, id="untracked files lost"),
        pytest.param(clone, id="cloned elsewhere"),
        pytest.param(move, id="moved"),
    ],
)
def test_nothing_is_pending_while_the_contents_agree(synced, tmp_path, mishap):
    project = mishap(committed(synced), tmp_path)

    assert project.doit("pending", "--exit-code").code == 0
    assert project.doit().out == "sync: 1 unit in sync; nothing to do\n"
    assert git(project, "status", "--porcelain") == ""


@pytest.mark.git
def test_an_older_commit_and_the_way_back_leave_nothing_pending(synced):
    committed(synced)
    synced.write("src/calculator.py", synced.read("src/calculator.py") + "# more\n")
    assert synced.doit().code == 0
    git(synced, "commit", "-q", "-a", "-m", "later")

    git(synced, "checkout", "-q", "HEAD~1")
    older = synced.doit("pending", "--exit-code")
    git(synced, "checkout", "-q", "main")
    newer = synced.doit("pending", "--exit-code")

    assert (older.code, newer.code) == (0, 0), older.text + newer.text
    assert git(synced, "status", "--porcelain") == ""


@pytest.mark.git
def test_what_a_commit_holds_is_what_decides(synced):
    committed(synced)

    tracked = set(git(synced, "ls-files").splitlines())

    assert tracked >= MADE | META
    assert not {name for name in tracked if ".pdd/baseline" in name or "locks" in name}
