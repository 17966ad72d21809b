"""What git knows of a file's past: its versions, and the commits that brought them.

Rule 1: only the history of what is checked out counts; the newest commits are looked
at, not all. Rule 2: without git, or without a history, nothing is known, and that is
no error.
"""

import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path, PurePosixPath
from typing import Final, NamedTuple

from pdd_tasks.adapters.files import raw_digest
from pdd_tasks.adapters.git import Git
from pdd_tasks.core.plan.cause import Commit


_COMMITS: Final = 50
_LOG: Final = (
    "log",
    f"--max-count={_COMMITS}",
    "--no-show-signature",
    "--format=%H%x00%h%x00%an%x00%aI%x00%s",
    "--",
)
_BATCH: Final = ("cat-file", "--batch", "--buffer")
_FIELDS: Final = 5


class Version(NamedTuple):
    """A file as a commit left it.

    Attributes:
        data: Its bytes; None if the commit removed it.
    """

    commit: Commit
    data: bytes | None


class Origin(NamedTuple):
    """Where a file's present bytes are from.

    Attributes:
        commit: The commit that brought them; None if none did, or nobody knows.
        uncommitted: They are known to be in no commit.
    """

    commit: Commit | None = None
    uncommitted: bool = False


class GitHistory:
    """The history of one project's files."""

    def __init__(self, root: Path) -> None:
        """Name the project; git is asked later.

        Args:
            root: The state root.
        """
        self._root, self._git = root, Git(root)
        self._versions = cache(self._looked_up)

    def versions(self, path: PurePosixPath) -> tuple[Version, ...]:
        """Return a file's versions, the newest first; none if git knows none."""
        return self._versions(path)

    def origin(self, path: PurePosixPath, before: str) -> Origin:
        """Return where a file's present bytes, or their absence, are from.

        Args:
            path: The file.
            before: Raw SHA-256 of the bytes that it had once; how many commits
                changed it since then is counted. Empty if nobody knows.
        """
        found = self.versions(path)
        now = self._present(path)
        if not found:
            is_new = now is not None and self._is_repository()
            return Origin(uncommitted=is_new)
        newest = found[0].data
        if (None if newest is None else raw_digest(newest)) != now:
            return Origin(uncommitted=True)
        since = 0
        for version in found[1:]:
            if not before or version.data is None or raw_digest(version.data) == before:
                break
            since += 1
        first = found[0].commit
        return Origin(
            Commit(
                id=first.id,
                author=first.author,
                at=first.at,
                subject=first.subject,
                earlier=since,
            )
        )

    def _present(self, path: PurePosixPath) -> str | None:
        try:
            return raw_digest((self._root / path).read_bytes())
        except OSError:
            return None

    def _is_repository(self) -> bool:
        return self._git.run(("rev-parse", "--git-dir")) is not None

    def _looked_up(self, path: PurePosixPath) -> tuple[Version, ...]:
        said = os.fsdecode(self._git.run((*_LOG, str(path))) or b"")
        lines = [line.split("\0") for line in said.split("\n") if line]
        rows = [row for row in lines if len(row) == _FIELDS]
        wanted = "".join(f"{row[0]}:./{path}\n" for row in rows)
        if not rows or "\n" in str(path):
            return ()
        batch = self._git.run(_BATCH, stdin=os.fsencode(wanted)) or b""
        contents = list(_contents(batch))
        if len(contents) != len(rows):
            return ()
        return tuple(
            Version(Commit(id=row[1], author=row[2], at=row[3], subject=row[4]), data)
            for row, data in zip(rows, contents, strict=True)
        )


def _contents(batch: bytes) -> Iterator[bytes | None]:
    """Yield what ``git cat-file --batch`` prints, one for each name."""
    position = 0
    while position < len(batch):
        end = batch.index(b"\n", position)
        head, position = batch[position:end], end + 1
        size = head.rpartition(b" ")[2]
        if size.isdigit():  # "<name> <kind> <size>", else "<name> missing"
            yield batch[position : position + int(size)]
            position += int(size) + 1
        else:
            yield None
