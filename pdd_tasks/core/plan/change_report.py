"""What changed in a unit since it was last in sync, and how much that weighs.

The score is the sum of its parts: a number of things, each with the weight that
`WEIGHTS` gives it, up to a bound. It informs people; what is done is decided by the
table alone.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import PurePosixPath
from typing import Final, NamedTuple

from pdd_tasks.core.merge.difference import changes
from pdd_tasks.core.model.artifact import Artifact
from pdd_tasks.core.plan.rule import Decision
from pdd_tasks.core.plan.symbols import Symbols


class How(StrEnum):
    """What became of a file."""

    ADDED = "added"
    CHANGED = "changed"
    DELETED = "deleted"


class Impact(StrEnum):
    """How much depends on a change."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


MEDIUM_FROM: Final = 5
HIGH_FROM: Final = 12


class Weight(NamedTuple):
    """What things of a kind weigh.

    Attributes:
        points: What one of them weighs.
        most: What all of them weigh at most.
        each: How many count as one.
    """

    points: int
    most: int
    each: int = 1


class Kind(StrEnum):
    """What a score is made of."""

    PROMPT = "prompt"
    DEPENDENCIES = "dependencies"
    INTERFACE = "interface"
    REMOVED = "definitions removed"
    ADDED = "definitions added"
    CHANGED = "definitions changed"
    LINES = "lines"
    DELETED = "files deleted"
    EXAMPLE = "example"
    TESTS = "tests"


WEIGHTS: Final[Mapping[Kind, Weight]] = {
    Kind.PROMPT: Weight(3, 3),
    Kind.DEPENDENCIES: Weight(2, 6),
    Kind.INTERFACE: Weight(5, 10),
    Kind.REMOVED: Weight(3, 12),
    Kind.ADDED: Weight(1, 6),
    Kind.CHANGED: Weight(1, 6),
    Kind.LINES: Weight(1, 4, each=25),
    Kind.DELETED: Weight(4, 8),
    Kind.EXAMPLE: Weight(1, 1),
    Kind.TESTS: Weight(1, 3),
}


class Part(NamedTuple):
    """One part of a score.

    Attributes:
        number: How many things of the kind there are.
        points: What they weigh together.
    """

    kind: Kind
    number: int
    points: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FileChange:
    """What changed in one file.

    Attributes:
        added: Lines that were added; None if the old bytes are nowhere to be had.
        removed: Lines that were removed; None likewise.
        symbols: Functions and classes that differ; none for a prompt.
        interface: What other programs can use of code differs, or nobody can say
            because a side does not parse; false if the old bytes are nowhere to be had.
        line: The first line that differs, from 1; None if the old bytes are nowhere
            to be had.
    """

    path: PurePosixPath
    artifact: Artifact
    how: How
    added: int | None
    removed: int | None
    symbols: Symbols = field(default_factory=Symbols)
    interface: bool = False
    line: int | None = None

    @property
    def structural(self) -> bool:
        """True if it has other definitions, another interface, or comes or goes."""
        return self.how is not How.CHANGED or self.symbols.structural or self.interface


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeReport:
    """What changed in a unit.

    Attributes:
        files: Its files that differ from what is on record.
        dependencies: What its prompt includes and what differs of it, by name.
        decisions: What its steps do about it, those with something to do.
        conflict: The prompt moved on, and the code that it made is a person's now.
    """

    files: tuple[FileChange, ...]
    dependencies: tuple[str, ...]
    decisions: tuple[Decision, ...]
    conflict: bool = False

    @property
    def changed(self) -> bool:
        """True if anything differs."""
        return bool(self.files or self.dependencies)

    @property
    def structural(self) -> bool:
        """True if code, example or tests have another structure than before."""
        return any(f.structural for f in self.files if f.artifact != Artifact.PROMPT)

    @property
    def parts(self) -> tuple[Part, ...]:
        """What the score is made of, in the order of `WEIGHTS`, less what weighs 0."""
        numbers = self._numbers()
        weighed = (
            Part(kind, numbers[kind], _points(numbers[kind], weight))
            for kind, weight in WEIGHTS.items()
        )
        return tuple(part for part in weighed if part.points)

    @property
    def score(self) -> int:
        """The sum of the parts."""
        return sum(part.points for part in self.parts)

    @property
    def impact(self) -> Impact:
        """The score in one word."""
        if self.score >= HIGH_FROM:
            return Impact.HIGH
        return Impact.MEDIUM if self.score >= MEDIUM_FROM else Impact.LOW

    def _numbers(self) -> Mapping[Kind, int]:
        code = self._of(Artifact.CODE)
        prompts = self._of(Artifact.PROMPT)
        return {
            Kind.PROMPT: len(prompts),
            Kind.DEPENDENCIES: len(self.dependencies),
            Kind.INTERFACE: sum(one.interface for one in code),
            Kind.REMOVED: sum(len(one.symbols.removed) for one in code),
            Kind.ADDED: sum(len(one.symbols.added) for one in code),
            Kind.CHANGED: sum(len(one.symbols.changed) for one in code),
            Kind.LINES: _lines([*prompts, *code]),
            Kind.DELETED: sum(one.how is How.DELETED for one in self.files),
            Kind.EXAMPLE: len(self._of(Artifact.EXAMPLE)),
            Kind.TESTS: len(self._of(Artifact.TESTS)),
        }

    def _of(self, artifact: Artifact) -> list[FileChange]:
        return [one for one in self.files if one.artifact is artifact]


def _points(number: int, weight: Weight) -> int:
    return min(number // weight.each * weight.points, weight.most)


def _lines(files: Iterable[FileChange]) -> int:
    return sum((one.added or 0) + (one.removed or 0) for one in files)


def counted_lines(before: str, now: str) -> tuple[int, int]:
    """Return how many lines were added, and how many were removed."""
    found = changes(before.splitlines(), now.splitlines())
    return (
        sum(one.new_end - one.new_start for one in found),
        sum(one.old_end - one.old_start for one in found),
    )


def first_difference(before: str, now: str) -> int:
    """Return the first line of the present text that differs, from 1.

    Where lines at the end are gone, that is the last one that is left.
    """
    old, new = before.splitlines(), now.splitlines()
    pairs = zip(old, new, strict=False)
    alike = next(
        (n for n, (a, b) in enumerate(pairs) if a != b), min(len(old), len(new))
    )
    return max(1, min(alike + 1, len(new)))
