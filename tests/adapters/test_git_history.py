"""Where a file's bytes are from, in real repositories."""

from pathlib import PurePosixPath

import pytest
from repository import NEEDS_GIT, Repository

from pdd_tasks.adapters.files import raw_digest
from pdd_tasks.adapters.git_history import GitHistory, Origin


pytestmark = NEEDS_GIT
FILE = PurePosixPath("docs/some file.md")


@pytest.fixture
def repository(tmp_path):
    """Return a repository whose project is a folder in it, with three versions."""
    found = Repository(tmp_path / "top")
    for text in ("one\n", "two\n", "three\n"):
        found.write(f"project/{FILE}", text)
        found.commit(f"Say {text}")
    found.write("project/other.md", "other\n")
    found.commit("Say other things")
    return found


def history(repository):
    return GitHistory(repository.root / "project")


def test_versions_are_those_of_the_file_the_newest_first(repository):
    found = history(repository).versions(FILE)
    assert [one.data for one in found] == [b"three\n", b"two\n", b"one\n"]
    assert [one.commit.subject for one in found] == ["Say three", "Say two", "Say one"]
    assert {one.commit.author for one in found} == {"a"}


@pytest.mark.parametrize(
    "before, earlier",
    [
        pytest.param(b"two\n", 0, id="the one before"),
        pytest.param(b"one\n", 1, id="two before"),
        pytest.param(b"never\n", 2, id="in no commit"),
    ],
)
def test_the_newest_commit_brought_it_and_those_since_are_counted(
    repository, before, earlier
):
    found = history(repository).origin(FILE, raw_digest(before))
    assert found.commit is not None
    assert (found.commit.subject, found.commit.earlier) == ("Say three", earlier)
    assert not found.uncommitted


def test_an_edit_that_is_in_no_commit_is_known_to_be_so(repository):
    repository.write(f"project/{FILE}", "four\n")
    assert history(repository).origin(FILE, "") == Origin(uncommitted=True)


def test_a_new_file_is_in_no_commit(repository):
    repository.write("project/new.md")
    found = history(repository).origin(PurePosixPath("new.md"), "")
    assert found == Origin(uncommitted=True)


def test_a_file_that_a_commit_removed_is_from_that_commit(repository):
    (repository.root / "project" / FILE).unlink()
    assert history(repository).origin(FILE, "").uncommitted
    repository.commit("Say nothing")
    found = history(repository).origin(FILE, raw_digest(b"three\n"))
    assert found.commit is not None
    assert (found.commit.subject, found.commit.earlier) == ("Say nothing", 0)
    assert history(repository).versions(FILE)[0].data is None


def test_a_file_that_never_was_is_from_nowhere(repository):
    assert history(repository).origin(PurePosixPath("never.md"), "") == Origin()


def test_without_git_nothing_is_known(tmp_path):
    (tmp_path / "a.md").write_text("a\n")
    found = GitHistory(tmp_path)
    assert found.versions(PurePosixPath("a.md")) == ()
    assert found.origin(PurePosixPath("a.md"), "") == Origin()
