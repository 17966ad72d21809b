"""What was recorded: the verifying trace of a unit and its last run.

Values only; their form on disk, its schema and migrations are in
`fingerprint_form` and `report_form`. Rule 1: nothing from the clock is compared.
Rule 2: a failure never removes a good record.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from pdd_tasks.core.model.artifact import Artifact, Digest
from pdd_tasks.core.model.failure import Failure
from pdd_tasks.core.model.step import Step


HISTORY_LENGTH: Final = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class StepRecord:
    """What one step saw and wrote when it last succeeded.

    Attributes:
        triggers: Name of an input → its digest; a change makes the step stale.
            Files are named by their root-relative path.
        context: What else it read, in the same form; never compared.
        outputs: Root-relative path → digest of what the step left there.
        model: The model that answered; empty if none was asked.
        at: When, ISO 8601 in UTC; never compared.
        replies: Keys of the recorded replies that it was made from, in order; never
            compared.
    """

    triggers: Mapping[str, str] = field(default_factory=dict)
    context: Mapping[str, str] = field(default_factory=dict)
    outputs: Mapping[str, Digest] = field(default_factory=dict)
    model: str = ""
    at: str = ""
    replies: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class GaveUp:
    """A state in which a step is known to fail; not tried again.

    Attributes:
        triggers: The step's present inputs when it gave up, name → digest.
        attempts: How often it tried.
        because: Why it failed, a clause a person will read.
        replies: As for `StepRecord`.
    """

    triggers: Mapping[str, str]
    attempts: int
    because: str
    replies: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """A merge of one file that waits for a person.

    Attributes:
        triggers: What the generated text was made from, name → digest.
        base: The text as the generator had left it; None if nobody has it.
        mine: The text as the person left it.
        generated: The text as the generator makes it now; nothing replaced mine.
        prompt: Raw SHA-256 of the prompt when the base was made; empty if unknown.
        because: Why it was not merged, a clause a person will read.
    """

    triggers: Mapping[str, str]
    base: Digest | None
    mine: Digest
    generated: Digest
    prompt: str
    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryEntry:
    """One operation of the last ten.

    Attributes:
        cost: Micro-dollars; None if unknown.
    """

    at: str
    step: Step
    operation: str
    because: str
    cost: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fingerprint:
    """The verifying trace of one unit.

    Attributes:
        pdd_version: Version of the program that wrote it.
        timestamp: When, ISO 8601 in UTC; never compared.
        command: The last operation.
        hashes: Artifact → raw SHA-256 when it was written: what PDD users know as
            ``prompt_hash`` and so on; informs people, decides nothing.
        steps: Step → its record, for steps that have succeeded.
        gave_up: Step → a state known to be hopeless.
        stale: Steps forgotten on purpose.
        adopted: Root-relative path → digest of bytes a person brought; they are
            accepted as they stand and are not a merge base.
        conflicts: Root-relative path → a merge of it that waits for a person.
        foreign: Artifact → raw SHA-256 from another tool's fingerprint, kept until
            a step of ours has recorded the artifact; empty otherwise.
        history: The last ten operations, oldest first.
    """

    pdd_version: str = ""
    timestamp: str = ""
    command: str = ""
    hashes: Mapping[Artifact, str] = field(default_factory=dict)
    steps: Mapping[Step, StepRecord] = field(default_factory=dict)
    gave_up: Mapping[Step, GaveUp] = field(default_factory=dict)
    stale: frozenset[Step] = frozenset()
    adopted: Mapping[str, Digest] = field(default_factory=dict)
    conflicts: Mapping[str, Conflict] = field(default_factory=dict)
    foreign: Mapping[Artifact, str] = field(default_factory=dict)
    history: tuple[HistoryEntry, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ExampleRun:
    """What happened when the example ran.

    Attributes:
        inputs: Name → raw SHA-256 (or text, for settings) it is true for.
        exit_code: The program's exit code; negative is the signal that ended it.
        timed_out: True if the time limit ended it.
        failure: What went wrong; None if it ran well.
        output: Captured output, normalised and bounded; not recorded on disk.
    """

    inputs: Mapping[str, str]
    exit_code: int
    timed_out: bool = False
    failure: Failure | None = None
    output: str = ""

    @property
    def good(self) -> bool:
        """True if the program ended by itself with exit code 0."""
        return self.exit_code == 0 and not self.timed_out


@dataclass(frozen=True, slots=True, kw_only=True)
class TestRun:
    """What happened when the tests ran.

    Attributes:
        inputs: Name → raw SHA-256 (or text, for settings) it is true for.
        exit_code: The test runner's exit code.
        results: Test id → ``passed``, ``failed`` or ``skipped``.
        failures: One for each failed test, and for tests that never ran.
        coverage: Line and branch coverage of the unit's code, percent, 0 to 100;
            None if it was not measured.
        missing: Uncovered lines and branches for people and requests, for example
            ``12-14, 20->22``; empty if none or unknown.
        timed_out: True if the time limit ended it.
        output: Captured output, normalised and bounded; not recorded on disk.
    """

    __test__ = False  # not a test class, whatever pytest makes of its name

    inputs: Mapping[str, str]
    exit_code: int
    results: Mapping[str, str]
    failures: tuple[Failure, ...] = ()
    coverage: float | None = None
    missing: str = ""
    timed_out: bool = False
    output: str = ""

    def count(self, outcome: str) -> int:
        """Return how many tests had an outcome."""
        return sum(1 for found in self.results.values() if found == outcome)


@dataclass(frozen=True, slots=True, kw_only=True)
class RunReport:
    """The last runs of a unit's example and tests, each for its own digests.

    Attributes:
        timestamp: When it was written, ISO 8601 in UTC; never compared.
        example: None if the example never ran.
        tests: None if the tests never ran.
    """

    timestamp: str = ""
    example: ExampleRun | None = None
    tests: TestRun | None = None
