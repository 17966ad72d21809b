"""The locks of a project's units; fits the port `Locks`.

Who holds a unit is recorded under a short mutex; that the holder lives is proven by the
kernel's lock on its life file; and each publication is fenced: it runs under the mutex,
after a look whether the record still names this very hold. So a dead holder is replaced
at once, one that has been silent for too long is evicted, and an evicted one that wakes
up can harm nobody.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Final

from pdd_tasks.adapters.locks.folder import LockFolder
from pdd_tasks.adapters.locks.hold import Hold, held, release
from pdd_tasks.adapters.locks.life import is_alive
from pdd_tasks.adapters.locks.look import NAMELESS, Look, Timing, look
from pdd_tasks.adapters.locks.mutex import mutex
from pdd_tasks.adapters.locks.record import (
    read_record,
    recorded_units,
    write_record,
)
from pdd_tasks.adapters.refusal import refusing
from pdd_tasks.core.model.artifact import UnitId
from pdd_tasks.core.model.lock import LockTerms
from pdd_tasks.core.model.settings import LockPlace
from pdd_tasks.errors import LockLostError, PddError, StateError


_TIMING: Final = Timing()
_PLAIN: Final = LockTerms()
_NO_TERMS: Final[Mapping[UnitId, LockTerms]] = {}
_BEAT_LIMIT_S: Final = 1.0  # a beat that meets somebody at the mutex comes later
_AGAIN: Final = "run the same command again; what was paid for is not paid for twice"


def _unsaid(line: str) -> None:
    del line


class UnitLocks:
    """The locks of one project."""

    def __init__(
        self,
        root: Path,
        *,
        terms: Mapping[UnitId, LockTerms] = _NO_TERMS,
        say: Callable[[str], None] = _unsaid,
        runtime: Path | None = None,
        timing: Timing = _TIMING,
        redact: Callable[[str], str] = str,
    ) -> None:
        """Name the project; nothing is made.

        Args:
            root: Its state root.
            terms: Unit → what its settings ask of its lock; a unit that is gone
                has a lock, too, on the plain terms.
            say: Tells people one line: evictions, and what was found broken.
            runtime: The user's runtime directory; None if there is none.
            timing: The times of locks.
            redact: Returns a command without secrets, for the record.

        Raises:
            ConfigError: If a unit's lock is to lie where there is no folder.
        """
        self._terms, self._say, self._timing = terms, say, timing
        self._redact = redact
        places = {_PLAIN.place, *(one.place for one in terms.values())}
        if runtime is not None:  # where another run's settings may put its locks
            places = set(LockPlace)
        self._folders = {
            place: LockFolder(root, place, runtime) for place in sorted(places)
        }

    @contextmanager
    def hold(self, unit: UnitId, waiting: Callable[[str], None]) -> Iterator[Hold]:
        """Hold a unit's lock; the same thread may hold it several times.

        Args:
            unit: The unit.
            waiting: Told whom it waits for, at once and rarely after that.

        Yields:
            The hold.

        Raises:
            LockedError: If another holder did not let go in time.
            StateError: If the lock's record is newer than this program.
            ConfigError: If there is no place for locks.
            PddError: If the disk refuses.
        """
        ours = held(self._folder(unit).path, unit)
        if ours is None:
            ours = self._acquired(unit, waiting)
        else:
            ours.depth += 1
        try:
            yield ours
        finally:
            ours.depth -= 1
            if not ours.depth:
                release(ours)

    @contextmanager
    def fence(self, unit: UnitId) -> Iterator[None]:
        """Keep a unit's lock from changing hands, for as long as a commit takes.

        Yields:
            Nothing.

        Raises:
            LockLostError: If the lock is another run's by now, or was never ours.
            PddError: If the disk refuses.
        """
        ours = self._ours(unit)
        if ours.fenced:
            yield
            return
        folder = self._folder(unit)
        with self._locked(unit):
            self._check(folder, ours)
            ours.fenced += 1
            try:
                yield
            finally:
                ours.fenced -= 1

    def beat(self, unit: UnitId) -> None:
        """Record that the holder makes progress; cheap, and often nothing to do.

        A unit that this thread does not hold has no heart.

        Raises:
            LockLostError: If the lock is another run's by now.
        """
        folder = self._folder(unit)
        ours = held(folder.path, unit)
        if ours is None or ours.fenced:
            return
        now = self._timing.now_ms()
        if now - ours.record.heartbeat < self._timing.beat_s * 1000:
            return
        with suppress(OSError), mutex(folder.mutex(unit), _BEAT_LIMIT_S):
            self._check(folder, ours)
            beaten = replace(ours.record, heartbeat=now)
            write_record(folder, unit, beaten)
            ours.record = beaten

    def busy(self, unit: UnitId) -> bool:
        """Return whether a run holds the unit now; writes nothing, not even a file."""
        if not any(folder.path.is_dir() for folder in self._all()):
            return False  # nothing was ever locked; asked of each unit
        try:
            return self._looked(unit).is_held
        except OSError:  # it is not ours to look at
            return False
        except StateError:
            return any(is_alive(folder, unit) for folder in self._all())

    def holder(self, unit: UnitId) -> str | None:
        """Return who holds the unit now, for people; None if nobody does."""
        if not self.busy(unit):
            return None
        try:
            return self.look(unit).holder
        except PddError:  # of a newer program
            return NAMELESS

    def look(self, unit: UnitId) -> Look:
        """Return what a look at a unit's lock finds; writes nothing.

        Raises:
            StateError: If its record is newer than this program.
            PddError: If the disk refuses.
        """
        with refusing(f"look at the lock of unit {unit}"):
            found = self._looked(unit)
            # Without the mutex a record may change while it is read.
            return self._looked(unit) if found.problem else found

    def folders(self) -> tuple[Path, ...]:
        """Return the folders of locks; they need not exist."""
        return tuple(folder.path for folder in self._all())

    def units(self) -> tuple[UnitId, ...]:
        """Return the units that have ever been locked, sorted; writes nothing."""
        found = (unit for folder in self._all() for unit in recorded_units(folder))
        return tuple(sorted(set(found)))

    def _looked(self, unit: UnitId) -> Look:
        """Return the look at a unit's lock, wherever it is held; else at its own."""
        mine = self._folder(unit)
        own = look(mine, unit, self._timing)
        others = (look(folder, unit, self._timing) for folder in self._others(mine))
        return own if own.is_held else next((o for o in others if o.is_held), own)

    def _acquired(self, unit: UnitId, waiting: Callable[[str], None]) -> Hold:
        # imported here: who only looks does not need them
        from pdd_tasks.adapters.locks.mount import warning
        from pdd_tasks.adapters.locks.patience import Patience
        from pdd_tasks.adapters.locks.taking import Taking

        folder, terms = self._folder(unit), self._terms.get(unit, _PLAIN)
        patience = Patience(unit, terms.wait_s, waiting)
        taking = Taking(folder, unit, terms, self._timing, self._say)
        taking.elsewhere = self._others(folder)
        taking.redact = self._redact
        with refusing(f"lock unit {unit}"):
            folder.prepare(unit)
            if doubt := warning(folder.path):
                self._say(doubt)
            while (ours := taking.attempt()) is None:
                patience.wait(taking.obstacle, taking.hint)
        return ours

    @contextmanager
    def _locked(self, unit: UnitId) -> Iterator[None]:
        """Have the mutex; what is refused inside is another's to explain."""
        path = self._folder(unit).mutex(unit)
        with ExitStack() as stack:
            with refusing(f"publish unit {unit}"):
                try:
                    stack.enter_context(mutex(path, self._timing.mutex_s))
                except TimeoutError:
                    # It cannot be passed by: whoever has it may be taking the lock.
                    self._say(f"{unit}: waits for a process that has {path} locked")
                    stack.enter_context(mutex(path))
            yield

    def _ours(self, unit: UnitId) -> Hold:
        ours = held(self._folder(unit).path, unit)
        if ours is None:
            msg = f"unit {unit}: this process does not hold its lock"
            raise LockLostError(msg, hint=_AGAIN)
        return ours

    def _check(self, folder: LockFolder, ours: Hold) -> None:
        """Raise if the record names another hold; the mutex is held.

        Raises:
            LockLostError: If it does.
        """
        found = read_record(folder, ours.unit)
        record = found.record
        if record is not None and record.token == ours.record.token:
            return
        because = f"it is held by {record.words}" if record else "its record is gone"
        msg = (
            f"unit {ours.unit}: its lock was taken over while this run was silent;"
            f" {because}; nothing was published"
        )
        raise LockLostError(msg, hint=_AGAIN)

    def _folder(self, unit: UnitId) -> LockFolder:
        return self._folders[self._terms.get(unit, _PLAIN).place]

    def _others(self, mine: LockFolder) -> tuple[LockFolder, ...]:
        return tuple(folder for folder in self._all() if folder is not mine)

    def _all(self) -> tuple[LockFolder, ...]:
        return tuple(self._folders.values())
