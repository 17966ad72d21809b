"""Looks at units; those that were at rest are known again by their bytes.

Most units of a large project are in sync, and a look at one costs many times what
reading its files does. Rule 1: a unit is taken for at rest only if everything that a
look depends on is what it was when one found it so: the bytes of all files that were
read, its records, its settings, the names and places of all units, and this program.
All of it is hashed anew by each command. Rule 2: a look that asked for anything else
is not kept. Rule 3: a small project keeps nothing.
"""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import Final

from pdd_tasks.core.model.settings import AutoDeps
from pdd_tasks.core.model.unit import DevUnit
from pdd_tasks.core.model.units import Units
from pdd_tasks.core.plan.plan import Plan
from pdd_tasks.engine.observe import planned
from pdd_tasks.engine.ports import Baselines
from pdd_tasks.engine.view import View
from pdd_tasks.engine.world import World
from pdd_tasks.plugin.edges import Edges, by_root, edges_of, needs_of
from pdd_tasks.plugin.plans import Looked
from pdd_tasks.plugin.rest import Rest


MANY: Final = 100
"""So many units make it worth while to keep what looks found."""


class Looks:
    """Looks at the units of all projects of a run."""

    def __init__(self, top: Path, units: Iterable[DevUnit], least: int = MANY) -> None:
        """Read what was kept of earlier looks.

        Args:
            top: The folder doit runs in.
            units: All units; none if only a few will be asked for.
            least: How many units, and how many new looks, are worth keeping.
        """
        self._top, self._least = top, least
        self._rests = {
            root: Rest(top / root, mine)
            for root, mine in by_root(units).items()
            if len(mine) >= least
        }

    def needs(self, unit: DevUnit, mine: Units) -> set[str]:
        """Return the ids of the units that a unit's prompt needs.

        Args:
            unit: The unit.
            mine: The units of its state root.

        Raises:
            ConfigError: As for `needs_of`.
        """
        rest = self._rests.get(unit.root)
        found = rest.needs(unit, mine) if rest else None
        return needs_of(self._top, unit, mine) if found is None else found

    def look(self, world: World, unit: DevUnit) -> Looked:
        """Return what a look at a unit finds now.

        Raises:
            PddError: If it cannot be looked at.
        """
        rest = self._rests.get(unit.root)
        known = rest.known(unit) if rest else None
        if known is not None:
            return known
        before = rest.file.records(str(unit.id)) if rest else None
        asked = _Asked(world.baselines)
        found, view = planned(replace(world, baselines=asked), unit)
        if rest and before and not asked.once and _is_usual(unit, found, view):
            rest.note(unit, found, view, before)
        is_alone = not view.fresh and view.former is None
        return Looked(found, frozenset(view.seen) if is_alone else None)

    def act(self) -> None:
        """Read every file anew from now on: something is being done."""
        for rest in self._rests.values():
            rest.raws = None

    def keep(self) -> None:
        """Keep what looks found, if that is much more than was kept before."""
        for rest in self._rests.values():
            if len(rest.fresh) >= self._least:
                rest.write()


class _Asked:
    """Baselines that note whether a look asked for one; fits the port."""

    def __init__(self, baselines: Baselines) -> None:
        self._baselines = baselines
        self.once = False

    def keep(self, data: bytes) -> None:
        """Keep some bytes."""
        self._baselines.keep(data)

    def find(self, raw: str, path: PurePosixPath) -> bytes | None:
        """Return bytes by raw digest; None if nobody has them."""
        self.once = True
        return self._baselines.find(raw, path)


def _is_usual(unit: DevUnit, found: Plan, view: View) -> bool:
    """Return whether a look found a unit at rest, and asked for nothing unusual."""
    settings = unit.settings
    plain = settings.auto_deps is AutoDeps.NAMED and settings.resume_from is None
    is_alone = not view.fresh and view.former is None
    return plain and is_alone and not any(d.due or d.copies for d in found.decisions)


def looks_and_edges(
    top: Path, units: tuple[DevUnit, ...], about: Iterable[str] | None
) -> tuple[Looks, Edges]:
    """Return what looks at units, and the edges between them.

    Args:
        top: The folder doit runs in.
        units: All units.
        about: Units and basenames that alone will be asked for, as of `Project`.
    """
    ids = about and _ids(units, about)
    looks = Looks(top, units if ids is None else ())
    return looks, edges_of(top, units, ids, looks.needs)


def _ids(units: Iterable[DevUnit], names: Iterable[str]) -> list[str] | None:
    """Return the ids of the units that names stand for; None if one stands for none."""
    known: dict[str, list[str]] = {}
    for unit in units:
        known.setdefault(unit.id.basename, []).append(str(unit.id))
        known[str(unit.id)] = [str(unit.id)]
    found = [known.get(name) for name in names]
    return None if None in found else [one for ids in found for one in ids or ()]
