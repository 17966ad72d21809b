import os
import shutil
import subprocess
from pathlib import PurePosixPath

import pytest

from pdd_tasks.adapters.baselines import BaselineStore
from pdd_tasks.adapters.files import raw_digest
from pdd_tasks.adapters.git import Git, scrubbed
from pdd_tasks.errors import PddError


PATH = PurePosixPath("src/a.py")
NAMED = {
    "GIT_AUTHOR_NAME": "a",
    "GIT_AUTHOR_EMAIL": "a@example.org",
    "GIT_COMMITTER_NAME": "a",
    "GIT_COMMITTER_EMAIL": "a@example.org",
    "GIT_CONFIG_GLOBAL": os.devnull,
}

needs_git = [
    pytest.mark.git,
    pytest.mark.skipif(shutil.which("git") is None, reason="there is no git"),
]


class Repository:
    """A real repository; commits are made as a person makes them."""

    def __init__(self, root):
        self.root = root
        root.mkdir(parents=True)
        self.git("init", "-q", "-b", "main")

    def git(self, *arguments):
        subprocess.run(
            ["git", *arguments],  # noqa: S607 - the one a person would run
            cwd=self.root,
            env=scrubbed(os.environ) | NAMED,
            check=True,
            capture_output=True,
        )

    def commit(self, data, path=PATH):
        (self.root / path).parent.mkdir(parents=True, exist_ok=True)
        (self.root / path).write_bytes(data)
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "-m", "x")


@pytest.fixture
def repository(tmp_path):
    return Repository(tmp_path / "repository")


def find(root, data, path=PATH):
    return BaselineStore(root).find(raw_digest(data), path)


def test_what_was_kept_is_found_by_digest(tmp_path):
    BaselineStore(tmp_path).keep(b"\r\nbytes\0")
    assert find(tmp_path, b"\r\nbytes\0") == b"\r\nbytes\0"
    assert find(tmp_path, b"others") is None


def test_what_is_kept_is_not_written_again(tmp_path):
    store = BaselineStore(tmp_path)
    store.keep(b"1")
    before = (tmp_path / ".pdd/baseline" / raw_digest(b"1")).stat()
    store.keep(b"1")
    assert (tmp_path / ".pdd/baseline" / raw_digest(b"1")).stat() == before


def test_a_broken_copy_counts_as_absent_until_it_is_kept_again(tmp_path):
    store = BaselineStore(tmp_path)
    store.keep(b"bytes")
    (tmp_path / ".pdd/baseline" / raw_digest(b"bytes")).write_bytes(b"byt")
    assert find(tmp_path, b"bytes") is None
    store.keep(b"bytes")
    assert find(tmp_path, b"bytes") == b"bytes"


@pytest.mark.parametrize("digest", ["", "../../secret", "0" * 63, "Z" * 64])
def test_what_is_no_digest_is_not_looked_for(tmp_path, digest):
    (tmp_path / "secret").write_bytes(b"x")
    (tmp_path / ".pdd/baseline").mkdir(parents=True)
    assert BaselineStore(tmp_path).find(digest, PATH) is None


def test_a_disk_that_refuses_is_an_error_for_people(tmp_path):
    (tmp_path / ".pdd").touch()
    with pytest.raises(PddError, match="cannot keep a baseline"):
        BaselineStore(tmp_path).keep(b"1")


