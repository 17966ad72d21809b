"""Safety copies as commits, made without a trace in what a person works with.

Rule 1: plumbing only. Blobs are written as they are, the tree is built in an index
of our own, and a new ref names the commit; the index, the working tree, HEAD, the
branches, the stash, the hooks and the configuration of a person are not touched.
Rule 2: a ref is only made where none is, and only deleted where it still names the
commit that we made. Rule 3: what git refuses is a `GitRefusal` with its words; who
calls has another way.

Source: gitglossary(7) on refs, git-update-index(1) on ``--index-info``,
git-commit-tree(1), git-update-ref(1) on an empty old value.
"""

import os
import stat
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from itertools import count
from pathlib import Path, PurePosixPath
from typing import Final, NamedTuple

from pdd_tasks.adapters.files import raw_digest
from pdd_tasks.adapters.git import Git
from pdd_tasks.core.model.safety_copy import (
    SafetyCopy,
    from_message,
    is_copy_id,
    message,
)


REFS: Final = "refs/pdd/safety/"
BRANCHES: Final = "refs/heads/pdd/safety/"

_PLAIN: Final = "100644"
_EXECUTABLE: Final = "100755"
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
_NAME: Final = "pdd-tasks"
_EMAIL: Final = "pdd-tasks@localhost"
_FIELDS: Final = 5
_FORMAT: Final = (
    "--format=%(refname)%00%(objectname)%00%(committerdate:unix)%00%(worktreepath)"
    "%00%(contents)%00"
)


class GitRefusal(Exception):  # noqa: N818 - no error: there is another way
    """Git cannot do it here; the text says why, in its words."""


class Kept(NamedTuple):
    """A copy in git.

    Attributes:
        ref: The ref that names it, in full.
        commit: The commit that holds it.
        checked_out: True if a person works on the branch that it is.
    """

    copy: SafetyCopy
    ref: str
    commit: str
    checked_out: bool


