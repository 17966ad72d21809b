"""All units of a state root, with answers to what is asked of them for each unit.

Without the answers, looking at n units would cost n² comparisons.
"""

from collections.abc import Collection, Iterable, Mapping
from functools import cached_property
from pathlib import PurePosixPath
from typing import TypeVar

from pdd_tasks.core.model.unit import DevUnit


K = TypeVar("K")


class Units(tuple[DevUnit, ...]):  # noqa: SLOT001 - its answers are kept beside it
    """Units of one state root; a tuple like any other."""

    @classmethod
    def of(cls, units: Iterable[DevUnit], root: PurePosixPath) -> "Units":
        """Return those of some units that are of a state root.

        Args:
            units: Units; returned as they are if they are `Units`.
            root: The state root.
        """
        if isinstance(units, Units):
            return units
        return cls(one for one in units if one.root == root)

    @cached_property
    def examples(self) -> Collection[PurePosixPath]:
        """The files of all examples."""
        return frozenset(one.example for one in self)

    @cached_property
    def by_id(self) -> Mapping[str, tuple[DevUnit, ...]]:
        """Unit id → the units that have it."""
        return _grouped((str(one.id), one) for one in self)

    @cached_property
    def by_basename(self) -> Mapping[str, tuple[DevUnit, ...]]:
        """Basename → its units, one for each language."""
        return _grouped((one.id.basename, one) for one in self)

    @cached_property
    def by_code(self) -> Mapping[str, tuple[DevUnit, ...]]:
        """Path of a code file → the units that write it."""
        return _grouped((str(path), one) for one in self for path in one.code)

    @cached_property
    def endings(self) -> frozenset[str]:
        """How the names of code files end: ``.py``; whole names without an ending."""
        return frozenset(path.suffix or path.name for one in self for path in one.code)

    @cached_property
    def by_file(self) -> Mapping[PurePosixPath, tuple[DevUnit, ...]]:
        """Path of code, example or tests → the units that write it."""
        return _grouped(
            (path, one)
            for one in self
            for path in dict.fromkeys((one.example, *one.code, *one.tests))
        )


def _grouped(
    pairs: Iterable[tuple[K, DevUnit]],
) -> Mapping[K, tuple[DevUnit, ...]]:
    found: dict[K, tuple[DevUnit, ...]] = {}
    for key, unit in pairs:
        found[key] = (*found.get(key, ()), unit)
    return found
