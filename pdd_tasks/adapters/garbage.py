"""What of the local state nothing needs any longer, and its removal.

Rule 1: whatever a digest anywhere in the state names is needed: all files of ``.pdd``
are searched for digests, not only the places where they are expected. Rule 2: a
baseline is put aside before it is deleted, and put back if a run that went on
meanwhile turns out to need it. Rule 3: transactions are left to recovery, and bytes
that are nowhere else are left alone.
"""

import os
import re
import shutil
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final

from pdd_tasks.adapters.files import STATE_FOLDER, raw_digest
from pdd_tasks.adapters.refusal import refusing


DAY_S: Final = 86_400.0

_DIGEST: Final = re.compile(rb"(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])")
_NAME: Final = re.compile(r"[0-9a-f]{64}")
_ASIDE: Final = re.compile(r"\.([0-9a-f]{64})\.tmp")
_CLOSED: Final = frozenset({"txn", "parked"})
_SILENT: Final = (  # what these name is of the past, or of themselves
    "baseline",
    "cache",
    "locks",
    "log",
    "parked",
    "safety",
    "state.db",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Spare:
    """A file or folder that nothing needs.

    Attributes:
        path: Where it is, relative to the state root.
        size: Its bytes.
        because: Why nothing needs it, a clause.
    """

    path: PurePosixPath
    size: int
    because: str


class Garbage:
    """The local state of one project, looked at for what nothing needs."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._state = root / STATE_FOLDER
        self._baselines = self._state / "baseline"

    def spare(
        self, *, now: float, parked_s: float, saved: Collection[str]
    ) -> tuple[Spare, ...]:
        """Return what nothing needs, sorted by its path; writes nothing.

        Args:
            now: Seconds since the epoch.
            parked_s: Seconds for which parked files are kept.
            saved: Raw digests of the bytes that safety copies hold.

        Raises:
            PddError: If a file that may name others cannot be read.
        """
        with refusing("look for what nothing needs"):
            named = self._named()
            found = [
                *self._spare_baselines(named),
                *self._spare_parked(now - parked_s, named, saved),
                *self._remains(now - DAY_S, named),
            ]
        return tuple(sorted(found, key=lambda one: one.path))

    def remove(
        self, found: Sequence[Spare], *, busy: Callable[[], bool]
    ) -> tuple[Spare, ...]:
        """Remove what nothing needs.

        Args:
            found: What `spare` returned.
            busy: Returns whether a run works on the project; then baselines stay.

        Returns:
            What was removed.

        Raises:
            PddError: If the disk refuses.
        """
        with refusing("remove what nothing needs"):
            baselines = [one for one in found if self._is_baseline(one)]
            gone = self._remove_baselines(baselines, busy)
            for one in found:
                if not self._is_baseline(one):
                    self._delete(self._root / one.path)
                    gone.append(one)
        return tuple(gone)

    def sizes(self) -> dict[str, tuple[int, int]]:
        """Return name of a part of the state → how many files and bytes it has."""
        found: dict[str, tuple[int, int]] = {}
        for path in self._files(self._state):
            parts = path.relative_to(self._state).parts
            deep = 2 if parts[0] == "cache" else 1
            name = "/".join(parts[:deep])
            files, size = found.get(name, (0, 0))
            found[name] = files + 1, size + _size(path)
        return dict(sorted(found.items()))

    def _is_baseline(self, one: Spare) -> bool:
        return (self._root / one.path).parent == self._baselines and bool(
            _NAME.fullmatch(one.path.name)
        )

    def _remove_baselines(
        self, found: Sequence[Spare], busy: Callable[[], bool]
    ) -> list[Spare]:
        """Return the baselines that were deleted.

        A run keeps a baseline before it publishes the record that names it. If it
        did so before the baseline was put aside, then it is either still at work,
        or the record is there to be read.
        """
        for one in found:
            path = self._root / one.path
            path.rename(path.with_name(f".{path.name}.tmp"))
        if busy():
            self._put_back(None)
            return []
        self._put_back(self._named())
        gone = [one for one in found if not (self._root / one.path).exists()]
        for one in gone:
            path = self._root / one.path
            path.with_name(f".{path.name}.tmp").unlink(missing_ok=True)
        return gone

    def _put_back(self, named: Collection[str] | None) -> None:
        """Put back baselines that were set aside: those named, or all if None."""
        for path in _entries(self._baselines):
            aside = _ASIDE.fullmatch(path.name)
            if aside and (named is None or aside[1] in named):
                path.rename(path.with_name(aside[1]))

    def _named(self) -> frozenset[str]:
        """Return every digest that the state names anywhere."""
        named: set[str] = set()
        for part in _entries(self._state):
            if not part.name.startswith(_SILENT):
                for path in self._files(part):
                    found = _DIGEST.findall(path.read_bytes())
                    named |= {digest.decode() for digest in found}
        return frozenset(named)

    def _spare_baselines(self, named: Collection[str]) -> Iterator[Spare]:
        for path in _entries(self._baselines):
            if _NAME.fullmatch(path.name) and path.name not in named:
                yield self._spare(path, "no fingerprint names it")

    def _spare_parked(
        self, before: float, named: Collection[str], saved: Collection[str]
    ) -> Iterator[Spare]:
        stay = {path.name for path in _entries(self._baselines)} & set(named)
        for path in self._files(self._state / "parked"):
            if path.stat().st_mtime < before:
                digest = raw_digest(path.read_bytes())
                if digest in stay or digest in saved:
                    yield self._spare(path, "old, and its bytes are kept elsewhere")

    def _remains(self, before: float, named: Collection[str]) -> Iterator[Spare]:
        """Yield what writers leave that are killed; what a person wrote is not it."""
        for above, folders, names in os.walk(self._state):
            here = Path(above)
            if here == self._state:
                folders[:] = [name for name in folders if name not in _CLOSED]
            left = [name for name in (*folders, *names) if name.endswith(".tmp")]
            folders[:] = [name for name in folders if name not in left]
            if here == self._state / "safety":
                folders.clear()
            for name in left:
                aside, path = _ASIDE.fullmatch(name), here / name
                needed = aside is not None and aside[1] in named
                if path.lstat().st_mtime < before and not needed:
                    yield self._spare(path, "left by a run that was cut off")

    def _spare(self, path: Path, because: str) -> Spare:
        place = PurePosixPath(path.relative_to(self._root).as_posix())
        return Spare(path=place, size=_size(path), because=because)

    def _delete(self, path: Path) -> None:
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
        parked = self._state / "parked"
        for above in path.parents:
            if not above.is_relative_to(parked):
                return
            with suppress(OSError):  # others are in it
                above.rmdir()

    @staticmethod
    def _files(top: Path) -> Iterator[Path]:
        if top.is_file():
            yield top
        for above, _, names in os.walk(top):
            yield from (Path(above, name) for name in names)


def _entries(folder: Path) -> list[Path]:
    try:
        return sorted(folder.iterdir())
    except (FileNotFoundError, NotADirectoryError):
        return []


def _size(path: Path) -> int:
    if path.is_dir() and not path.is_symlink():
        return sum(one.lstat().st_size for one in path.rglob("*") if one.is_file())
    return path.lstat().st_size
