"""What a disk can hold after a crash, from a record of what was asked of the system.

Pure: a record made by `faults.c` goes in, states come out, each a mapping from path to
bytes; a folder's path ends in a slash and maps to nothing. Three models, in each of
which only what was synced is certain:

- killed: all that was asked before the kill is there.
- ordered: names are kept in the order in which they were given, and any sync keeps all
  of those before it, as a journalling file system does; what was written into a file
  that was not synced may be missing, in half or in full.
- worst: each folder keeps its names on its own, only a sync of a folder keeps those in
  it, and of those not synced any may be missing: also one half of a renaming from one
  folder to another.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain, combinations, product
from pathlib import PurePosixPath


FOLDER = 0  # stands for the inode of any folder
State = Mapping[str, bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One name in one folder gets another inode, or none.

    Attributes:
        at: Number of the call that asked for it.
        path: The name, with its folder.
        inode: What has the name then; None if nothing has.
    """

    at: int
    path: str
    inode: int | None

    @property
    def folder(self) -> str:
        """The folder that the name is in."""
        return str(PurePosixPath(self.path).parent)


@dataclass(slots=True)
class Record:
    """What was asked of the system, in order, in terms of inodes.

    Attributes:
        start: Path → bytes, before.
        calls: Number of calls.
        changes: What they changed in folders.
        written: Inode → number of a call and what it wrote.
        synced: Inode → numbers of the calls that synced it.
        folders: Folder → numbers of the calls that synced it.
    """

    start: State
    calls: int = 0
    changes: list[Change] = field(default_factory=list)
    written: dict[int, list[tuple[int, bytes]]] = field(default_factory=dict)
    synced: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    folders: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    _view: dict[str, int] = field(default_factory=dict)
    _before: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for number, (path, data) in enumerate(self.start.items(), start=1):
            self._view[path.rstrip("/")] = FOLDER if path.endswith("/") else number
            self.written[number] = [(-2, data)]
            self.synced[number].append(-1)
        self._before = dict(self._view)

    @classmethod
    def of(cls, log: str, root: str, start: State) -> "Record":
        """Return what a log of `faults.c` says of a folder.

        Raises:
            ValueError: If a call in it is not known here.
        """
        record = cls(dict(start))
        for line in log.splitlines():
            call, first, second, error, data = line.split("\t")
            if error != "0":
                continue
            paths = [
                str(PurePosixPath(path).relative_to(root))
                for path in (first, second)
                if path
            ]
            record._add(call, paths, bytes.fromhex(data))
            record.calls += 1
        return record

    def before(self) -> dict[str, int]:
        """Return which inode each path had before."""
        return dict(self._before)

    def _add(self, call: str, paths: list[str], data: bytes) -> None:
        match call, paths:
            case "create", [path]:
                self._create(path)
            case "write", [path]:
                self.written[self._view[path]].append((self.calls, data))
            case "fsync", [path]:
                self._synced(path).append(self.calls)
            case "chmod", _:
                pass
            case _:
                self._set(self._names(call, paths))

    def _synced(self, path: str) -> list[int]:
        inode = self._view.get(path, FOLDER)
        return self.folders[path] if inode == FOLDER else self.synced[inode]

    def _names(self, call: str, paths: list[str]) -> dict[str, int | None]:
        """Return what names stand for after a call that changes only names.

        Raises:
            ValueError: If the call is not known here.
        """
        view = self._view
        match call, paths:
            case "rename", [old, new]:
                return {old: None, new: view[old]}
            case "exchange", [one, other]:
                return {one: view[other], other: view[one]}
            case "link", [old, new]:
                return {new: view[old]}
            case "mkdir", [path]:
                return {path: FOLDER}
            case "unlink" | "rmdir", [path]:
                return {path: None}
            case _:
                raise ValueError(f"a call that has no model: {call} {paths}")

    def _create(self, path: str) -> None:
        if path not in self._view:
            number = len(self.written) + 1
            self.written[number] = []
            self._set({path: number})

    def _set(self, names: Mapping[str, int | None]) -> None:
        for path, inode in names.items():
            self.changes.append(Change(at=self.calls, path=path, inode=inode))
            if inode is None:
                del self._view[path]
            else:
                self._view[path] = inode


