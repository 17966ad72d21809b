"""Looks at units: at a glance where that is enough, else at length.

A glance costs little more than reading a unit's files, a look at length ten times as
much; what a glance may say is in `pdd_tasks.engine.glance`.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pdd_tasks.adapters.look_files import LookFiles
from pdd_tasks.adapters.traces import TraceFiles
from pdd_tasks.core.model.unit import DevUnit
from pdd_tasks.core.model.units import Units
from pdd_tasks.engine.observe import planned
from pdd_tasks.engine.world import World
from pdd_tasks.plugin.edges import Edges, by_root, edges_of, needs_of
from pdd_tasks.plugin.plans import Looked


if TYPE_CHECKING:
    from pdd_tasks.engine.glance import Glances
    from pdd_tasks.plugin.few import Few


MANY: Final = 50
"""So many units make it worth while to glance at each first."""


class Looks:
    """Looks at the units of all projects of a run."""

    def __init__(self, top: Path, units: Iterable[DevUnit], least: int = MANY) -> None:
        """Know nothing yet.

        Args:
            top: The folder doit runs in.
            units: All units; none if only a few will be asked for.
            least: How many units of a state root are worth a glance at each.
        """
        self._top = top
        self._glances = {
            root: _glances(top / root, mine)
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
        glances = self._glances.get(unit.root)
        return set(glances.needs(unit)) if glances else needs_of(self._top, unit, mine)

    def look(self, world: World, unit: DevUnit) -> Looked:
        """Return what a look at a unit finds now.

        Raises:
            PddError: If it cannot be looked at.
        """
        glances = self._glances.get(unit.root)
        case = glances.case(unit) if glances else None
        if glances and case:
            known = glances.plan(case)
            if known is not None:
                return Looked(known, glances.seen(unit))
        found, view = planned(world, unit)
        if glances and case and not found.due:
            glances.learn(case, found)
        is_alone = not view.fresh and view.former is None
        return Looked(found, frozenset(view.seen) if is_alone else None)

    def act(self) -> None:
        """Look at length from now on: something is being done."""
        for glances in self._glances.values():
            glances.act()


def _glances(root: Path, units: Units) -> "Glances":
    from pdd_tasks.engine.glance import Glances  # noqa: PLC0415 - many units only

    return Glances(units, LookFiles(root), TraceFiles(root))


def looks_and_edges(
    top: Path,
    units: tuple[DevUnit, ...],
    about: Iterable[str] | None,
    chosen: "Few | None" = None,
) -> tuple[Looks, Edges]:
    """Return what looks at units, and the edges between them.

    Args:
        top: The folder doit runs in.
        units: All units.
        about: Units and basenames that alone will be asked for, as of `Project`.
        chosen: The units, if they are a few of all.
    """
    if chosen is not None:
        edges = edges_of(top, chosen.units, chosen.names, chosen.needed)
        return Looks(top, ()), edges
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
