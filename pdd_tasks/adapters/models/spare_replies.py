"""Recorded replies that may go: old ones that git ignores, so that nobody shares them.

Without them a request is asked, and paid, again. What is committed is never among
them, and neither is what a fingerprint names, nor a file that cannot be read as a
reply. And requests to people that were answered, once the answer is recorded.
"""

import os
import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Final

from pdd_tasks.adapters.files import STATE_FOLDER
from pdd_tasks.adapters.garbage import Spare
from pdd_tasks.adapters.git import Git
from pdd_tasks.adapters.models.manual_model import ANSWER, FOLDER
from pdd_tasks.adapters.models.reply_entry import Entry


_DIGEST: Final = re.compile(rb"(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])")


def spare_replies(root: Path, before: datetime) -> tuple[Spare, ...]:
    """Return the replies that were recorded before a moment and that git ignores.

    Args:
        root: The state root.
        before: The moment, aware of its zone.
    """
    cache = root / STATE_FOLDER / "cache"
    named = _named(root)
    old = [
        path
        for path in sorted(cache.glob("*/*.json"))
        if path.stem not in named and _is_old(path, before)
    ]
    ignored = set(_ignored(root)) if old else set()
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
    return frozenset(
        digest.decode()
        for path in (root / STATE_FOLDER / "meta").rglob("*.json")
        for digest in _DIGEST.findall(path.read_bytes())
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
