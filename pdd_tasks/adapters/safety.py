"""Safety copies: bytes a person wrote, kept before they are replaced.

A copy is a commit that a ref of our own names (`git_safety`), or a folder where git
is not to be had or not wanted (`safety_folder`); whichever it is, it is listed, read
back and, in time, dropped here. Rule 1: a copy that cannot be kept is an error, so
that nothing is replaced. Rule 2: nothing younger than 30 days is dropped, and never
the last copy of a unit.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path, PurePosixPath
from typing import Final

from pdd_tasks.adapters.clock import SystemClock
from pdd_tasks.adapters.files import raw_digest, refuse_outside
from pdd_tasks.adapters.git_commit import GitRefusal
from pdd_tasks.adapters.git_safety import BRANCHES, REFS, GitCopies, Kept
from pdd_tasks.adapters.refusal import refusing
from pdd_tasks.adapters.safety_folder import PLACE, FolderCopies
from pdd_tasks.core.model.artifact import UnitId
from pdd_tasks.core.model.safety_copy import (
    SafetyCopy,
    copy_id,
    expired,
    newest_first,
)
from pdd_tasks.core.model.settings import SafetyPlace, Settings
from pdd_tasks.errors import PddError, StateError


_NO_SETTINGS: Final[Mapping[str, Settings]] = {}
_CLOCK: Final = SystemClock()
_USUAL: Final = ("git is not installed", "not a git repository")


class SafetyCopies:
    """The safety copies of one project; fits the port `Safety`."""

    def __init__(
        self,
        root: Path,
        settings: Mapping[str, Settings] = _NO_SETTINGS,
        *,
        say: Callable[[str], None] = lambda _: None,
        now: Callable[[], str] = _CLOCK.now,
        redact: Callable[[str], str] = str,
    ) -> None:
        """Keep copies for a state root.

        Args:
            root: The state root.
            settings: Id of a unit → its settings; those of a unit that is not in it
                are the defaults.
            say: Tells people one line now.
            now: Returns the time, ISO 8601 in UTC.
            redact: Returns a reason without secrets; files are kept as they are.
        """
        self._settings = settings
        self._redact = redact
        self._say = say
        self._now = now
        self._told = False
        self._git = GitCopies(root)
        self._folder = FolderCopies(root)

    def copy(
        self, unit: UnitId, files: Mapping[PurePosixPath, bytes], because: str = ""
    ) -> str:
        """Keep a copy of some files, durably, and drop those of the unit that are old.

        Returns:
            The ref or the folder it is in.

        Raises:
            ConfigError: If a path leaves the project.
            PddError: If the disk refuses.
        """
        for path in files:
            refuse_outside(path)
        at = self._now()

        def name(number: int) -> SafetyCopy:
            return SafetyCopy(
                id=copy_id(str(unit), at, number),
                unit=str(unit),
                at=at,
                files={path: raw_digest(data) for path, data in files.items()},
                because=self._redact(because),
            )

        with refusing(f"keep safety copies for unit {unit}"):
            kept = self._in_git(str(unit), name, files)
            if kept is None:
                kept = self._folder.keep(name, files)
        with suppress(PddError):  # the next copy, or `doit cache gc`, will
            self.drop(self.expired(str(unit)))
        return kept.where

    def listed(self, unit: UnitId | None = None) -> tuple[SafetyCopy, ...]:
        """Return the copies of a unit, or of all, the newest first."""
        found = [*self._folder.all(), *(kept.copy for kept in self._kept())]
        wanted = (one for one in found if unit is None or one.unit == str(unit))
        return newest_first(tuple(wanted))

    def read(self, copy: SafetyCopy) -> Mapping[PurePosixPath, bytes]:
        """Return the bytes of a copy's files.

        Raises:
            ConfigError: If a path leaves the project.
            StateError: If one of them is not there any more as it was kept.
        """
        for path in copy.files:
            refuse_outside(path)
        found = self._read(copy)
        lost = [str(path) for path in copy.files if path not in found]
        if lost:
            what = f"{', '.join(lost)} is not what was kept"
            raise StateError(
                f"the safety copy {copy.where} cannot be read: {what}",
                hint=f"look for another one with `doit undo {copy.unit}`",
            )
        return found

    def expired(self, unit: str = "") -> tuple[SafetyCopy, ...]:
        """Return the copies that need not be kept any longer.

        Args:
            unit: Id of the unit to look at; empty means all.
        """
        found = self.listed()
        units = [unit] if unit else sorted({one.unit for one in found})
        return tuple(old for name in units for old in self._expired(name, found))

    def drop(self, copies: Sequence[SafetyCopy]) -> None:
        """Drop copies.

        Raises:
            PddError: If git or the disk refuses.
        """
        folders = [copy for copy in copies if copy.where.startswith(PLACE)]
        refs = {copy.where for copy in copies if copy not in folders}
        with refusing("drop safety copies"):
            for copy in folders:
                self._folder.drop(copy)
        try:
            if refs:
                self._git.drop([kept for kept in self._kept() if kept.ref in refs])
        except GitRefusal as error:
            msg = f"cannot drop safety copies: {error}"
            raise PddError(msg, hint="mend that, then run the command again") from error

    def _expired(
        self, unit: str, found: Sequence[SafetyCopy]
    ) -> tuple[SafetyCopy, ...]:
        settings = self._settings.get(unit, Settings())
        mine = [one for one in found if one.unit == unit]
        return expired(
            mine, self._now(), days=settings.safety_days, keep=settings.safety_keep
        )

    def _in_git(
        self,
        unit: str,
        name: Callable[[int], SafetyCopy],
        files: Mapping[PurePosixPath, bytes],
    ) -> SafetyCopy | None:
        """Return the copy kept in git; None if it is to be a folder."""
        place = self._settings.get(unit, Settings()).safety
        if place is SafetyPlace.FOLDER:
            return None
        under = BRANCHES if place is SafetyPlace.BRANCH else REFS
        try:
            return self._git.keep(name, files, under=under)
        except GitRefusal as error:
            if not str(error).startswith(_USUAL):  # a run says that there is no git
                self._tell(f"safety copies go to {PLACE}, since git refuses: {error}")
            return None

    def _kept(self) -> tuple[Kept, ...]:
        try:
            return self._git.all()
        except GitRefusal as error:
            if not str(error).startswith(_USUAL):
                self._tell(f"safety copies in git cannot be listed: {error}")
            return ()

    def _read(self, copy: SafetyCopy) -> Mapping[PurePosixPath, bytes]:
        if copy.where.startswith(PLACE):
            return self._folder.read(copy)
        try:
            return self._git.read(copy)
        except GitRefusal as error:
            msg = f"the safety copy {copy.where} cannot be read: {error}"
            raise StateError(msg, hint="mend that, then try again") from error

    def _tell(self, line: str) -> None:
        if not self._told:
            self._told = True
            self._say(line)
