"""Merging three texts of one language; fits the port `Merger`."""

from collections.abc import Mapping
from pathlib import PurePosixPath

from pdd_tasks.adapters.merge_driver import AUTO, MergeDriver
from pdd_tasks.adapters.structures import structure_of
from pdd_tasks.core.merge.keep import keep_problem
from pdd_tasks.core.merge.ladder import merge
from pdd_tasks.core.merge.result import MergeResult
from pdd_tasks.core.model.language import Language


class ThreeWayMerger:
    """Merges texts by all that is known of their language.

    What it cannot merge it says as data.
    """

    def __init__(self, drivers: Mapping[PurePosixPath, str] | None = None) -> None:
        """Choose the programs that are tried last.

        Args:
            drivers: Path of a file → what `MergeDriver` takes for it; any other file
                gets what is there by itself.
        """
        self._drivers = drivers or {}

    def problem(self, language: Language, text: str) -> str | None:
        """Return why the marks of protected blocks in a text are broken."""
        return keep_problem(text, language.comment)

    def merge(
        self,
        language: Language,
        path: PurePosixPath,
        base: str | None,
        mine: str,
        generated: str,
    ) -> MergeResult:
        """Return one text that holds what both sides did, or the conflict."""
        driver = MergeDriver(self._drivers.get(path, AUTO))
        return merge(
            base,
            mine,
            generated,
            structure=structure_of(language.name),
            mark=language.comment,
            driver=lambda *texts: driver.merged(path, *texts),
        )
