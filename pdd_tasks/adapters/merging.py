"""Merging three texts of one language; fits the port `Merger`."""

from pathlib import PurePosixPath

from pdd_tasks.core.merge.result import (
    Conflicted,
    Merged,
    MergeResult,
    Method,
    Region,
)
from pdd_tasks.core.model.language import Language


class ThreeWayMerger:
    """Merges texts; what it cannot merge it says as data."""

    def problem(self, language: Language, text: str) -> str | None:
        """Return why the marks of protected blocks in a text are broken."""
        del language, text
        return None

    def merge(
        self,
        language: Language,
        path: PurePosixPath,
        base: str | None,
        mine: str,
        generated: str,
    ) -> MergeResult:
        """Return one text that holds what both sides did, or the conflict."""
        del language, path
        if mine == generated:
            return Merged(text=mine, method=Method.EQUAL)
        if base == mine:
            return Merged(text=generated, method=Method.GENERATED)
        if base == generated:
            return Merged(text=mine, method=Method.MINE)
        region = Region(base=base or "", mine=mine, generated=generated)
        return Conflicted(pieces=(region,), because="both sides changed the file")
