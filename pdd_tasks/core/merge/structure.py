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

    def is_reordered(self, base: str, generated: str) -> bool:
        """Return whether the generated text has definitions in another order.

        Lines alone cannot be trusted to tell what such a text moved; False if one of
        the two does not parse.
        """
        ...

    def reordered(self, base: str, generated: str) -> str:
        """Return the generated text in the order and layout of the base.

        The generated text itself if that is not possible without changing meaning.
        """
        ...

    def relaid(self, base: str, generated: str, merged: str) -> str | None:
        """Return a merge of a reordered text, in the layout it had before.

        What both sides left as it says in the base gets the generated layout. None if
        words that the generator spelled anew would be lost.
        """
        ...
