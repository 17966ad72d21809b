"""What git is asked about a checkout, and what it is when it cannot be asked."""

import os
import re
from pathlib import Path, PurePosixPath

import pytest
from repository import NEEDS_GIT, Repository

from pdd_tasks.adapters.git_status import GitCheckout


pytestmark = NEEDS_GIT

LINES = "".join(f"line {number}\n" for number in range(30))
CODE = PurePosixPath("src/code.py")


@pytest.fixture
def repository(tmp_path):
    return Repository(tmp_path / "repository")


def _checkout(root: Path) -> tuple[GitCheckout, list[str]]:
    said: list[str] = []
    return GitCheckout(root, said.append), said


def test_a_project_in_a_folder_of_its_repository_has_paths_of_its_own(repository):
    repository.write("deep/er/prompts/old", LINES)
    repository.write("prompts/old", LINES)
    repository.commit()
    repository.git("mv", "deep/er/prompts/old", "deep/er/prompts/new")
    checkout, said = _checkout(repository.root / "deep/er")
    assert checkout.former(PurePosixPath("prompts/new")) == PurePosixPath("prompts/old")
    checkout.announce()
    assert said == []


def test_a_file_that_came_from_outside_of_the_project_was_nowhere_in_it(repository):
    repository.write("old", LINES)
    repository.commit()
    (repository.root / "project").mkdir()
    repository.git("mv", "old", "project/new")
    repository.commit()
    checkout, _ = _checkout(repository.root / "project")
    assert checkout.former(PurePosixPath("new")) is None


@pytest.mark.parametrize(
    "edited, followed",
    [
        pytest.param(LINES, True, id="as it was"),
        pytest.param(LINES + "more\n", True, id="edited a little"),
        pytest.param("all else\n" * 30, False, id="rewritten"),
    ],
)
@pytest.mark.parametrize("committed", [True, False], ids=["committed", "staged"])
def test_a_rename_is_followed_by_similarity(repository, edited, followed, committed):
    repository.write("old ü", LINES)
    repository.commit()
    repository.git("mv", "old ü", "new\n")
    repository.write("new\n", edited)
    repository.git("add", "-A")
    if committed:
        repository.commit()
        repository.commit("another")
    found = _checkout(repository.root)[0].former(PurePosixPath("new\n"))
    assert found == (PurePosixPath("old ü") if followed else None)


@pytest.mark.parametrize("cone", [True, False], ids=["cone", "patterns"])
@pytest.mark.parametrize("index", [True, False], ids=["sparse index", "full index"])
def test_what_a_sparse_checkout_leaves_out_is_elsewhere(repository, cone, index):
    for path in ("src/code.py", "prompts/code_python.prompt", "tests/test_code.py"):
        repository.write(path)
    repository.commit()
    mode = "--cone" if cone else "--no-cone"
    repository.git("sparse-checkout", "init", mode, *(["--sparse-index"] * index))
    repository.git("sparse-checkout", "set", *(["prompts"] if cone else ["/prompts/"]))
    assert not (repository.root / CODE).exists()
    checkout, _ = _checkout(repository.root)
    test, gone = PurePosixPath("tests/test_code.py"), PurePosixPath("src/gone.py")
    reason = "it is outside of the sparse checkout"
    assert checkout.elsewhere([CODE, test, gone]) == {CODE: reason, test: reason}
    assert not checkout.skips("code_python.prompt")
    repository.git("sparse-checkout", "set", *(["src"] if cone else ["/src/"]))
    again, _ = _checkout(repository.root)
    assert again.skips("code_python.prompt")
    assert not again.skips("python.prompt")


def test_a_file_that_was_deleted_is_not_elsewhere(repository):
    repository.write(str(CODE))
    repository.commit()
    (repository.root / CODE).unlink()
    assert _checkout(repository.root)[0].elsewhere([CODE]) == {}


def test_a_submodule_that_is_not_checked_out_is_elsewhere(repository, tmp_path):
    inner = Repository(tmp_path / "inner")
    inner.write("code.py")
    inner.commit()
    repository.git("submodule", "--quiet", "add", str(inner.root), "src")
    repository.commit()
    clone = Repository(tmp_path / "clone", init=())
    clone.git("clone", "-q", str(repository.root), ".")
    reason = "it is in the submodule src, which is not checked out"
    assert _checkout(clone.root)[0].elsewhere([CODE]) == {CODE: reason}
    clone.git("submodule", "--quiet", "update", "--init")
    assert _checkout(clone.root)[0].elsewhere([CODE, CODE.with_name("new.py")]) == {}


