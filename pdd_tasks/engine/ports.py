"""What the engine needs of the world; adapters fit these by shape.

Every path is relative to the state root of the project a `World` stands for.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import PurePosixPath
from typing import Protocol

from pdd_tasks.core.merge.accumulated import Accumulated
from pdd_tasks.core.model.artifact import UnitId
from pdd_tasks.core.model.ledger import Ledger
from pdd_tasks.core.model.publication import Recovery, Write
from pdd_tasks.core.model.trace import ExampleRun, Fingerprint, RunReport, TestRun
from pdd_tasks.core.model.unit import DevUnit
from pdd_tasks.core.prompt.request import Reply, Request


class Files(Protocol):
    """Reads the project's files."""

    def read(self, path: PurePosixPath) -> bytes | None:
        """Return a file's bytes; None if there is no such file.

        Raises:
            ConfigError: If the path leaves the project, or is not a plain file.
        """
        ...


class Traces(Protocol):
    """Fingerprints and run reports, read from and formed for the disk."""

    def fingerprint(self, unit: UnitId) -> Fingerprint | None:
        """Return a unit's fingerprint, migrated if older; None if there is none.

        Raises:
            StateError: If it is broken, newer than this program, or in conflict.
        """
        ...

    def report(self, unit: UnitId) -> RunReport | None:
        """Return a unit's run report; None if there is none.

        Raises:
            StateError: As for `fingerprint`.
        """
        ...

    def fingerprint_write(self, unit: UnitId, trace: Fingerprint) -> Write:
        """Return the write that records a fingerprint."""
        ...

    def report_write(self, unit: UnitId, report: RunReport) -> Write:
        """Return the write that records a run report."""
        ...


class Publisher(Protocol):
    """Publishes several files all or nothing, durably."""

    def pending(self, unit: UnitId) -> bool:
        """True if an earlier run left a transaction of this unit open; looks only."""
        ...

    def recover(self, unit: UnitId) -> tuple[Recovery, ...]:
        """Roll a unit's open transactions forward or discard them; its lock is held.

        Raises:
            StateError: If a journal is broken, or newer than this program.
            PddError: If the disk refuses; the next command tries again.
        """
        ...

    def publish(self, unit: UnitId, writes: Sequence[Write]) -> None:
        """Write all files or none; the last write is applied last.

        Raises:
            DisplacedError: If a file is not as expected; a person's bytes stand.
            PddError: If the disk refuses; nothing was half-written.
        """
        ...


class Baselines(Protocol):
    """Bytes by content, kept locally; losing them loses no decision."""

    def keep(self, data: bytes) -> None:
        """Keep some bytes under their raw digest."""
        ...

    def find(self, raw: str, path: PurePosixPath) -> bytes | None:
        """Return bytes by raw digest; None if nobody has them.

        Args:
            raw: Their SHA-256.
            path: The file they were the contents of, to look in its history.
        """
        ...


class Locks(Protocol):
    """One exclusive lock a unit."""

    def hold(
        self, unit: UnitId, waiting: Callable[[str], None]
    ) -> AbstractContextManager[None]:
        """Hold a unit's lock; `waiting` is told once whom it waits for."""
        ...

    def busy(self, unit: UnitId) -> bool:
        """True if another run holds the unit now; takes nothing."""
        ...


class Model(Protocol):
    """Answers requests, live or from what was recorded."""

    def complete(self, request: Request) -> Reply:
        """Return the reply to a request.

        Raises:
            ModelError: If there is none: no key, no recording, truncated, refused,
                too long for the model, or the endpoint kept failing.
            BudgetError: If its worst case does not fit the ledger.
        """
        ...

    def reject(self, request: Request, because: str) -> None:
        """Record that the reply to a request could not be used."""
        ...


class Purse(Protocol):
    """The run's ledger, shared by all units and threads."""

    def ledger(self) -> Ledger:
        """Return the ledger as it stands."""
        ...

    def reserve(self, worst: int | None) -> None:
        """Set one call's worst case aside.

        Raises:
            BudgetError: As for `Ledger.reserve`.
        """
        ...

    def settle(self, worst: int | None, actual: int | None) -> None:
        """Replace a reservation by what was charged."""
        ...


class Bench(Protocol):
    """A scratch copy of the project in which programs run; the project stays safe."""

    def example(self, overlay: Mapping[PurePosixPath, bytes]) -> ExampleRun:
        """Run the example with some files replaced.

        Raises:
            RunError: If the interpreter cannot be started.
        """
        ...

    def tests(
        self,
        overlay: Mapping[PurePosixPath, bytes],
        *,
        measure: bool,
        seed: int = 0,
    ) -> TestRun:
        """Run the unit's tests with some files replaced.

        Args:
            overlay: Root-relative path → bytes that stand there during the run.
            measure: True to measure branch coverage of the unit's code.
            seed: Seed for the order of hashes.

        Raises:
            RunError: If the test runner cannot be started.
        """
        ...


class Runner(Protocol):
    """Makes benches."""

    def bench(self, unit: DevUnit) -> AbstractContextManager[Bench]:
        """Return a bench for a unit; it is gone when the context ends."""
        ...


class Syntax(Protocol):
    """What can be read from a language's text; pure."""

    def problem(self, text: str) -> str | None:
        """Return why a text does not parse, ``line 3: …``; None if it does."""
        ...

    def elision(self, text: str) -> str | None:
        """Return the first place where code was left out; None if none was."""
        ...

    def public_names(self, text: str) -> frozenset[str]:
        """Return the names that other programs may use."""
        ...

    def used_names(self, text: str) -> frozenset[str]:
        """Return every name and attribute a program mentions."""
        ...

    def interface(self, text: str) -> str:
        """Return the public interface: names and signatures, no bodies or prose."""
        ...

    def definitions(self, text: str) -> Mapping[str, str]:
        """Return qualified name → what the definition says, without layout and prose.

        A class's members have keys of their own; what is defined twice has two.
        Empty if the text does not parse.
        """
        ...

    def behaviour(self, text: str) -> str:
        """Return what runs: the text without comments, docstrings and layout."""
        ...

    def tests(self, text: str) -> Mapping[str, str]:
        """Return test id → body without layout, in the order of the file."""
        ...

    def accumulated(self, old: str, new: str) -> Accumulated:
        """Return the old tests with the new ones added.

        A new test whose id exists with another body is renamed or refused, one
        whose body exists is refused; an old test is never changed.
        """
        ...

    def without_tests(self, text: str, ids: Collection[str]) -> str:
        """Return a test file less some tests and what only they needed."""
        ...


class Clock(Protocol):
    """The time of day."""

    def now(self) -> str:
        """Return the time, ISO 8601 in UTC, whole seconds."""
        ...

    def monotonic(self) -> float:
        """Return seconds on a clock that only goes forward."""
        ...


class Safety(Protocol):
    """Copies of bytes a person wrote, kept before they are replaced."""

    def copy(
        self, unit: UnitId, files: Mapping[PurePosixPath, bytes], because: str = ""
    ) -> str:
        """Keep a copy of some files, durably, and return its name for people.

        Args:
            unit: The unit they belong to.
            files: Path → bytes that are about to be replaced.
            because: Why they are, a clause a person will read.

        Raises:
            PddError: If the disk refuses; then nothing may be replaced.
        """
        ...