class GitCopies:
    """The safety copies of one project that are commits of its repository."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._git = Git(root)
        self._below: bytes | None = None

    def keep(
        self,
        name: Callable[[int], SafetyCopy],
        contents: Mapping[PurePosixPath, bytes],
        *,
        under: str,
    ) -> SafetyCopy:
        """Keep a copy of some files.

        Args:
            name: Returns the copy by its number; the first that is free is taken.
            contents: Path → bytes, relative to the state root.
            under: What refs begin with, `REFS` or `BRANCHES`.

        Returns:
            The copy, with the place where it is.

        Raises:
            GitRefusal: If git cannot; what was written is not referred to.
        """
        prefix, head = self._prefix(), self._head()
        with _scratch() as folder:
            blobs = self._blobs(folder, contents)
            tree = self._tree(folder / "index", head, self._entries(prefix, blobs))
        commit = self._commit(tree, head, name(1), prefix)
        return self._named(name, commit, under)

    def all(self) -> tuple[Kept, ...]:
        """Return the copies that are of this project.

        Raises:
            GitRefusal: If git cannot tell.
        """
        prefix = os.fsdecode(self._prefix()).rstrip("/")
        out = self._asked("for-each-ref", _FORMAT, REFS, BRANCHES)
        return tuple(_kept(out, prefix))

    def read(self, copy: SafetyCopy) -> dict[PurePosixPath, bytes]:
        """Return the bytes of a copy's files, those that are still what they were.

        Raises:
            GitRefusal: If git cannot.
        """
        prefix = self._prefix()
        names = {prefix + os.fsencode(path): path for path in copy.files}
        out = self._asked(
            "ls-tree", "-r", "-z", "--full-tree", copy.where, "--", *names
        )
        found = {}
        for row in filter(None, out.split(b"\0")):
            head, _, name = row.partition(b"\t")
            blob = head.split()[-1].decode()
            if name in names:
                found[names[name]] = self._asked("cat-file", "blob", blob)
        right = copy.files
        return {p: data for p, data in found.items() if raw_digest(data) == right[p]}

    def drop(self, copies: Sequence[Kept]) -> None:
        """Delete the refs of copies, where they are still what was looked at.

        Raises:
            GitRefusal: If git cannot; then none is deleted.
        """
        rows = [
            b"delete %s\0%s\0" % (os.fsencode(kept.ref), kept.commit.encode())
            for kept in copies
            if not kept.checked_out
        ]
        if rows:
            self._asked(
                "update-ref", "--no-deref", "--stdin", "-z", stdin=b"".join(rows)
            )

    def _prefix(self) -> bytes:
        # The state root, relative to the repository, with a "/" behind it.
        if self._below is not None:
            return self._below
        out = self._asked("rev-parse", "--is-inside-work-tree", "--show-prefix")
        inside, _, prefix = out.partition(b"\n")
        if inside != b"true":
            reason = "the repository has no working tree here"
            raise GitRefusal(reason)
        self._below = prefix.removesuffix(b"\n")
        return self._below

    def _head(self) -> str:
        """Return the commit that HEAD names; empty if there is none yet."""
        answer = self._git.ask(("rev-parse", "-q", "--verify", "HEAD^{commit}"))
        return answer.out.decode().strip()

    def _blobs(
        self, folder: Path, contents: Mapping[PurePosixPath, bytes]
    ) -> dict[PurePosixPath, str]:
        """Return path → the blob that holds its bytes, exactly as they are."""
        files = [folder / str(number) for number in range(len(contents))]
        for file, data in zip(files, contents.values(), strict=True):
            file.write_bytes(data)
        stdin = b"".join(b"%s\n" % os.fsencode(file) for file in files)
        words = ("hash-object", "-w", "--no-filters", "--stdin-paths")
        names = self._asked(*words, stdin=stdin).decode().split()
        return dict(zip(contents, names, strict=True))

    def _entries(self, prefix: bytes, blobs: Mapping[PurePosixPath, str]) -> bytes:
        return b"".join(
            b"%s %s\t%s%s\0"
            % (self._mode(path).encode(), blob.encode(), prefix, os.fsencode(path))
            for path, blob in blobs.items()
        )

    def _mode(self, path: PurePosixPath) -> str:
        try:
            mode = (self._root / path).stat().st_mode
        except OSError:
            return _PLAIN
        return _EXECUTABLE if mode & stat.S_IXUSR else _PLAIN

    def _tree(self, index: Path, head: str, entries: bytes) -> str:
        """Return a tree: that of a commit, with our entries over it."""
        mine = {"GIT_INDEX_FILE": str(index)}
        if head:
            self._asked("read-tree", "--no-sparse-checkout", head, variables=mine)
        words = ("update-index", "--add", "--replace", "-z", "--index-info")
        self._asked(*words, stdin=entries, variables=mine)
        # Blobs that a partial clone left out are not fetched for this.
        tree = self._asked("write-tree", "--missing-ok", variables=mine)
        return tree.decode().strip()

    def _commit(self, tree: str, head: str, copy: SafetyCopy, prefix: bytes) -> str:
        text = message(copy, os.fsdecode(prefix).rstrip("/"))
        parent = ("-p", head) if head else ()
        words = ("commit-tree", "--no-gpg-sign", tree, *parent)
        out = self._asked(*words, stdin=text.encode(), variables=_signed(copy.at))
        return out.decode().strip()

    def _named(
        self, name: Callable[[int], SafetyCopy], commit: str, under: str
    ) -> SafetyCopy:
        for number in count(1):
            copy = replace(name(number), where=f"{under}{name(number).id}")
            if self._refer(copy.where, commit):
                return copy
        raise AssertionError("unreachable: counting does not end")

    def _refer(self, ref: str, commit: str) -> bool:
        """Return whether a new ref names a commit; False if there was such a ref.

        Raises:
            GitRefusal: If git cannot make it.
        """
        words = ("update-ref", "--no-deref", "--create-reflog", "-m", "safety copy")
        # An empty old value: there must be no such ref. Zeros would be of the wrong
        # length in a repository of SHA-256.
        try:
            self._asked(*words, ref, commit, "", variables=_signed(""))
        except GitRefusal:
            if self._git.ask(("rev-parse", "-q", "--verify", ref)).failure:
                raise
            return False
        return True

    def _asked(
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
        answer = self._git.ask(arguments, stdin=stdin, variables=variables or {})
        if answer.failure:
            raise GitRefusal(answer.failure)
        return answer.out


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


def _signed(at: str) -> dict[str, str]:
    """Return who makes commits here, and when: nobody's configuration is asked."""
    people = {
        f"GIT_{role}_{part}": value
        for role in ("AUTHOR", "COMMITTER")
        for part, value in (("NAME", _NAME), ("EMAIL", _EMAIL), ("DATE", at))
    }
    return {name: value for name, value in people.items() if value}


def _kept(out: bytes, root: str) -> Iterator[Kept]:
    """Yield the copies of a project in what ``git for-each-ref`` printed."""
    parts = out.split(b"\0")
    for start in range(0, len(parts) - _FIELDS, _FIELDS):
        row = (os.fsdecode(part) for part in parts[start : start + _FIELDS])
        ref, commit, date, worktree, text = row
        ref = ref.removeprefix("\n")
        name = ref.rpartition("/")[2]
        if not date.isdigit() or not is_copy_id(name):
            continue
        at = datetime.fromtimestamp(int(date), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        copy = from_message(text, root, name=name, at=at, where=ref)
        if copy is not None:
            yield Kept(copy, ref, commit, bool(worktree))
