"""Commits that are made without a trace in what a person works with.

Plumbing only: blobs are written as they are, the tree is built in an index of our own
and is that of HEAD with some files over it. The person's index, working tree, HEAD,
branches, stash, hooks and configuration are not touched. No ref names such a commit
until somebody makes one (`git_safety`).

Source: git-hash-object(1), git-update-index(1) on ``--index-info``,
git-commit-tree(1).
"""

import os
import stat
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import Final

from pdd_tasks.adapters.git import Git


_NAME: Final = "pdd-tasks"
_EMAIL: Final = "pdd-tasks@localhost"
_PLAIN: Final = b"100644"
_EXECUTABLE: Final = b"100755"
_OPTIONS: Final = (
    # Each of these could write beside our index, or run a program of the user's.
    *("-c", "core.splitIndex=false"),
    *("-c", "core.untrackedCache=false"),
    *("-c", "core.sparseCheckout=false"),
    *("-c", "index.sparse=false"),
    *("-c", "commit.gpgSign=false"),
    *("-c", "gc.auto=0"),
    *("-c", "maintenance.auto=false"),
    *("-c", "i18n.commitEncoding=UTF-8"),
    # A copy that a power cut takes away is none; our index may go.
    *("-c", "core.fsync=loose-object,reference"),
)


class GitRefusal(Exception):  # noqa: N818 - no error: there is another way
    """Git cannot do it here; the text says why, in its words."""


class QuietGit:
    """Makes commits in the repository of a project.

    Attributes:
        git: The way to git.
    """

    def __init__(self, root: Path) -> None:
        self.git = Git(root)
        self._root = root
        self._below: bytes | None = None

    def commit(
        self, contents: Mapping[PurePosixPath, bytes], text: str, at: str
    ) -> str:
        """Make a commit of HEAD's tree with some files over it; no ref names it.

        Args:
            contents: Path → bytes, relative to the state root.
            text: The commit's message.
            at: When it is made, ISO 8601 in UTC.

        Returns:
            The commit's name.

        Raises:
            GitRefusal: If git cannot.
        """
        head = self._head()
        entries = self._entries(contents)
        with _scratch() as folder:
            tree = self._tree(folder / "index", head, entries)
        parent = ("-p", head) if head else ()
        words = ("commit-tree", "--no-gpg-sign", tree, *parent)
        out = self.asked(*words, stdin=text.encode(), variables=signed(at))
        return out.decode().strip()

    def prefix(self) -> bytes:
        """Return the state root, relative to the repository, with a ``/`` behind it.

        Raises:
            GitRefusal: If there is no repository, or none with a working tree.
        """
        if self._below is not None:
            return self._below
        out = self.asked("rev-parse", "--is-inside-work-tree", "--show-prefix")
        inside, _, prefix = out.partition(b"\n")
        if inside != b"true":
            reason = "the repository has no working tree here"
            raise GitRefusal(reason)
        self._below = prefix.removesuffix(b"\n")
        return self._below

    def asked(
        self,
        *words: str | bytes,
        stdin: bytes = b"",
        variables: Mapping[str, str] | None = None,
    ) -> bytes:
        """Return what git prints.

        Raises:
            GitRefusal: If it fails.
        """
        arguments = (*_OPTIONS, *map(os.fsdecode, words))
        answer = self.git.ask(arguments, stdin=stdin, variables=variables or {})
        if answer.failure:
            raise GitRefusal(answer.failure)
        return answer.out

    def _head(self) -> str:
        """Return the commit that HEAD names; empty if there is none yet."""
        answer = self.git.ask(("rev-parse", "-q", "--verify", "HEAD^{commit}"))
        return answer.out.decode().strip()

    def _blob(self, data: bytes) -> bytes:
        """Return the blob that holds some bytes, exactly as they are.

        They go through a pipe: in a file they could be left behind by a kill.
        """
        words = ("hash-object", "-w", "--no-filters", "--stdin")
        return self.asked(*words, stdin=data).strip()

    def _entries(self, contents: Mapping[PurePosixPath, bytes]) -> bytes:
        prefix = self.prefix()
        return b"".join(
            b"%s %s\t%s%s\0"
            % (self._mode(path), self._blob(data), prefix, os.fsencode(path))
            for path, data in contents.items()
        )

    def _mode(self, path: PurePosixPath) -> bytes:
        try:
            mode = (self._root / path).stat().st_mode
        except OSError:
            return _PLAIN
        return _EXECUTABLE if mode & stat.S_IXUSR else _PLAIN

    def _tree(self, index: Path, head: str, entries: bytes) -> str:
        """Return a tree: that of a commit, with our entries over it."""
        mine = {"GIT_INDEX_FILE": str(index)}
        if head:
            self.asked("read-tree", "--no-sparse-checkout", head, variables=mine)
        words = ("update-index", "--add", "--replace", "-z", "--index-info")
        self.asked(*words, stdin=entries, variables=mine)
        # Blobs that a partial clone left out are not fetched for this.
        tree = self.asked("write-tree", "--missing-ok", variables=mine)
        return tree.decode().strip()


@contextmanager
def _scratch() -> Iterator[Path]:
    """Yield a folder of our own that is gone afterwards.

    Raises:
        GitRefusal: If the system refuses anything inside.
    """
    try:
        with tempfile.TemporaryDirectory(prefix="pdd-safety-") as name:
            yield Path(name)
    except OSError as error:
        raise GitRefusal(str(error)) from error


def signed(at: str) -> dict[str, str]:
    """Return who makes commits here, and when: nobody's configuration is asked."""
    people = {
        f"GIT_{role}_{part}": value
        for role in ("AUTHOR", "COMMITTER")
        for part, value in (("NAME", _NAME), ("EMAIL", _EMAIL), ("DATE", at))
    }
    return {name: value for name, value in people.items() if value}
