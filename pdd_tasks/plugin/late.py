"""Adapters that are loaded when they are first needed; each fits its port by shape.

A run that finds nothing to do loads none of what is behind them.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Protocol

from pdd_tasks.adapters.files import STATE_FOLDER
from pdd_tasks.core.model.artifact import Artifact, UnitId
from pdd_tasks.core.model.settings import LockPlace
from pdd_tasks.engine.ports import (
    Baselines,
    Bench,
    Checkout,
    Formatter,
    Locks,
    Merger,
    Model,
    Publisher,
    Safety,
)


if TYPE_CHECKING:  # these are in signatures alone, and take long to load
    from collections.abc import Callable, Collection, Mapping, Sequence
    from contextlib import AbstractContextManager
    from pathlib import Path, PurePosixPath

    from pdd_tasks.core.merge.result import MergeResult
    from pdd_tasks.core.model.language import Language
    from pdd_tasks.core.model.publication import Recovery, Write
    from pdd_tasks.core.model.safety_copy import SafetyCopy
    from pdd_tasks.core.model.unit import DevUnit
    from pdd_tasks.errors import Saved


class Fenced(Locks, Protocol):
    """Locks, and the fence that publications run in."""

    def fence(self, unit: UnitId) -> AbstractContextManager[None]:
        """Keep a unit's lock from changing hands."""
        ...


class LateLocks:
    """The locks, loaded when one is needed; but a place that is none is told early."""

    def __init__(self, units: tuple[DevUnit, ...], make: Callable[[], Fenced]) -> None:
        self._make = make
        if any(unit.settings.lock_dir is not LockPlace.PROJECT for unit in units):
            self._load()

    def hold(
        self, unit: UnitId, waiting: Callable[[str], None]
    ) -> AbstractContextManager[object]:
        """Return a hold on a unit's lock."""
        return self._locks.hold(unit, waiting)

    def fence(self, unit: UnitId) -> AbstractContextManager[None]:
        """Return a context in which a unit's lock does not change hands."""
        return self._locks.fence(unit)

    def beat(self, unit: UnitId) -> None:
        """Record that the holder makes progress."""
        self._locks.beat(unit)

    def busy(self, unit: UnitId) -> bool:
        """Return whether another run holds the unit now."""
        return self._locks.busy(unit)

    def holder(self, unit: UnitId) -> str | None:
        """Return who holds the unit now."""
        return self._locks.holder(unit)

    def _load(self) -> None:
        _ = self._locks

    @cached_property
    def _locks(self) -> Fenced:
        return self._make()


class LateMerger:
    """The merger, loaded when something is to be merged."""

    def __init__(self, units: tuple[DevUnit, ...]) -> None:
        self._units = units

    def problem(self, language: Language, text: str) -> str | None:
        """Return why the marks of protected blocks are broken."""
        return self._merger.problem(language, text)

    def merge(
        self,
        language: Language,
        path: PurePosixPath,
        base: str | None,
        mine: str,
        generated: str,
    ) -> MergeResult:
        """Return one text that holds what both sides did, or the conflict."""
        return self._merger.merge(language, path, base, mine, generated)

    @cached_property
    def _merger(self) -> Merger:
        from pdd_tasks.adapters.merging import ThreeWayMerger

        drivers = {
            path: unit.settings.merge_driver
            for unit in self._units
            for artifact in Artifact
            for path in unit.paths(artifact)
        }
        return ThreeWayMerger(drivers)


class LateRunner:
    """What runs units, loaded when something is to be run."""

    def __init__(self, root: Path, locks: Locks) -> None:
        self._root, self._locks = root, locks

    def check(self, unit: DevUnit) -> None:
        """Look whether what a unit needs to run is on this machine.

        Raises:
            RunError: If it is not.
        """
        from pdd_tasks.plugin.language_adapters import runner_of

        runner_of(unit, self._root, self._locks.beat).check(unit)

    def bench(self, unit: DevUnit) -> AbstractContextManager[Bench]:
        """Return a bench for a unit; it is gone when the context ends."""
        from pdd_tasks.adapters.gate import gated
        from pdd_tasks.plugin.language_adapters import runner_of

        runner = runner_of(unit, self._root, self._locks.beat)
        limit = unit.settings.max_concurrent_runs
        return gated(runner.bench(unit), limit, lambda: self._locks.beat(unit.id))


