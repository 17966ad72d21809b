"""Where replies came from, one line each in ``.pdd/log/replies.jsonl``; for people.

Rule 1: losing it loses nothing but counts, so that no run fails for it. Rule 2: it
stays small: a full file becomes the older one, and the one before that goes.
"""

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from pdd_tasks.adapters.files import STATE_FOLDER
from pdd_tasks.adapters.models.reply_cache import Lookup


NAME: Final = "replies.jsonl"

_OLDER: Final = "replies.1.jsonl"
_FULL: Final = 2_000_000  # bytes


class ReplyLog:
    """The log of one project's replies."""

    def __init__(self, root: Path) -> None:
        self._folder = root / STATE_FOLDER / "log"

    def note(self, lookup: Lookup) -> None:
        """Add a line; whole or not at all, whoever else adds one."""
        value = {
            "kind": lookup.kind,
            "model": lookup.model,
            "found": lookup.found,
            "saved": lookup.saved,
        }
        line = f"{json.dumps(value, sort_keys=True)}\n".encode()
        path = self._folder / NAME
        with suppress(OSError):
            self._folder.mkdir(parents=True, exist_ok=True)
            flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND
            descriptor = os.open(path, flags, 0o666)
            try:
                os.write(descriptor, line)
                is_full = os.fstat(descriptor).st_size > _FULL
            finally:
                os.close(descriptor)
            if is_full:
                path.replace(self._folder / _OLDER)

    def lookups(self) -> Iterator[Lookup]:
        """Yield what is on record, the oldest first; a broken line is left out."""
        for name in (_OLDER, NAME):
            with suppress(OSError):
                for line in (self._folder / name).read_bytes().splitlines():
                    with suppress(ValueError, KeyError, TypeError):
                        yield _lookup(json.loads(line))


def _lookup(value: Mapping[str, Any]) -> Lookup:
    return Lookup(
        kind=str(value["kind"]),
        model=str(value["model"]),
        found=str(value["found"]),
        saved=None if value["saved"] is None else int(value["saved"]),
    )
