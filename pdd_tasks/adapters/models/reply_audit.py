"""All recorded replies of a project, looked at one by one, and what is wrong with them.

Rule 1: nothing is deleted: what is broken is put into quarantine, from where a person
may take it back. Rule 2: two answers to one request are settled as they are when they
are asked for.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final

from pdd_tasks.adapters.files import STATE_FOLDER, make_folders, replace_durably
from pdd_tasks.adapters.models.reply_conflict import lower, parsed, settled
from pdd_tasks.adapters.models.reply_entry import Entry
from pdd_tasks.adapters.refusal import refusing


QUARANTINE: Final = "quarantine"

_NAME: Final = re.compile(r"([0-9a-f]{64})(.*)\.json")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One recorded reply that is not as it should be.

    Attributes:
        path: Where it is, relative to the state root.
        because: What is wrong, a clause.
        settled: Whether an answer is left that counts.
    """

    path: PurePosixPath
    because: str
    settled: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """One recorded reply that is sound.

    Attributes:
        kind: What was asked for.
        size: Its bytes.
    """

    kind: str
    size: int
    entry: Entry


class ReplyAudit:
    """The recorded replies of one project."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._folder = root / STATE_FOLDER / "cache"

    def kept(self) -> Iterator[Kept]:
        """Yield every sound reply, in the order of kinds and keys."""
        for path, key, rest in self._files():
            if not rest:
                data = path.read_bytes()
                for entry in parsed([data], key):
                    yield Kept(kind=path.parent.name, size=len(data), entry=entry)

    def faults(self) -> Iterator[Fault]:
        """Yield every reply that is not sound; changes nothing.

        Raises:
            PddError: If a file cannot be read.
        """
        with refusing("look through the recorded replies"):
            for path, key, rest in self._files():
                data = path.read_bytes()
                place = PurePosixPath(path.relative_to(self._root).as_posix())
                if rest:
                    because = "is a second answer to one request"
                    known = bool(parsed([data], key))
                    yield Fault(path=place, because=because, settled=known)
                    continue
                try:
                    Entry.parse(data, key)
                except ValueError as error:
                    found = settled(data, key) is not None
                    yield Fault(path=place, because=str(error), settled=found)

    def mend(self, fault: Fault) -> PurePosixPath | None:
        """Settle a conflict, or put what is broken into quarantine.

        Returns:
            Where what is left of it lies; None if nothing had to be put aside.

        Raises:
            PddError: If the disk refuses.
        """
        path = self._root / fault.path
        match = _NAME.fullmatch(path.name)
        with refusing("mend the recorded replies"):
            if match is None or not path.exists():
                return None
            if fault.settled and not match[2]:
                entry = settled(path.read_bytes(), match[1])
                if entry is not None:
                    replace_durably(path, entry.form())
                return None
            if fault.settled:
                _settle_files(path, match[1])
            elif not match[2] and parsed([path.read_bytes()], match[1]):
                return None  # a second answer took its place meanwhile
            return self._put_aside(path)

    def _put_aside(self, path: Path) -> PurePosixPath:
        aside = self._folder / QUARANTINE / f"{path.parent.name}-{path.name}"
        make_folders(aside.parent)
        path.replace(aside)
        return PurePosixPath(aside.relative_to(self._root).as_posix())

    def _files(self) -> Iterator[tuple[Path, str, str]]:
        """Yield each file that is named by a key, the key, and what follows it."""
        for path in sorted(self._folder.glob("*/*.json")):
            match = _NAME.fullmatch(path.name)
            if match and path.parent.name != QUARANTINE:
                yield path, match[1], match[2]


def _settle_files(other: Path, key: str) -> None:
    """Let the answer that counts of two files stand in the one named by the key."""
    path = other.with_name(f"{key}.json")
    texts = [one.read_bytes() for one in (path, other) if one.exists()]
    entry = lower(parsed(texts, key))
    if entry is not None:
        replace_durably(path, entry.form())
