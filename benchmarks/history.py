"""Texts out of the histories of git repositories; nothing is checked out."""

import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final


_ENDING: Final = ".py"


@dataclass(frozen=True, slots=True, kw_only=True)
class Replay:
    """A merge that people made of one file.

    Attributes:
        name: Repository, commit and path.
        base: What both sides started from.
        mine: The first parent's text.
        theirs: The second parent's text.
        human: What people made of it.
    """

    name: str
    base: str
    mine: str
    theirs: str
    human: str


class Repository:
    """A git repository, read by one long-running child."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._batch = subprocess.Popen(
            ["git", "-C", str(path), "cat-file", "--batch"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )

    def close(self) -> None:
        """End the child."""
        self._batch.communicate()

    def replays(self) -> Iterator[tuple[str, Replay]]:
        """Yield each file that both sides of a merge changed, with the commit.

        Only merges of two parents with one base are looked at, and only files that
        are in all four versions.

        Yields:
            The commit's name and the texts.
        """
        for line in self._git("log", "--merges", "--format=%H %P", "HEAD").splitlines():
            commit, *parents = line.split()
            bases = self._git("merge-base", "--all", *parents[:2]).split()
            if len(parents) == 2 and len(bases) == 1:  # noqa: PLR2004  # mine, theirs
                for replay in self._of_merge(commit, bases[0], parents):
                    yield commit, replay

    def edits(self) -> Iterator[tuple[str, str, str]]:
        """Yield each edit of a file by a commit with one parent: name, old and new.

        Yields:
            Newest first.
        """
        log = self._git("log", "--no-merges", "--min-parents=1", "--format=%H", "HEAD")
        for commit in log.split():
            for path, (old, new) in self._changed(f"{commit}^", commit).items():
                before, after = self._text(old), self._text(new)
                if before is not None and after is not None:
                    yield f"{self._path.name} {commit[:10]} {path}", before, after

    def _of_merge(self, commit: str, base: str, parents: list[str]) -> Iterator[Replay]:
        ours, theirs = (self._changed(base, parent) for parent in parents)
        for path in ours.keys() & theirs.keys():
            if ours[path] == theirs[path]:
                continue
            human = self._git("rev-parse", "--verify", "-q", f"{commit}:{path}").strip()
            texts = [
                self._text(blob)
                for blob in (*ours[path], theirs[path][1], human)
                if blob
            ]
            known = [text for text in texts if text is not None]
            if len(known) == 4:  # noqa: PLR2004  # base, mine, theirs, human
                yield Replay(
                    name=f"{self._path.name} {commit[:10]} {path}",
                    base=known[0],
                    mine=known[1],
                    theirs=known[2],
                    human=known[3],
                )

    def _changed(self, old: str, new: str) -> Mapping[str, tuple[str, str]]:
        """Return path → blobs of the Python files in which two commits differ."""
        raw = self._git("diff-tree", "-r", "-z", "--no-renames", old, new)
        fields = raw.split("\0")
        pairs = zip(fields[::2], fields[1::2], strict=False)
        return {
            path: (status.split()[2], status.split()[3])
            for status, path in pairs
            if path.endswith(_ENDING) and status.endswith(" M")
        }

    def _text(self, blob: str) -> str | None:
        """Return a blob as text; None if it is none."""
        source, sink = self._batch.stdout, self._batch.stdin
        if source is None or sink is None:
            return None
        sink.write(f"{blob}\n".encode())
        sink.flush()
        size = int(source.readline().split()[2])
        data = source.read(size)
        source.readline()
        try:
            return data.decode()
        except UnicodeDecodeError:
            return None

    def _git(self, *arguments: str) -> str:
        done = subprocess.run(
            ["git", "-C", str(self._path), *arguments],
            capture_output=True,
            check=False,
        )
        return done.stdout.decode(errors="replace")
