"""The database ``.pdd/state.db``: opened, made, brought up to date, and mended.

Rule 1: it is a convenience. Whatever happens to it fails no sync: what is broken is
moved aside and made anew, what the disk refuses is left out, with one line for people.
Rule 2: it is opened for one transaction at a time, so that threads, processes and those
that are killed leave it whole.
"""

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from functools import cached_property
from pathlib import Path
from typing import Final, TypeVar
from urllib.parse import quote

from pdd_tasks.adapters.files import STATE_FOLDER, ensure_state_folder
from pdd_tasks.adapters.locks.mount import is_remote
from pdd_tasks.adapters.state_schema import SCHEMA, migrated, schema_of
from pdd_tasks.errors import StateError


T = TypeVar("T")
NAME: Final = "state.db"
_ASIDE: Final = "state.db.broken"
_WAIT_S: Final = 2.0
_PATIENCE: Final = 30  # so many waits for others, where money depends on it
_BROKEN: Final = frozenset({"SQLITE_CORRUPT", "SQLITE_NOTADB", "SQLITE_ERROR"})


class StateDatabase:
    """The database of one project."""

    def __init__(
        self,
        root: Path,
        fill: Callable[[sqlite3.Connection], int],
        announce: Callable[[str], None],
        remote: Callable[[Path], bool] = is_remote,
    ) -> None:
        """Name the project; nothing is opened.

        Args:
            root: Its state root.
            fill: Puts what is known otherwise into a new database; returns how many
                operations these are.
            announce: Tells people one line, each line once.
            remote: Returns whether a folder's files are another machine's.
        """
        self._root, self._fill, self._announce = root, fill, announce
        self._remote = remote
        self._path = root / STATE_FOLDER / NAME
        self._lock = threading.Lock()
        self._off = False

    def write(self, work: Callable[[sqlite3.Connection], T], default: T) -> T:
        """Return what some work returns, done in one transaction.

        Args:
            work: The work.
            default: What is returned if there is no database to do it in.
        """
        with self._lock:
            if self._off:
                return default
            try:
                return self._written(work)
            except (sqlite3.Error, OSError, StateError) as error:
                self._refused(error)
                return default

    def must(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Return what some work returns, done in one transaction, or say why not.

        Raises:
            StateError: If there is no database to do it in.
        """
        with self._lock:
            try:
                return self._patiently(work)
            except (sqlite3.Error, OSError) as error:
                raise StateError(
                    f"{self._path} cannot be written: {error}",
                    hint="see who may write there, and whether the disk is full",
                ) from error

    def _patiently(self, work: Callable[[sqlite3.Connection], T]) -> T:
        for _ in range(_PATIENCE):
            try:
                return self._written(work)
            except sqlite3.OperationalError as error:
                if not _is_busy(error):
                    raise
        return self._written(work)

    @cached_property
    def _is_remote(self) -> bool:
        return self._remote(self._path.parent)

    def _written(self, work: Callable[[sqlite3.Connection], T]) -> T:
        inode = _inode(self._path)
        try:
            return self._transaction(work, aside=False)
        except sqlite3.DatabaseError as error:
            if not _is_broken(error):
                raise
            if inode == _inode(self._path):  # else another process has mended it
                self._move_aside()
        return self._transaction(work, aside=True)

    def _transaction(
        self, work: Callable[[sqlite3.Connection], T], *, aside: bool
    ) -> T:
        ensure_state_folder(self._root)
        with closing(_connected(self._path)) as connection:
            _choose_journal(connection, remote=self._is_remote)
            with _begun(connection):
                if migrated(connection, self._path):
                    self._told(self._fill(connection), aside=aside)
                return work(connection)

    def _told(self, operations: int, *, aside: bool) -> None:
        of_old = f"{operations} operations were taken over from fingerprints"
        lost = "what was spent before is not counted"
        if aside:
            what = f"{self._path} was broken and is now {_ASIDE}; a new one is there"
            what = f"{what}, {of_old}" if operations else what
            self._announce(f"{what}; {lost}")
        elif operations:
            what = f"{self._path} was not there and is made anew"
            self._announce(f"{what}; {of_old}; {lost}")

    def _move_aside(self) -> None:
        for ending in ("", "-wal", "-shm"):
            path = self._path.with_name(NAME + ending)
            with suppress(FileNotFoundError):
                path.replace(path.with_name(_ASIDE + ending))

    def _refused(self, error: Exception) -> None:
        busy = _is_busy(error)
        self._off = not busy
        said = "one operation is not" if busy else "the operations of this run are not"
        self._announce(f"warning: {said} in the log: {self._path}: {error}")


def read(root: Path, work: Callable[[sqlite3.Connection], T]) -> T | None:
    """Return what some work reads of a project's database; None if there is none.

    Nothing is written, not even the files that SQLite keeps beside a database that is
    in use.

    Raises:
        StateError: If it is broken, newer than this program, or cannot be read.
    """
    path = root / STATE_FOLDER / NAME
    if not path.exists():
        return None
    # while nobody has it open there is no log beside it, and reading would make one
    still = not path.with_name(f"{NAME}-wal").exists()
    mode = "mode=ro&immutable=1" if still else "mode=ro"
    try:
        address = f"file:{quote(str(path.resolve()))}?{mode}"
        with closing(_connected(address, uri=True)) as connection:
            schema = schema_of(connection, path)
            if schema in {0, SCHEMA}:
                return work(connection) if schema else None
            with closing(sqlite3.connect(":memory:")) as copy:
                connection.backup(copy)  # what is read of an older one is in our form
                migrated(copy, path)
                return work(copy)
    except sqlite3.Error as error:
        raise StateError(
            f"{path} cannot be read: {error}",
            hint="sync a unit, which mends it; or remove it: it is made anew from"
            " fingerprints",
        ) from error


def _connected(address: Path | str, *, uri: bool = False) -> sqlite3.Connection:
    return sqlite3.connect(
        address,
        timeout=_WAIT_S,
        isolation_level=None,
        check_same_thread=False,
        uri=uri,
    )


@contextmanager
def _begun(connection: sqlite3.Connection) -> Iterator[None]:
    """Do what is inside in one transaction.

    Yields:
        Nothing.
    """
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        with suppress(sqlite3.Error):
            connection.execute("ROLLBACK")
        raise


def _choose_journal(connection: sqlite3.Connection, *, remote: bool) -> None:
    """Choose the journal: memory shared by processes ends where a network begins."""
    wanted = "delete" if remote else "wal"
    if connection.execute("PRAGMA journal_mode").fetchone()[0] != wanted:
        with suppress(sqlite3.OperationalError):  # others are at it: the next one will
            connection.execute(f"PRAGMA journal_mode={wanted}")
    # a power cut may break it, which is mended; no step waits for the disk for that
    connection.execute("PRAGMA synchronous=OFF")


def _is_broken(error: sqlite3.DatabaseError) -> bool:
    name = getattr(error, "sqlite_errorname", "")
    return name in _BROKEN or name.startswith("SQLITE_CORRUPT_")


def _is_busy(error: Exception) -> bool:
    return getattr(error, "sqlite_errorname", "").startswith("SQLITE_BUSY")


def _inode(path: Path) -> int:
    try:
        return path.stat().st_ino
    except OSError:
        return 0
