"""Recorded replies that may go: old ones that git ignores, so that nobody shares them.

Without them a request is asked, and paid, again. What is committed is never among
them, and neither is what a fingerprint names, here or at the top of any branch, nor a
file that cannot be read as a reply. And requests to people that were answered, once
the answer is recorded.
"""

import os
import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Final

from pdd_tasks.adapters.files import STATE_FOLDER
from pdd_tasks.adapters.garbage import Spare
from pdd_tasks.adapters.git import Git
from pdd_tasks.adapters.models.manual_model import ANSWER, FOLDER
from pdd_tasks.adapters.models.reply_entry import Entry
from pdd_tasks.errors import StateError


_UNSAID: Final = "git does not say which replies the branches need: "
_HINT: Final = "mend that, or leave the replies: doit cache gc without --replies"
_DIGEST: Final = re.compile(rb"(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])")


def spare_replies(root: Path, before: datetime) -> tuple[Spare, ...]:
    """Return the replies that were recorded before a moment and that git ignores.

    Args:
        root: The state root.
        before: The moment, aware of its zone.

    Raises:
        StateError: If git does not say what its branches need.
    """
    cache = root / STATE_FOLDER / "cache"
    named = _named(root)
    old = [
        path
        for path in sorted(cache.glob("*/*.json"))
        if path.stem not in named and _is_old(path, before)
    ]
    ignored = set(_ignored(root)) if old else set()
    if ignored:
        named = _named_in_branches(Git(root))
        old = [path for path in old if path.stem not in named]
    return tuple(
        Spare(
            path=PurePosixPath(path.relative_to(root).as_posix()),
            size=path.stat().st_size,
            because="an old reply that git ignores",
        )
        for path in old
        if path in ignored
    )


def answered_requests(root: Path) -> tuple[Spare, ...]:
    """Return the requests to people, and their answers, whose reply is recorded.

    Args:
        root: The state root.
    """
    state = root / STATE_FOLDER
    found = []
    for path in sorted((state / FOLDER).glob("*.md")):
        stem = path.name.removesuffix(ANSWER).removesuffix(".md")
        start = stem.rpartition("-")[2]
        if start and any((state / "cache").glob(f"*/{start}*.json")):
            place = PurePosixPath(path.relative_to(root).as_posix())
            because = "the answer is recorded"
            found.append(Spare(path=place, size=path.stat().st_size, because=because))
    return tuple(found)


def _named(root: Path) -> frozenset[str]:
    """Return every digest that a fingerprint or run report names."""
    meta = root / STATE_FOLDER / "meta"
    return _digests(path.read_bytes() for path in meta.rglob("*.json"))


def _named_in_branches(git: Git) -> frozenset[str]:
    """Return every digest that a record at the top of a branch names.

    Raises:
        StateError: If git does not say.
    """
    prefix = _told(git, ("rev-parse", "--show-prefix")).removesuffix(b"\n")
    folder = os.fsdecode(prefix) + f"{STATE_FOLDER}/meta"
    files = b"".join(_files(git, top, folder) for top in _tops(git))
    if b" missing\n" in _told(git, ("cat-file", "--batch-check"), files):
        raise StateError(_UNSAID + "some records are not on this machine", hint=_HINT)
    return _digests([_told(git, ("cat-file", "--batch"), files)])


def _tops(git: Git) -> list[str]:
    """Return the commits at the top of all branches, and what is checked out."""
    here = git.run(("rev-parse", "--quiet", "--verify", "HEAD^{commit}")) or b""
    refs = ("refs/heads", "refs/remotes")
    found = _told(git, ("for-each-ref", "--format=%(objectname)", *refs))
    return sorted({top.decode() for top in (here + found).split()})


def _files(git: Git, top: str, folder: str) -> bytes:
    """Return the names of a commit's files below a folder, for git, one a line."""
    words = ("ls-tree", "-r", "-z", "--full-tree", top, "--", folder)
    lines = filter(None, _told(git, words).split(b"\0"))
    return b"".join(line.split()[2] + b"\n" for line in lines)


def _told(git: Git, words: tuple[str, ...], given: bytes = b"") -> bytes:
    """Return what git says.

    Raises:
        StateError: If it does not.
    """
    answer = git.ask(words, stdin=given)
    if answer.failure:
        raise StateError(_UNSAID + answer.failure, hint=_HINT)
    return answer.out


def _digests(texts: Iterable[bytes]) -> frozenset[str]:
    return frozenset(
        digest.decode() for text in texts for digest in _DIGEST.findall(text)
    )


def _is_old(path: Path, before: datetime) -> bool:
    try:
        entry = Entry.parse(path.read_bytes(), path.stem)
        at = datetime.fromisoformat(entry.recorded_at)
    except (OSError, ValueError):
        return False
    return at.tzinfo is not None and at < before


def _ignored(root: Path) -> Iterator[Path]:
    words = ("ls-files", "--others", "--ignored", "--exclude-standard", "-z", "--")
    answer = Git(root).ask((*words, f"{STATE_FOLDER}/cache"))
    for name in filter(None, answer.out.split(b"\0")):
        yield root / os.fsdecode(name)
