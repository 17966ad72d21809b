"""Recorded replies that may go: old ones that git ignores, so that nobody shares them.

Without them a request is asked, and paid, again. What is committed is never among
them, and neither is a file that cannot be read as a reply.
"""

import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path, PurePosixPath

from pdd_tasks.adapters.files import STATE_FOLDER
from pdd_tasks.adapters.garbage import Spare
from pdd_tasks.adapters.git import Git
from pdd_tasks.adapters.models.reply_entry import Entry


def spare_replies(root: Path, before: datetime) -> tuple[Spare, ...]:
    """Return the replies that were recorded before a moment and that git ignores.

    Args:
        root: The state root.
        before: The moment, aware of its zone.
    """
    cache = root / STATE_FOLDER / "cache"
    old = [path for path in sorted(cache.glob("*/*.json")) if _is_old(path, before)]
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
