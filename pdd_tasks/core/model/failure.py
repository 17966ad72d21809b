"""What went wrong in a run, in a form that is the same on every machine."""

from dataclasses import dataclass
from enum import StrEnum


class FailureKind(StrEnum):
    """The pattern of a failure; it decides what a repair request carries."""

    IMPORT = "import"
    ATTRIBUTE = "attribute"
    TYPE = "type"
    ASSERTION = "assertion"
    TIMEOUT = "timeout"
    COLLECTION = "collection"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """One failure, without paths of the machine, addresses, times or durations.

    Attributes:
        test: The test's id, ``tests/test_x.py::test_y``; empty for a program run.
        kind: Its pattern.
        exception: The exception's type, for example ``ValueError``; may be empty.
        where: Root-relative ``path:line`` of the failing line; empty if unknown.
        line: The failing source line, stripped; empty if unknown.
        message: First line of the exception's message, normalised.
    """

    test: str
    kind: FailureKind
    exception: str
    where: str
    line: str
    message: str

    @property
    def what(self) -> str:
        """The exception and its message; the pattern if there is neither."""
        said = ": ".join(part for part in (self.exception, self.message) if part)
        return said or str(self.kind)


def summary(failures: tuple[Failure, ...]) -> str:
    """Return the first failure as a clause, and how many more there are."""
    if not failures:
        return ""
    first = failures[0]
    said = f"{first.test or 'the example'}: {first.what}"
    return said if len(failures) == 1 else f"{said} (and {len(failures) - 1} more)"