def killed(record: Record) -> Iterator[State]:
    """Yield what is there after a kill before each call, and after the last."""
    for end in range(record.calls + 1):
        changes = [change for change in record.changes if change.at < end]
        yield _contents(record, changes, dict.fromkeys(record.written, end))


def ordered(record: Record) -> Iterator[State]:
    """Yield what can be there after a power cut on a disk that keeps the order."""
    syncs = sorted(chain(*record.synced.values(), *record.folders.values()))
    for end in range(record.calls + 1):
        kept = max([sync for sync in syncs if sync < end], default=-1)
        for last in range(kept + 1, end + 1):
            changes = [change for change in record.changes if change.at < last]
            yield from _torn(record, changes, end)


def worst(record: Record) -> Iterator[State]:
    """Yield what can be there after a power cut on a disk that promises little."""
    for end in range(record.calls + 1):
        made = [change for change in record.changes if change.at < end]
        sure = {change for change in made if _is_kept(record, change, end)}
        open_ones = sorted({(c.at, c.folder) for c in made if c not in sure})
        for chosen in _subsets(open_ones):
            changes = [c for c in made if c in sure or (c.at, c.folder) in chosen]
            yield from _torn(record, changes, end)


def _is_kept(record: Record, change: Change, end: int) -> bool:
    return any(change.at < sync < end for sync in record.folders[change.folder])


def _subsets(
    ones: list[tuple[int, str]],
) -> Iterator[frozenset[tuple[int, str]]]:
    for size in range(len(ones) + 1):
        yield from map(frozenset, combinations(ones, size))


def _torn(record: Record, changes: list[Change], end: int) -> Iterator[State]:
    """Yield each mixture of what files that were not synced can hold."""
    unsure = [
        inode
        for inode in sorted({c.inode for c in changes if c.inode})
        if any(_is_unsure(record, inode, at, end) for at, _ in record.written[inode])
    ]
    for cut in product((0, 1, 2), repeat=len(unsure)):
        halves = dict(zip(unsure, cut, strict=True))
        yield _contents(record, changes, dict.fromkeys(record.written, end), halves)


def _is_unsure(record: Record, inode: int, at: int, end: int) -> bool:
    return at < end and not any(at < sync < end for sync in record.synced[inode])


def _contents(
    record: Record,
    changes: list[Change],
    ends: Mapping[int, int],
    halves: Mapping[int, int] | None = None,
) -> State:
    names = record.before()
    for change in changes:
        if change.inode is None:
            names.pop(change.path, None)
        else:
            names[change.path] = change.inode
    made = {c.path for c in record.changes if c.inode == FOLDER}
    lost = made - {path for path, inode in names.items() if inode == FOLDER}
    there = {path: i for path, i in names.items() if not _is_lost(path, lost)}
    return {
        (path if inode else f"{path}/"): (
            _data(record, inode, ends[inode], (halves or {}).get(inode, 2))
            if inode
            else b""
        )
        for path, inode in there.items()
    }


def _is_lost(path: str, lost: set[str]) -> bool:
    """Return whether one of the folders above a path is not there."""
    return any(str(parent) in lost for parent in PurePosixPath(path).parents)


def _data(record: Record, inode: int, end: int, halves: int) -> bytes:
    """Return what a file holds: all of what is sure, and so many halves of the rest."""
    parts = [(at, data) for at, data in record.written[inode] if at < end]
    sure = b"".join(d for at, d in parts if not _is_unsure(record, inode, at, end))
    rest = b"".join(d for at, d in parts if _is_unsure(record, inode, at, end))
    return sure + rest[: len(rest) * halves // 2]
