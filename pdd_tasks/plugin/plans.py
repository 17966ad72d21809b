"""Plans, each looked up once until something was done that may change it.

A plan depends on the files that were read for it, on its unit's own records, and, as
long as the unit has none, on those of units that are gone. Rule 1: what is not known
to be untouched is looked at again. Rule 2: what was done with one unit costs no look
at another one that does not depend on it, or n units at once would cost n² looks.
"""

import threading
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping
from pathlib import PurePosixPath
from typing import NamedTuple

from pdd_tasks.core.model.artifact import Artifact
from pdd_tasks.core.model.unit import DevUnit
from pdd_tasks.core.plan.plan import Plan
from pdd_tasks.errors import PddError


_Place = tuple[PurePosixPath, PurePosixPath]  # a state root, and a path below it


class Looked(NamedTuple):
    """What a look at a unit found.

    Attributes:
        found: Its plan, or why there is none.
        seen: The files that were read for it, relative to its state root; None if
            it may depend on anything.
    """

    found: Plan | PddError
    seen: Collection[PurePosixPath] | None


class Plans:
    """The plans of this process, for many threads."""

    def __init__(
        self,
        look: Callable[[DevUnit], Looked],
        needs: Mapping[str, tuple[str, ...]],
    ) -> None:
        """Know nothing yet.

        Args:
            look: Looks at a unit.
            needs: Unit id → ids of the units whose example its prompt includes.
        """
        self._look = look
        self._lock = threading.Lock()
        self._found: dict[str, Plan | PddError] = {}
        self._done: list[DevUnit] = []
        self._times = 0
        self._of_anything: set[str] = set()
        self._readers: dict[_Place, set[str]] = defaultdict(set)
        self._unsorted: list[tuple[DevUnit, Collection[PurePosixPath]]] = []
        self._dependents: dict[str, set[str]] = defaultdict(set)
        for name, needed in needs.items():
            for one in needed:
                self._dependents[one].add(name)

    def of(self, unit: DevUnit) -> Plan | PddError:
        """Return a unit's plan, or why there is none."""
        name = str(unit.id)
        with self._lock:
            known, begun = self._found.get(name), len(self._done)
            times = self._times
        if known is not None:
            return known
        looked = self._look(unit)
        with self._lock:
            self._note(unit, looked.seen)
            done = self._done[begun:]
            if times == self._times and not any(name in self._touched(u) for u in done):
                self._found[name] = looked.found
        return looked.found

    def changed(self, unit: DevUnit) -> None:
        """Forget what depends on a unit: something was done with it."""
        with self._lock:
            self._done.append(unit)
            for name in self._touched(unit):
                self._found.pop(name, None)

    def forget(self) -> None:
        """Forget everything: something was done of which nobody knows what it was."""
        with self._lock:
            self._times += 1
            self._found.clear()

    def _note(self, unit: DevUnit, seen: Collection[PurePosixPath] | None) -> None:
        """Note what a plan depends on; what it depended on once does no harm."""
        name = str(unit.id)
        if seen is None:
            self._of_anything.add(name)
            return
        self._of_anything.discard(name)
        self._unsorted.append((unit, seen))

    def _sort(self) -> None:
        """Sort what was seen by file, which most runs never ask for."""
        while self._unsorted:
            unit, seen = self._unsorted.pop()
            for path in seen:
                self._readers[unit.root, path].add(str(unit.id))

    def _touched(self, unit: DevUnit) -> set[str]:
        self._sort()
        name = str(unit.id)
        found = {name, *self._of_anything, *self._dependents.get(name, ())}
        for path in _files(unit):
            found |= self._readers.get(path, set())
        return found


def _files(unit: DevUnit) -> Iterator[_Place]:
    for artifact in Artifact:
        for path in unit.paths(artifact):
            yield unit.root, path
