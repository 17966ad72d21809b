"""Which definitions differ between two texts, by their qualified names."""

from collections.abc import Mapping
from typing import NamedTuple, Self


class Symbols(NamedTuple):
    """Functions and classes that differ, each list sorted by name.

    Attributes:
        added: Qualified names that only the later text defines.
        removed: Qualified names that only the earlier text defines.
        changed: Qualified names that both define, and not alike.
    """

    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()

    @classmethod
    def between(cls, before: Mapping[str, str], now: Mapping[str, str]) -> Self:
        """Return what differs between two texts.

        Args:
            before: Qualified name → text of the definition, earlier.
            now: The same, later.
        """
        both = before.keys() & now.keys()
        return cls(
            added=tuple(sorted(now.keys() - both)),
            removed=tuple(sorted(before.keys() - both)),
            changed=tuple(sorted(name for name in both if before[name] != now[name])),
        )

    @property
    def total(self) -> int:
        """How many definitions differ."""
        return len(self.added) + len(self.removed) + len(self.changed)

    @property
    def structural(self) -> bool:
        """True if there are other definitions than before."""
        return bool(self.added or self.removed)
