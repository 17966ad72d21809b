"""The composition root: adapters meet the engine's ports, and mypy checks the fit."""

import threading
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from importlib import resources
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple, Protocol, TypeVar

from pdd_tasks import __version__
from pdd_tasks.adapters.clock import SystemClock
from pdd_tasks.adapters.files import STATE_FOLDER, ProjectFiles
from pdd_tasks.adapters.traces import TraceFiles
from pdd_tasks.core.model.artifact import Artifact, UnitId
from pdd_tasks.core.model.settings import LockPlace
from pdd_tasks.core.model.unit import DevUnit
from pdd_tasks.core.plan.interface_change import Shown
from pdd_tasks.engine.ports import (
    Baselines,
    Checkout,
    Clock,
    Consent,
    Files,
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
from pdd_tasks.plugin.confirmation import Confirmation
from pdd_tasks.plugin.late import (
    LateFormatter,
    LateModels,
    LatePublisher,
    LateRunner,
    late,
)
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
    return _Wires(root, units, purse, say, announce, redaction).world()


class Fenced(Locks, Protocol):
    """Locks, and the fence that publications run in."""

    def fence(self, unit: UnitId) -> AbstractContextManager[None]:
        """Keep a unit's lock from changing hands."""
        ...


class Database(Protocol):
    """What all runs of a project share."""

    def must(self, work: Callable[[Any], T]) -> T:
        """Return what some work with a connection returns, or raise."""
        ...


class Recording(Journal, Protocol):
    """A journal, and the database it is kept in."""

    @property
    def database(self) -> Database:
        """Where it is kept, with what else all runs share."""
        ...


class _Wires(NamedTuple):
    """What the adapters of one project are made of, and how they are joined."""

    root: Path
    units: tuple[DevUnit, ...]
    purse: Purse
    say: Callable[[str], None]
    announce: Callable[[str], None]
    redaction: Redaction

    def world(self) -> World:
        """Return the ports to the project."""
        clock: Clock = SystemClock()
        traces: Traces = TraceFiles(self.root, redact=self.written)
        held = self.held()
        journal: Recording = late(lambda: self.journal(traces, clock))
        return World(
            files=self.files(),
            traces=traces,
            publisher=LatePublisher(self.root, lambda: self.publisher(held)),
            baselines=late(self.baselines),
            locks=held,
            merger=late(self.merger),
            runner=LateRunner(self.root, held),
            formatter=LateFormatter(self.root),
            checkout=late(self.checkout),
            clock=clock,
            journal=journal,
            safety=late(self.safety),
            consent=self.consent(),
            slicer=_sliced,
            model=LateModels(lambda: self.models(journal, held, clock)).of,
            syntaxes=_syntaxes(),
            shows=_shows(),
            template=_template,
            units=self.units,
            version=__version__,
            say=self.say,
            begin=self.begin,
        )

    def written(self, text: str) -> str:
        """Return a text as it may be written to a file of the project."""
        return self.redaction.redactor(self.root).text(text)

    def begin(self, unit: DevUnit) -> None:
        """Tell the purse that a unit's operations begin."""
        settings = unit.settings
        self.purse.begin(settings.max_operations, settings.max_time_s)

    def files(self) -> Files:
        """Return what reads the project's files."""
        return ProjectFiles(self.root)

    def consent(self) -> Consent:
        """Return what asks a person."""
        return Confirmation(threading.Event())

    def journal(self, traces: Traces, clock: Clock) -> Recording:
        """Return the log of operations."""
        from pdd_tasks.plugin.journal import Words, journal

        words = Words(self.announce, self.written, self.purse.run)
        return journal(self.root, self.units, traces, clock, words)

    def held(self) -> Fenced:
        """Return the locks; a place for them that is none is told early."""
        named = any(u.settings.lock_dir is not LockPlace.PROJECT for u in self.units)
        return self.locks() if named else late(self.locks)

    def baselines(self) -> Baselines:
        """Return what keeps bytes by their digest."""
        from pdd_tasks.adapters.baselines import BaselineStore

        return BaselineStore(self.root)

    def merger(self) -> Merger:
        """Return what merges three texts."""
        from pdd_tasks.adapters.merging import ThreeWayMerger

        drivers = {
            path: unit.settings.merge_driver
            for unit in self.units
            for artifact in Artifact
            for path in unit.paths(artifact)
        }
        return ThreeWayMerger(drivers)

    def checkout(self) -> Checkout:
        """Return what asks git."""
        from pdd_tasks.adapters.git_status import GitCheckout

        return GitCheckout(self.root, self.announce)

    def locks(self) -> Fenced:
        """Return the locks of the units."""
        from pdd_tasks.plugin.locking import unit_locks

        return unit_locks(self.root, self.units, self.say, self.written)

    def publisher(self, held: Fenced) -> Publisher:
        """Return what publishes files, inside the fence of the locks."""
        from pdd_tasks.adapters.transactions import Transactions

        return Transactions(self.root, fence=held.fence)

    def safety(self) -> Safety:
        """Return what keeps safety copies."""
        from pdd_tasks.adapters.safety import SafetyCopies

        chosen = {str(unit.id): unit.settings for unit in self.units}
        return SafetyCopies(self.root, chosen, say=self.say, redact=self.written)

    def models(
        self, journal: Recording, locks: Locks, clock: Clock
    ) -> Callable[[DevUnit], Model]:
        """Return what makes the models of units."""
        from pdd_tasks.plugin.model import Models
        from pdd_tasks.plugin.paying import Tills

        tills = Tills(
            database=lambda: journal.database,
            purse=self.purse,
            run=self.purse.run,
            clock=clock,
            announce=self.announce,
            locks=locks,
        )
        return Models(
            root=self.root,
            till=tills.of,
            clock=clock,
            say=self.say,
            announce=self.announce,
            redaction=self.redaction,
        ).of


def sweep(root: Path) -> None:
    """Remove what killed runs left unfinished in a project, or copied from it.

    Args:
        root: Its state root.
    """
    from pdd_tasks.adapters.residue import sweep_unfinished
    from pdd_tasks.adapters.scratch import sweep_scratch

    sweep_unfinished(root / STATE_FOLDER)
    sweep_scratch(root)


def _sliced(path: PurePosixPath, text: str, kind: str, name: str) -> str | None:
    from pdd_tasks.adapters.python.definition import python_slice

    return python_slice(path, text, kind, name)


def _shows() -> Mapping[str, Callable[[str], Shown]]:
    from pdd_tasks.plugin.language_adapters import shows

    return shows()


def _syntaxes() -> Mapping[str, Syntax]:
    from pdd_tasks.plugin.language_adapters import syntaxes

    return syntaxes()


def _template(name: str) -> str:
    """Return a request's template, shipped with the program."""
    folder = resources.files("pdd_tasks") / "templates"
    return (folder / f"{name}.md").read_text(encoding="utf-8")
