import os
import random

import pytest
from repository import NEEDS_GIT, Repository

from pdd_tasks.core.model.git_status import (
    Changed,
    Entry,
    GitStatus,
    Ignored,
    Renamed,
    Unmerged,
    Untracked,
)
from pdd_tasks.core.model.git_status_form import parse_status


pytestmark = NEEDS_GIT

ODD = (
    "plain",
    "with blank",
    'quo"te',
    "back\\slash",
    "new\nline",
    "tab\there",
    "-dash",
    "folder/füñf",
    "folder/\udcff\udcfe",
    " leading",
    "trailing ",
    "->",
    "[x]*?",
)
LINES = "".join(f"line {number}\n" for number in range(30))
CHANGES = ("stay", "edit", "rm", "git rm", "mv", "link", "mode")


@pytest.fixture
def repository(tmp_path):
    return Repository(tmp_path / "repository")


def _status(repository: Repository, *options: str) -> GitStatus:
    arguments = ("status", "--porcelain=2", "-z", "--branch", *options)
    return parse_status(repository.git(*arguments))


# --- the parser against git's other form


def _short(status: GitStatus) -> list[tuple[str, ...]]:
    """Return entries as ``--porcelain=1 -z`` says them."""
    return [_words(entry) for entry in status.entries]


def _words(entry: Entry) -> tuple[str, ...]:
    match entry:
        case Changed():
            return (f"{entry.index}{entry.worktree}".replace(".", " "), entry.path)
        case Renamed():
            first = _words(entry.change)
            return (*first, entry.source)
        case Unmerged():
            return (str(entry.sides), entry.path)
        case Untracked():
            return ("??", entry.path)
        case Ignored():
            return ("!!", entry.path)


def _said_shortly(repository: Repository, *options: str) -> list[tuple[str, ...]]:
    said = repository.git("status", "--porcelain=1", "-z", *options)
    records = iter(os.fsdecode(said).split("\0")[:-1])
    found: list[tuple[str, ...]] = []
    for record in records:
        words = (record[:2], record[3:])
        moved = {"R", "C"} & set(record[:2]) and "U" not in record[:2]
        found.append((*words, next(records)) if moved else words)
    return found


def _shuffled(repository: Repository, seed: int) -> None:
    """Change a repository in a way of its own."""
    # the same every time: a test of what git says, no secret
    some = random.Random(seed)  # noqa: S311
    for number, name in enumerate(ODD):
        repository.write(name, f"{number}\n{LINES}")
    repository.write(".gitignore", "*.ignored\n")
    repository.commit()
    for name in ODD:
        _change(repository, name, some.choice(CHANGES))
        if some.random() < 0.3:
            repository.git("add", "-A", "--", ".")
    repository.write("new.ignored")
    repository.write("untracked/inside")
    repository.write("promised")
    repository.git("add", "-N", "--", "promised")


def _change(repository: Repository, name: str, change: str) -> None:
    path = repository.root / name
    if change in {"rm", "link"}:
        path.unlink()
    match change:
        case "link":
            path.symlink_to("nowhere")
        case "edit":
            path.write_text(LINES, encoding="utf-8")
        case "git rm":
            repository.git("rm", "-q", "--", name)
        case "mv":
            repository.git("mv", "--", name, f"{name} moved")
        case "mode":
            path.chmod(0o755)
        case _:
            pass


@pytest.mark.parametrize("seed", [pytest.param(n, id=str(n)) for n in range(12)])
def test_what_git_says_in_both_of_its_forms_is_the_same(repository, seed):
    _shuffled(repository, seed)
    options = ("--ignored", "--find-renames=40%")
    assert _short(_status(repository, *options)) == _said_shortly(repository, *options)


def test_every_kind_of_conflict_is_read(repository):
    names = ("UU", "DU", "UD", "renamed")
    for name in names:
        repository.write(name, f"{name}\n{LINES}")
    repository.commit()
    repository.git("checkout", "-q", "-b", "side")
    repository.write("UU", "theirs\n")
    repository.write("AA", "theirs\n")
    repository.write("DU", "theirs\n")
    repository.git("rm", "-q", "UD")
    repository.git("mv", "renamed", "UA")
    repository.commit()
    repository.git("checkout", "-q", "main")
    repository.write("UU", "ours\n")
    repository.write("AA", "ours\n")
    repository.git("rm", "-q", "DU")
    repository.write("UD", "ours\n")
    repository.git("mv", "renamed", "AU")
    repository.commit()
    repository.git("merge", "-q", "side", check=False)
    found = {path: str(e.sides) for path, e in _status(repository).unmerged.items()}
    same = {name: name for name in ("UU", "AA", "DU", "UD", "UA", "AU")}
    assert found == {**same, "renamed": "DD"}


def test_the_states_of_a_submodule_are_read(repository, tmp_path):
    inner = Repository(tmp_path / "inner")
    inner.write("file")
    inner.commit()
    repository.git("submodule", "--quiet", "add", str(inner.root), "sub")
    repository.commit()
    repository.write("sub/file", "edited\n")
    repository.write("sub/other")
    (entry,) = _status(repository).entries
    assert isinstance(entry, Changed)
    found = entry.submodule
    assert found is not None
    assert (found.commit, found.modified, found.untracked) == (False, True, True)
    repository.git("add", "-A", cwd="sub")
    repository.git("commit", "-q", "-m", "x", cwd="sub")
    (entry,) = _status(repository).entries
    assert isinstance(entry, Changed)
    found = entry.submodule
    assert found is not None
    assert (found.commit, found.modified, found.untracked) == (True, False, False)


def test_a_copy_is_told_from_a_rename(repository):
    repository.git("config", "status.renames", "copies")
    repository.write("old", LINES)
    repository.commit()
    repository.write("old", f"{LINES}more\n")
    repository.write("new", LINES)
    repository.git("add", "-A")
    status = _status(repository)
    copies = [entry for entry in status.entries if isinstance(entry, Renamed)]
    assert [(c.source, c.path, c.copied) for c in copies] == [("old", "new", True)]
    assert status.renamed == {}


def test_a_branch_that_follows_another_is_read(repository, tmp_path):
    repository.commit()
    clone = Repository(tmp_path / "clone", init=())
    clone.git("clone", "-q", str(repository.root), ".")
    clone.commit("mine")
    repository.commit("first")
    repository.commit("second")
    clone.git("fetch", "-q")
    branch = _status(clone).branch
    assert (branch.name, branch.upstream) == ("main", "origin/main")
    assert (branch.ahead, branch.behind) == (1, 2)
    quick = _status(clone, "--no-ahead-behind").branch
    assert (quick.ahead, quick.behind) == (None, None)
