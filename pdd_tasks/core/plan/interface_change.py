"""What an included example shows of a unit's interface, and how that changed.

Rule 1: the same shape is the same interface, whatever comments, layout and values.
Rule 2: what was shown before and still is breaks nobody; a change whose parts cannot
be named counts as breaking.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Compatibility(StrEnum):
    """Whether what was made for the old interface fits the new one."""

    SAME = "same"
    ADDITIVE = "additive"
    BREAKING = "breaking"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What a program shows of what it uses.

    Attributes:
        shape: The program less comments, layout and values.
        forms: Name that it defines or uses → the ways in which it does.
    """

    shape: str
    forms: Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class InterfaceChange:
    """How an interface changed.

    Attributes:
        kind: Whether what was made for the old one fits the new one.
        added: Names that are new, or are used in a further way; sorted.
        removed: Names that are gone; sorted.
        changed: Names that are not used any more as they were; sorted.
    """

    kind: Compatibility
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()

    def __str__(self) -> str:
        parts = (("+", self.added), ("-", self.removed), ("~", self.changed))
        names = ", ".join(f"{sign}{name}" for sign, found in parts for name in found)
        return f"{self.kind}: {names}" if names else str(self.kind)


def interface_change(before: Shown, now: Shown) -> InterfaceChange:
    """Return how an interface changed."""
    if before.shape == now.shape:
        return InterfaceChange(kind=Compatibility.SAME)
    names = sorted({*before.forms, *now.forms})
    forms = [(n, before.forms.get(n), now.forms.get(n)) for n in names]
    removed = tuple(name for name, old, new in forms if old and not new)
    changed = tuple(name for name, old, new in forms if old and new and old - new)
    added = tuple(
        name
        for name, old, new in forms
        if new and new - (old or frozenset()) and name not in changed
    )
    fits = added and not removed and not changed
    return InterfaceChange(
        kind=Compatibility.ADDITIVE if fits else Compatibility.BREAKING,
        added=added,
        removed=removed,
        changed=changed,
    )
