"""The result of adding tests to a test file; none is ever lost."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Accumulated:
    """Tests old and new in one file.

    Attributes:
        text: The old text, every byte of its tests kept, with the new tests added.
        added: Ids of the tests that were added, in order.
        refused: Id → why it was not added, a clause.
    """

    text: str
    added: tuple[str, ...]
    refused: Mapping[str, str]