class TestHistory:
    pytestmark = needs_git

    def test_a_fresh_clone_finds_older_bytes(self, repository, tmp_path):
        for number in range(3):
            repository.commit(b"version %d\n" % number)
        clone = tmp_path / "clone"
        repository.git("clone", "-q", str(repository.root), str(clone))

        for number in range(3):
            data = b"version %d\n" % number
            assert find(clone, data) == data
        assert find(clone, b"version 3\n") is None
        assert find(clone, b"version 1\n", PurePosixPath("src/b.py")) is None

    def test_bytes_of_a_branch_that_was_merged_away_are_found(self, repository):
        repository.commit(b"base\n")
        repository.git("checkout", "-q", "-b", "side")
        repository.commit(b"side\n")
        repository.git("checkout", "-q", "main")
        repository.commit(b"main\n")
        repository.git("merge", "-q", "-s", "ours", "side")
        repository.git("branch", "-D", "side")

        assert find(repository.root, b"side\n") == b"side\n"

    def test_bytes_that_only_a_merge_has_are_found(self, repository):
        repository.commit(b"base\n")
        repository.git("checkout", "-q", "-b", "side")
        repository.commit(b"x", PurePosixPath("other"))
        repository.git("checkout", "-q", "main")
        repository.git("merge", "-q", "--no-ff", "--no-commit", "side")
        repository.commit(b"merged\n")
        repository.commit(b"later\n")

        assert find(repository.root, b"merged\n") == b"merged\n"

    def test_a_project_below_the_top_of_a_repository_is_searched(self, repository):
        repository.commit(b"old\n", PurePosixPath("sub/src/a.py"))
        repository.commit(b"new\n", PurePosixPath("sub/src/a.py"))
        assert find(repository.root / "sub", b"old\n") == b"old\n"

    @pytest.mark.parametrize("name", ["a b.py", "ü.py", ":(glob)*", "-a", 'q"\n.py'])
    def test_a_name_that_git_would_quote_is_searched(self, repository, name):
        path = PurePosixPath("src") / name
        repository.commit(b"old\n", path)
        repository.commit(b"new\n", path)
        assert find(repository.root, b"old\n", path) == b"old\n"

    def test_a_deleted_file_and_a_submodule_are_no_obstacle(self, repository, tmp_path):
        Repository(tmp_path / "module").commit(b"1")
        repository.commit(b"old\n")
        repository.git("rm", "-q", str(PATH))
        repository.git("commit", "-q", "-m", "x")
        url = str(tmp_path / "module")
        allow = ("-c", "protocol.file.allow=always")
        repository.git(*allow, "submodule", "add", "-q", url, str(PATH))
        repository.git("commit", "-q", "-m", "x")

        assert find(repository.root, b"old\n") == b"old\n"

    def test_a_persons_settings_change_nothing(self, repository):
        repository.commit(b"old\n")
        repository.commit(b"new\n")
        for name, value in {
            "color.ui": "always",
            "log.showSignature": "true",
            "log.follow": "true",
            "log.diffMerges": "off",
            "diff.noprefix": "true",
            "core.abbrev": "7",
        }.items():
            repository.git("config", name, value)
        assert find(repository.root, b"old\n") == b"old\n"

    def test_looking_changes_nothing_in_the_repository(self, repository):
        repository.commit(b"old\n")
        before = {
            path: (path.stat().st_mtime_ns, path.stat().st_ino)
            for path in repository.root.rglob("*")
        }
        find(repository.root, b"other")
        after = {
            path: (path.stat().st_mtime_ns, path.stat().st_ino)
            for path in repository.root.rglob("*")
        }
        assert after == before

    def test_an_empty_repository_has_nothing(self, repository):
        assert find(repository.root, b"old\n") is None

    def test_git_says_nothing_where_it_cannot_run(self, tmp_path):
        assert Git(tmp_path / "absent").run(["version"]) is None
        assert Git(tmp_path).run(["no-such-command"]) is None


def test_a_hooks_variables_do_not_point_git_elsewhere():
    kept = scrubbed({"GIT_DIR": "/x", "GIT_INDEX_FILE": "/y", "HOME": "/h"})
    assert "GIT_DIR" not in kept
    assert "GIT_INDEX_FILE" not in kept
    assert kept["HOME"] == "/h"
    assert kept["GIT_OPTIONAL_LOCKS"] == "0"


def test_git_that_cannot_be_run_at_all_says_why(tmp_path):
    answer = Git(tmp_path / "nowhere").ask(["version"])
    assert "nowhere" in answer.failure
    assert Git(tmp_path).ask(["no-such-command"]).failure.startswith("git: 'no-such")
