"""Merging three texts of one language; fits the port `Merger`."""

from pathlib import PurePosixPath

from pdd_tasks.adapters.structures import structure_of
from pdd_tasks.core.merge.keep import keep_problem
from pdd_tasks.core.merge.ladder import merge
from pdd_tasks.core.merge.result import MergeResult
from pdd_tasks.core.model.language import Language


class ThreeWayMerger:
    """Merges texts by all that is known of their language.

    What it cannot merge it says as data.
    """

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
        del path
        return merge(
            base,
            mine,
            generated,
            structure=structure_of(language.name),
            mark=language.comment,
        )
