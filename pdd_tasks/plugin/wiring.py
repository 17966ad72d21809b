"""The composition root: adapters meet the engine's ports, and mypy checks the fit."""

import threading
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, suppress
from functools import cached_property
from importlib import resources
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple, Protocol, TypeVar

from pdd_tasks import __version__
from pdd_tasks.adapters.baselines import BaselineStore
from pdd_tasks.adapters.clock import SystemClock
from pdd_tasks.adapters.files import STATE_FOLDER, ProjectFiles
from pdd_tasks.adapters.safety import SafetyCopies
from pdd_tasks.adapters.traces import TraceFiles
from pdd_tasks.adapters.transactions import Transactions
from pdd_tasks.core.merge.result import MergeResult
from pdd_tasks.core.model.artifact import Artifact, UnitId
from pdd_tasks.core.model.ending import Ending
from pdd_tasks.core.model.language import Language
from pdd_tasks.core.model.settings import LockPlace, Settings
from pdd_tasks.core.model.step import Operation, Step
from pdd_tasks.core.model.trace import Fingerprint
from pdd_tasks.core.model.unit import DevUnit
from pdd_tasks.core.model.unit_state import UnitState
from pdd_tasks.core.plan.interface_change import Shown
from pdd_tasks.engine.ports import (
    Baselines,
    Bench,
    Checkout,
    Clock,
    Consent,
    Files,
    Formatter,
    Journal,
    Locks,
    Merger,
    Model,
    Publisher,
    Purse,
    Safety,
    Syntax,
    Traces,
)
from pdd_tasks.engine.world import World
from pdd_tasks.errors import StateError
from pdd_tasks.plugin.confirmation import Confirmation
from pdd_tasks.plugin.redaction import Redaction


T = TypeVar("T")


def world(
    root: Path,
    units: tuple[DevUnit, ...],
    purse: Purse,
    say: Callable[[str], None],
    announce: Callable[[str], None],
    redaction: Redaction | None = None,
) -> World:
    """Return the world of one project.

    Args:
        root: Its state root.
        units: Its units.
        purse: The run's ledger.
        say: Tells people one line now.
        announce: The same, each line once a run.
        redaction: Redacts what is written; None knows the environment's secrets.
    """
    redaction = redaction or Redaction((root,), {})
    files: Files = ProjectFiles(root)
    traces: Traces = TraceFiles(root, redact=redaction.written(root))
    written = redaction.written(root)
    held = _LateLocks(units, lambda: _unit_locks(root, units, say, written))
    publisher: Publisher = Transactions(root, fence=held.fence)
    baselines: Baselines = BaselineStore(root)
    locks: Locks = held
    chosen = {str(unit.id): unit.settings for unit in units}
    written = redaction.written(root)
    safety: Safety = SafetyCopies(root, chosen, say=say, redact=written)
    clock: Clock = SystemClock()
    consent: Consent = Confirmation(threading.Event())
    merger: Merger = _LateMerger(units)

    words = _Words(announce, written, purse.run)
    journal = _LateJournal(root, units, traces, clock, words)

    def begin(unit: DevUnit) -> None:
        purse.begin(unit.settings.max_operations, unit.settings.max_time_s)

    def models() -> Callable[[DevUnit], Model]:
        from pdd_tasks.plugin.model import Models
        from pdd_tasks.plugin.paying import Tills

        tills = Tills(
            database=lambda: journal.database,
            purse=purse,
            run=purse.run,
            clock=clock,
            announce=announce,
            locks=locks,
        )
        return Models(
            root=root,
            till=tills.of,
            clock=clock,
            say=say,
            announce=announce,
            redaction=redaction,
        ).of

    return World(
        files=files,
        traces=traces,
        publisher=publisher,
        baselines=baselines,
        locks=locks,
        merger=merger,
        runner=_LateRunner(root, locks),
        formatter=_LateFormatter(root),
        checkout=_LateCheckout(root, announce),
        clock=clock,
        journal=journal,
        safety=safety,
        consent=consent,
        slicer=_sliced,
        model=_LateModels(models).of,
        syntaxes=_syntaxes(),
        shows={"python": _shown},
        template=_template,
        units=units,
        version=__version__,
        say=say,
        begin=begin,
    )


class _Fenced(Locks, Protocol):
    """Locks, and the fence that publications run in."""

    def fence(self, unit: UnitId) -> AbstractContextManager[None]:
        """Keep a unit's lock from changing hands."""
        ...


def _unit_locks(
    root: Path,
    units: tuple[DevUnit, ...],
    say: Callable[[str], None],
    redact: Callable[[str], str],
) -> _Fenced:
    from pdd_tasks.plugin.locking import unit_locks

    return unit_locks(root, units, say, redact)


