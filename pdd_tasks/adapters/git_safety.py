"""Safety copies as commits that refs of our own name.

How such a commit is made is in `git_commit`. Rule 1: a ref is only made where none
is, and only deleted where it still names the commit that we made. Rule 2: the commit
alone says what it holds; without our trailers it is none of ours. Rule 3: what git
refuses is a `GitRefusal` with its words; who calls has another way.

Source: gitglossary(7) on refs, git-update-ref(1) on an empty old value.
"""

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from itertools import count
from pathlib import Path, PurePosixPath
from typing import Final, NamedTuple

from pdd_tasks.adapters.files import raw_digest
from pdd_tasks.adapters.git_commit import GitRefusal, QuietGit, signed
from pdd_tasks.core.model.safety_copy import (
    SafetyCopy,
    from_message,
    is_copy_id,
    message,
)


REFS: Final = "refs/pdd/safety/"
BRANCHES: Final = "refs/heads/pdd/safety/"

_FIELDS: Final = 5
_FORMAT: Final = (
    "--format=%(refname)%00%(objectname)%00%(committerdate:unix)%00%(worktreepath)"
    "%00%(contents)%00"
)


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
        self._git = QuietGit(root)

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
        first = name(1)
        commit = self._git.commit(contents, message(first, self._root()), first.at)
        return self._named(name, commit, under)

    def all(self) -> tuple[Kept, ...]:
        """Return the copies that are of this project.

        Raises:
            GitRefusal: If git cannot tell.
        """
        root = self._root()
        out = self._git.asked("for-each-ref", _FORMAT, REFS, BRANCHES)
        return tuple(_kept(out, root))

    def read(self, copy: SafetyCopy) -> dict[PurePosixPath, bytes]:
        """Return the bytes of a copy's files, those that are still what they were.

        Raises:
            GitRefusal: If git cannot.
        """
        prefix = self._git.prefix()
        names = {prefix + os.fsencode(path): path for path in copy.files}
        out = self._git.asked(
            "ls-tree", "-r", "-z", "--full-tree", copy.where, "--", *names
        )
        found = {}
        for row in filter(None, out.split(b"\0")):
            head, _, name = row.partition(b"\t")
            blob = head.split()[-1].decode()
            if name in names:
                found[names[name]] = self._git.asked("cat-file", "blob", blob)
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
            self._git.asked(
                "update-ref", "--no-deref", "--stdin", "-z", stdin=b"".join(rows)
            )

    def _root(self) -> str:
        """Return the state root, relative to the repository."""
        return os.fsdecode(self._git.prefix()).rstrip("/")

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
            self._git.asked(*words, ref, commit, "", variables=signed(""))
        except GitRefusal:
            if self._git.git.ask(("rev-parse", "-q", "--verify", ref)).failure:
                raise
            return False
        return True


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
