"""What is published: new contents of files, and what recovery did."""

from dataclasses import dataclass
from pathlib import PurePosixPath

from pdd_tasks.errors import Saved


@dataclass(frozen=True, slots=True, kw_only=True)
class Write:
    """New contents of one file.

    Attributes:
        path: The file.
        data: Its new bytes.
        expected: Raw SHA-256 of the bytes it was read with; None if it was absent.
    """

    path: PurePosixPath
    data: bytes
    expected: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Recovery:
    """What was done about a transaction that an earlier run left open.

    Attributes:
        transaction: Its name.
        completed: True if it had been committed and was rolled forward; False if
            it had not and its staging was discarded.
        saved: Files that a person saved before they could be replaced.
    """

    transaction: str
    completed: bool
    saved: tuple[Saved, ...] = ()

    @property
    def parked(self) -> tuple[PurePosixPath, ...]:
        """Where the bytes lie that could not take their place."""
        return tuple(one.parked for one in self.saved if one.parked is not None)