def test_a_project_in_a_submodule_is_asked_about_there(repository, tmp_path):
    inner = Repository(tmp_path / "inner")
    inner.write("old", LINES)
    inner.commit()
    repository.git("submodule", "--quiet", "add", str(inner.root), "project")
    repository.git("mv", "old", "new", cwd="project")
    checkout, _ = _checkout(repository.root / "project")
    assert checkout.trouble == ""
    assert checkout.former(PurePosixPath("new")) == PurePosixPath("old")


def test_a_linked_work_tree_is_asked_about_there(repository, tmp_path):
    repository.write("old", LINES)
    repository.commit()
    repository.git("worktree", "add", "-q", str(tmp_path / "linked"))
    linked = Repository(tmp_path / "linked", init=())
    linked.git("mv", "old", "new")
    assert _checkout(linked.root)[0].former(PurePosixPath("new")) is not None
    assert _checkout(repository.root)[0].former(PurePosixPath("old")) is None


def test_a_merge_that_waits_names_its_files(repository):
    repository.write("src/code.py", "base\n")
    repository.commit()
    repository.git("checkout", "-q", "-b", "side")
    repository.write("src/code.py", "theirs\n")
    repository.commit()
    repository.git("checkout", "-q", "main")
    repository.git("rm", "-q", "src/code.py")
    repository.commit()
    repository.git("merge", "-q", "side", check=False)
    found = _checkout(repository.root)[0].unmerged()
    assert found == {CODE: "it was deleted by us"}
    assert _checkout(repository.root / "src")[0].unmerged() == {
        PurePosixPath("code.py"): "it was deleted by us"
    }


@pytest.mark.parametrize("state", ["no commits", "detached", "shallow", "sha256"])
def test_there_is_nothing_to_say_about_a_repository_that_can_be_asked(tmp_path, state):
    init = ("--object-format=sha256",) if state == "sha256" else ("-b", "main")
    repository = Repository(tmp_path / "one", init=init)
    if state != "no commits":
        repository.write("file")
        repository.commit()
        repository.commit()
    if state == "detached":
        repository.git("checkout", "-q", "--detach")
    root = repository.root
    if state == "shallow":
        root = tmp_path / "two"
        repository.git(
            "clone", "-q", "--depth=1", f"file://{repository.root}", str(root)
        )
    checkout, said = _checkout(root)
    checkout.announce()
    assert said == []
    assert checkout.shallow is (state == "shallow")
    assert checkout.unmerged() == {}
    assert checkout.elsewhere([CODE]) == {}
    assert checkout.former(CODE) is None


def _unusable(checkout: GitCheckout) -> None:
    assert checkout.unmerged() == {}
    assert checkout.elsewhere([CODE]) == {}
    assert checkout.former(CODE) is None
    assert not checkout.skips("code_python.prompt")
    assert not checkout.shallow


NO_GIT = "no git here: decisions by hashes only; safety copies go to .pdd/safety"


def test_a_folder_without_git_is_said_to_be_one(tmp_path, monkeypatch):
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    (tmp_path / "plain").mkdir()
    checkout, said = _checkout(tmp_path / "plain")
    _unusable(checkout)
    assert said == []
    checkout.announce()
    assert said == [NO_GIT]


def test_a_bare_repository_is_no_work_tree(tmp_path):
    bare = Repository(tmp_path / "bare", init=("--bare",))
    checkout, _ = _checkout(bare.root)
    assert checkout.trouble == NO_GIT


def _fake_git(folder: Path, script: str) -> str:
    """Put a git that is none first on the path and return that path."""
    folder.mkdir()
    program = folder / "git"
    program.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    program.chmod(0o755)
    return f"{folder}{os.pathsep}{os.environ['PATH']}"