class _LateLocks:
    """The locks, loaded when one is needed; but a place that is none is told early."""

    def __init__(self, units: tuple[DevUnit, ...], make: Callable[[], _Fenced]) -> None:
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
    def _locks(self) -> _Fenced:
        return self._make()


class _LateMerger:
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


def sweep(root: Path) -> None:
    """Remove what killed runs left unfinished in a project, or copied from it.

    Args:
        root: Its state root.
    """
    from pdd_tasks.adapters.residue import sweep_unfinished
    from pdd_tasks.adapters.scratch import sweep_scratch

    sweep_unfinished(root / STATE_FOLDER)
    sweep_scratch(root)


class _LateRunner:
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


class _LateCheckout:
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


class _LateFormatter:
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


def _sliced(path: PurePosixPath, text: str, kind: str, name: str) -> str | None:
    from pdd_tasks.adapters.python.definition import python_slice

    return python_slice(path, text, kind, name)


def _shown(text: str) -> Shown:
    from pdd_tasks.adapters.python.shown import shown

    return shown(text)


def _syntaxes() -> Mapping[str, Syntax]:
    from pdd_tasks.plugin.language_adapters import syntaxes

    return syntaxes()


class _Database(Protocol):
    """What all runs of a project share."""

    def must(self, work: Callable[[Any], T]) -> T:
        """Return what some work with a connection returns, or raise."""
        ...


class _Words(NamedTuple):
    """How a journal speaks, how it hides, and what it calls this run."""

    announce: Callable[[str], None]
    redact: Callable[[str], str]
    run: str


class _Recording(Journal, Protocol):
    """A journal, and the database it is kept in."""

    @property
    def database(self) -> _Database:
        """Where it is kept, with what else all runs share."""
        ...


class _LateJournal:
    """The log of operations, loaded when one begins or is asked for."""

    def __init__(
        self,
        root: Path,
        units: tuple[DevUnit, ...],
        traces: Traces,
        clock: Clock,
        words: _Words,
    ) -> None:
        self._root, self._units, self._traces = root, units, traces
        self._clock, self._words = clock, words

    def began(
        self, unit: UnitId, step: Step, operation: Operation, because: str
    ) -> int:
        """Record that an operation begins; its unit's lock is held.

        Returns:
            Its number, for `ended`.
        """
        return self._journal.began(unit, step, operation, because)

    def ended(self, unit: UnitId, entry: int, ending: Ending) -> None:
        """Record how an operation ended."""
        self._journal.ended(unit, entry, ending)

    def reached(self, unit: UnitId, step: Step, *, at_rest: bool) -> None:
        """Record that a step has nothing left to do, or with `at_rest` all of them."""
        self._journal.reached(unit, step, at_rest=at_rest)

    def state(self, unit: UnitId) -> UnitState:
        """Return how far a unit has come; writes nothing."""
        return self._journal.state(unit)

    @property
    def database(self) -> _Database:
        """Where it is kept, with what else all runs share."""
        return self._journal.database

    @cached_property
    def _journal(self) -> _Recording:
        from pdd_tasks.adapters.journal import StateJournal, Told

        days = {unit.id: unit.settings.log_ttl_days for unit in self._units}
        told = Told(
            past=lambda: past(self._traces, self._units),
            trace=self._trace,
            days=lambda unit: days.get(unit, Settings().log_ttl_days),
            now=self._clock.now,
            announce=self._words.announce,
            redact=self._words.redact,
            run=self._words.run,
        )
        return StateJournal(self._root, told)

    def _trace(self, unit: UnitId) -> Fingerprint | None:
        with suppress(StateError):
            return self._traces.fingerprint(unit)
        return None


def past(
    traces: Traces, units: Iterable[DevUnit]
) -> Iterator[tuple[UnitId, Fingerprint]]:
    """Yield units with their fingerprints; one that cannot be read has none."""
    for unit in units:
        with suppress(StateError):
            trace = traces.fingerprint(unit.id)
            if trace is not None:
                yield unit.id, trace


class _LateModels:
    """The models of a project's units, loaded when one is asked."""

    def __init__(self, make: Callable[[], Callable[[DevUnit], Model]]) -> None:
        self._make = make

    def of(self, unit: DevUnit) -> Model:
        """Return the model that a unit's settings ask for."""
        return self._of(unit)

    @cached_property
    def _of(self) -> Callable[[DevUnit], Model]:
        return self._make()


def _template(name: str) -> str:
    """Return a request's template, shipped with the program."""
    folder = resources.files("pdd_tasks") / "templates"
    return (folder / f"{name}.md").read_text(encoding="utf-8")
