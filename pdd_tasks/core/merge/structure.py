"""What merging needs of a language beyond its lines; adapters fit this by shape."""

from typing import Protocol

from pdd_tasks.core.merge.result import Merged


class Structure(Protocol):
    """Merges and judges texts of one language; pure, and never raises on bad text."""

    def merged(self, base: str, mine: str, generated: str) -> Merged | None:
        """Return a merge by definitions, statements or tokens, not judged yet.

        None if the texts do not parse, or both sides changed the same thing.
        """
        ...

    def objection(
        self, base: str, mine: str, generated: str, merged: str
    ) -> str | None:
        """Return why a merge is no good in this language; None if nothing is wrong.

        It does not parse, defines a thing twice that neither side defines twice,
        uses a name that is nowhere defined, or before it is.
        """
        ...

    def reordered(self, base: str, generated: str) -> str:
        """Return the generated text with its definitions in the order of the base.

        The generated text itself if that is not possible without changing meaning.
        """
        ...