class LateCheckout:
    """What git knows, loaded when the first question is asked."""

    def __init__(self, root: Path, announce: Callable[[str], None]) -> None:
        self._root, self._announce = root, announce

    def announce(self) -> None:
        """Tell people, once a run, if there is no git that can be asked."""
        self._checkout.announce()

    def unmerged(self) -> Mapping[PurePosixPath, str]:
        """Return the files that a merge left to a person → what both sides did."""
        return self._checkout.unmerged()

    def elsewhere(
        self, paths: Collection[PurePosixPath]
    ) -> Mapping[PurePosixPath, str]:
        """Return which of some absent files are tracked, but not checked out → why."""
        return self._checkout.elsewhere(paths)

    def skips(self, ending: str) -> bool:
        """Return whether a path that ends so is tracked, but not checked out."""
        return self._checkout.skips(ending)

    def former(self, path: PurePosixPath) -> PurePosixPath | None:
        """Return where a file was before git saw it renamed; None if it did not."""
        return self._checkout.former(path)

    @cached_property
    def _checkout(self) -> Checkout:
        from pdd_tasks.adapters.git_status import GitCheckout

        return GitCheckout(self._root, self._announce)


class LateFormatter:
    """The formatter of generated files, loaded when a unit has one."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def check(self, unit: DevUnit) -> None:
        """Look whether a unit's formatter can be started; runs nothing.

        Raises:
            ConfigError: If its command names a program that is not there.
        """
        if unit.formatter:
            self._formatter().check(unit)

    def formatted(self, unit: DevUnit, path: PurePosixPath, text: str) -> str:
        """Return a text as the formatter writes it; as it is without a formatter.

        Raises:
            ConfigError: If the formatter cannot be started.
            FormatError: If it fails on the text.
        """
        if not unit.formatter:
            return text
        return self._formatter().formatted(unit, path, text)

    def _formatter(self) -> Formatter:
        from pdd_tasks.adapters.formatter import CommandFormatter

        return CommandFormatter(self._root)


class LateModels:
    """The models of a project's units, loaded when one is asked."""

    def __init__(self, make: Callable[[], Callable[[DevUnit], Model]]) -> None:
        self._make = make

    def of(self, unit: DevUnit) -> Model:
        """Return the model that a unit's settings ask for."""
        return self._of(unit)

    @cached_property
    def _of(self) -> Callable[[DevUnit], Model]:
        return self._make()


class LatePublisher:
    """The publisher, loaded when something is published or was left open."""

    def __init__(self, root: Path, make: Callable[[], Publisher]) -> None:
        self._open, self._make = root / STATE_FOLDER / "txn", make

    def pending(self, unit: UnitId) -> bool:
        """Return whether an earlier run left a unit's transaction open; looks only."""
        return self._is_used and self._publisher.pending(unit)

    def recover(self, unit: UnitId) -> tuple[Recovery, ...]:
        """Return what was done about a unit's open transactions; its lock is held."""
        return self._publisher.recover(unit) if self._is_used else ()

    def publish(self, unit: UnitId, writes: Sequence[Write]) -> None:
        """Write all files or none; the last write is applied last."""
        self._publisher.publish(unit, writes)

    def discard_parked(self, unit: UnitId, saved: Sequence[Saved]) -> None:
        """Remove parked copies of generated bytes, once they were merged."""
        self._publisher.discard_parked(unit, saved)

    @property
    def _is_used(self) -> bool:
        """True if there is anything where open transactions lie."""
        try:
            return any(self._open.iterdir())
        except FileNotFoundError:
            return False
        except OSError:
            return True  # what is wrong there is for the publisher to say

    @cached_property
    def _publisher(self) -> Publisher:
        return self._make()


class LateBaselines:
    """The baselines, loaded when one is kept or looked for."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def keep(self, data: bytes) -> None:
        """Keep some bytes under their raw digest."""
        self._baselines.keep(data)

    def find(self, raw: str, path: PurePosixPath) -> bytes | None:
        """Return bytes by raw digest; None if nobody has them."""
        return self._baselines.find(raw, path)

    @cached_property
    def _baselines(self) -> Baselines:
        from pdd_tasks.adapters.baselines import BaselineStore

        return BaselineStore(self._root)


class LateSafety:
    """The safety copies, loaded when one is made or looked at."""

    def __init__(self, make: Callable[[], Safety]) -> None:
        self._make = make

    def copy(
        self, unit: UnitId, files: Mapping[PurePosixPath, bytes], because: str = ""
    ) -> str:
        """Return the name of a copy of some files, which is kept durably."""
        return self._safety.copy(unit, files, because)

    def listed(self, unit: UnitId | None = None) -> tuple[SafetyCopy, ...]:
        """Return the copies of a unit, or of all units, the newest first."""
        return self._safety.listed(unit)

    def read(self, copy: SafetyCopy) -> Mapping[PurePosixPath, bytes]:
        """Return the bytes of a copy's files."""
        return self._safety.read(copy)

    @cached_property
    def _safety(self) -> Safety:
        return self._make()
