"""What git says is staged, for the project's own folder alone."""

from pathlib import Path, PurePosixPath

import pytest
from repository import NEEDS_GIT, Repository

from pdd_tasks.adapters.git_index import GitIndex


pytestmark = NEEDS_GIT
FILE = PurePosixPath("a b.txt")


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    """Return a repository with a project in a subfolder."""
    found = Repository(tmp_path / "top")
    found.write("project/a b.txt", "old\n")
    found.write("other.txt")
    found.commit()
    return found


def index(repository: Repository, **environment: str) -> GitIndex:
    return GitIndex(repository.root / "project", environment)


def test_nothing_is_staged_after_a_commit(repository):
    found = index(repository)
    assert (found.staged, found.later, found.unknown) == (frozenset(), frozenset(), "")


def test_a_file_is_read_as_it_is_staged(repository):
    repository.write("project/a b.txt", "staged\n")
    repository.git("add", "-A")
    repository.write("project/a b.txt", "later\n")

    found = index(repository)

    assert found.staged == {FILE}
    assert found.later == {FILE}
    assert found.read(FILE) == b"staged\n"


def test_what_is_not_tracked_comes_later_unless_git_ignores_it(repository):
    repository.write("project/new.txt")
    repository.write("project/.gitignore", "ignored.txt\n")
    repository.write("project/ignored.txt")
    found = index(repository)
    assert {str(path) for path in found.later} == {".gitignore", "new.txt"}
    assert found.read(PurePosixPath("new.txt")) is None


def test_a_removal_is_staged(repository):
    repository.git("rm", "-q", "--cached", "project/a b.txt")
    found = index(repository)
    assert FILE in found.staged
    assert found.read(FILE) is None


def test_everything_is_staged_before_the_first_commit(tmp_path):
    repository = Repository(tmp_path / "top")
    repository.write("project/a b.txt")
    repository.git("add", "-A")
    assert index(repository).staged == {FILE}


def test_the_index_that_a_hook_is_given_counts(repository):
    repository.write("project/a b.txt", "new\n")
    other = repository.root / ".git/other-index"
    other.write_bytes((repository.root / ".git/index").read_bytes())
    repository.git("add", "-A")

    assert index(repository, GIT_INDEX_FILE=".git/other-index").staged == frozenset()
    assert index(repository, GIT_INDEX_FILE=str(other)).staged == frozenset()
    assert index(repository).staged == {FILE}


def test_a_folder_without_git_is_unknown(tmp_path):
    assert "not a git repository" in GitIndex(tmp_path, {}).unknown


def test_a_broken_index_is_unknown_and_not_empty(repository):
    (repository.root / ".git/index").write_bytes(b"x" * 100)
    found = index(repository)
    assert found.staged == frozenset()
    assert found.unknown != ""