def test_a_machine_without_git_is_said_to_be_one(repository, monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    checkout, _ = _checkout(repository.root)
    _unusable(checkout)
    assert checkout.trouble == NO_GIT


@pytest.mark.parametrize(
    "script, said",
    [
        pytest.param(
            'case "$*" in *rev-parse*) echo false; echo;; *version) '
            'echo git version 1.8.3;; *) echo "error: unknown option porcelain=2" '
            ">&2; exit 129;; esac",
            "git version 1.8.3 is too old to be asked: decisions by hashes only",
            id="too old",
        ),
        pytest.param(
            "echo \"fatal: detected dubious ownership in repository at '/x'\" >&2;"
            " exit 128",
            "git does not trust this folder, `git config --global --add"
            " safe.directory .*` would change that: decisions by hashes only;"
            " safety copies go to .pdd/safety",
            id="not trusted",
        ),
        pytest.param(
            "echo 'fatal: index file corrupt' >&2; exit 128",
            r"git cannot be asked \(index file corrupt\): decisions by hashes only;"
            " safety copies go to .pdd/safety",
            id="broken",
        ),
        pytest.param(
            "printf 'X what\\0'",
            r"git's answers cannot be used \(record 1 of git status is not known:"
            r" 'X what'\): decisions by hashes only",
            id="too new",
        ),
    ],
)
def test_a_git_that_cannot_be_asked_is_said_with_the_reason(
    repository, monkeypatch, tmp_path, script, said
):
    monkeypatch.setenv("PATH", _fake_git(tmp_path / "bin", script))
    checkout, _ = _checkout(repository.root)
    _unusable(checkout)
    assert re.fullmatch(said, checkout.trouble)


def test_a_repository_of_another_user_is_not_trusted(repository, monkeypatch):
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    checkout, _ = _checkout(repository.root)
    assert checkout.trouble.startswith("git does not trust this folder")


def test_git_is_asked_when_the_first_question_is(tmp_path):
    checkout, _ = _checkout(tmp_path / "later")
    Repository(tmp_path / "later")
    assert checkout.trouble == ""


def _state(folder: Path) -> dict[str, tuple[bytes, int]]:
    """Return every file of a repository, git's own among them."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return {str(p): (p.read_bytes(), p.stat().st_mtime_ns) for p in files}


def _asked(root: Path) -> tuple[object, ...]:
    checkout, said = _checkout(root)
    checkout.announce()
    return (
        said,
        checkout.unmerged(),
        checkout.elsewhere([CODE]),
        checkout.former(PurePosixPath("new")),
        checkout.former(PurePosixPath("other")),
        checkout.skips("code.py"),
    )


@pytest.fixture
def moved(repository):
    """Return a repository in which something can be said about a file."""
    repository.write("old", LINES)
    repository.write("other", "text\n")
    repository.write(str(CODE))
    repository.commit()
    repository.git("mv", "old", "new")
    repository.git("update-index", "--skip-worktree", str(CODE))
    (repository.root / CODE).unlink()
    return repository


def test_asking_changes_nothing(moved):
    (moved.root / "other").touch()  # what a plain status would refresh in the index
    before = _state(moved.root)
    said, *answers = _asked(moved.root)
    assert (said, answers[2]) == ([], PurePosixPath("old"))
    assert _state(moved.root) == before


@pytest.mark.parametrize(
    "name, value",
    [
        ("status.renames", "false"),
        ("diff.renames", "false"),
        ("status.relativePaths", "true"),
        ("status.showStash", "true"),
        ("status.branch", "false"),
        ("status.short", "true"),
        ("status.showUntrackedFiles", "all"),
        ("color.ui", "always"),
        ("column.ui", "always"),
        ("core.quotePath", "false"),
        ("core.fsmonitor", "false-program"),
        ("log.showSignature", "true"),
        ("log.diffMerges", "combined"),
        ("diff.noprefix", "true"),
        ("core.pager", "exit 1"),
    ],
)
def test_a_persons_configuration_changes_no_answer(moved, name, value):
    before = _asked(moved.root)
    moved.git("config", name, value)
    assert _asked(moved.root) == before


def test_the_variables_of_a_hook_change_no_answer(moved, monkeypatch, tmp_path):
    before = _asked(moved.root)
    for name in ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY"):
        monkeypatch.setenv(name, str(tmp_path / "elsewhere"))
    monkeypatch.setenv("GIT_PREFIX", "src/")
    assert _asked(moved.root) == before
