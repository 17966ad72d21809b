"""Baselines: bytes by their digest, as the generator last left them.

They lie in ``.pdd/baseline/<sha256>``, which git does not keep; on a fresh clone
they are found again in the history of the file they were the contents of.
"""

import re
from collections.abc import Iterator
from itertools import islice
from pathlib import Path, PurePosixPath
from typing import Final

from pdd_tasks.adapters.files import (
    STATE_FOLDER,
    ensure_state_folder,
    make_folders,
    raw_digest,
    replace_durably,
)
from pdd_tasks.adapters.git import Git
from pdd_tasks.adapters.refusal import refusing


_DIGEST: Final = re.compile(r"[0-9a-f]{64}")
_RAW_LINE: Final = re.compile(rb":\d+ \d+ ([0-9a-f]{40,64}) ([0-9a-f]{40,64}) [A-Z]")
_BLOBS: Final = 200
_LOG: Final = (
    "log",
    "--all",
    "--full-history",  # else a branch whose work was merged away is not looked at
    "-m",  # else the result of a merge is not looked at
    "--format=",
    "--raw",
    "-z",
    "--no-abbrev",
    "--no-renames",
    "--no-color",
    f"--max-count={_BLOBS}",
    "--",
)


class BaselineStore:
    """The baselines of one project; fits the port `Baselines`."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._folder = root / STATE_FOLDER / "baseline"
        self._git = Git(root)

    def keep(self, data: bytes) -> None:
        """Keep some bytes under their raw digest; a broken copy is mended.

        Raises:
            PddError: If the disk refuses.
        """
        digest = raw_digest(data)
        if self._kept(digest) is not None:
            return
        with refusing("keep a baseline"):
            ensure_state_folder(self._root)
            make_folders(self._folder)
            replace_durably(self._folder / digest, data)

    def find(self, raw: str, path: PurePosixPath) -> bytes | None:
        """Return bytes by raw digest; None if nobody has them.

        Args:
            raw: Their SHA-256, 64 hexadecimal digits.
            path: The file they were the contents of, to look in its history.
        """
        if _DIGEST.fullmatch(raw) is None:
            return None
        kept = self._kept(raw)
        return kept if kept is not None else self._in_history(raw, path)

    def _kept(self, digest: str) -> bytes | None:
        try:
            data = (self._folder / digest).read_bytes()
        except OSError:
            return None
        return data if raw_digest(data) == digest else None

    def _in_history(self, raw: str, path: PurePosixPath) -> bytes | None:
        log = self._git.run((*_LOG, str(path)))
        names = list(islice(_blob_names(log or b""), _BLOBS))
        if not names:
            return None
        stdin = b"\n".join(names) + b"\n"
        blobs = self._git.run(("cat-file", "--batch", "--buffer"), stdin=stdin)
        found = (data for data in _blobs(blobs or b"") if raw_digest(data) == raw)
        return next(found, None)


def _blob_names(log: bytes) -> Iterator[bytes]:
    """Yield the names of blobs in a raw log, the newest first, each once."""
    seen = set()
    for line in _RAW_LINE.finditer(log):
        for name in (line[2], line[1]):
            if name not in seen and name.strip(b"0"):
                seen.add(name)
                yield name


def _blobs(batch: bytes) -> Iterator[bytes]:
    """Yield the blobs in what ``git cat-file --batch`` prints."""
    position = 0
    while position < len(batch):
        end = batch.index(b"\n", position)
        head, position = batch[position:end].split(b" "), end + 1
        if head[-1].isdigit():  # "<name> <kind> <size>", else "<name> missing"
            size = int(head[-1])
            if head[1] == b"blob":
                yield batch[position : position + size]
            position += size + 1
