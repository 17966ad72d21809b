"""The units that a command names, what they need, and nothing else of a project.

Rule 1: a few units are taken for all only as long as nothing is due in them: what is
due is seen together with all other units, since it may concern them. Rule 2: where
the units of a project cannot be told apart by their names alone, there are no few.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from pdd_tasks.core.model.settings import AutoDeps
from pdd_tasks.core.model.unit import DevUnit
from pdd_tasks.core.model.units import Units
from pdd_tasks.errors import PddError
from pdd_tasks.plugin.edges import needs_of
from pdd_tasks.plugin.sketch import Sketch
from pdd_tasks.plugin.sketches import FewUnits, sketches


class Few(NamedTuple):
    """Some units of a project.

    Attributes:
        units: Those that were named, those that they need, and the other languages
            of all of these.
        names: The ids of those that were named.
        needs: Unit id → the ids of those that it needs, or why that is not known.
        near: State root → those of its units, which answer for all of it.
    """

    units: tuple[DevUnit, ...]
    names: tuple[str, ...]
    needs: Mapping[str, set[str] | PddError]
    near: Mapping[PurePosixPath, Units]

    def needed(self, unit: DevUnit, mine: Units) -> set[str]:
        """Return the ids of the units that a unit needs.

        Raises:
            PddError: If that is not known.
        """
        del mine  # what it names is looked for among all
        found = self.needs[str(unit.id)]
        if isinstance(found, PddError):
            raise found
        return found


def few(
    top: Path,
    roots: Iterable[str],
    variables: Mapping[str, str],
    environment: Mapping[str, str],
    about: Iterable[str],
) -> Few | None:
    """Return the units that names stand for; None if all have to be looked at.

    Args:
        top: The folder doit runs in.
        roots: Folders, or globs of folders, relative to it.
        variables: The variables of doit's command line.
        environment: The variables of the environment.
        about: Units and basenames.

    Raises:
        ConfigError: As for `discover_all`.
    """
    known = sketches(top, roots, variables, environment)
    if known is None:
        return None
    near = {one.label: FewUnits.among((), one) for one in known}
    named = [_called(near.values(), name) for name in about]
    if not all(named):
        return None
    units = {str(unit.id): unit for found in named for unit in found}
    names = tuple(units)
    needs = _needs(top, near, units)
    for unit in [*units.values()]:
        same = near[unit.root].by_basename[unit.id.basename]
        units |= {str(one.id): one for one in same}
    if any(one.settings.auto_deps is not AutoDeps.NAMED for one in units.values()):
        return None
    mine = {one.label: _among(one, units.values()) for one in known}
    return Few(tuple(units.values()), names, needs, mine)


def _called(near: Iterable[Units], name: str) -> tuple[DevUnit, ...]:
    exact = [one for units in near for one in units.by_id.get(name, ())]
    if exact:
        return tuple(exact)
    return tuple(one for units in near for one in units.by_basename.get(name, ()))


def _needs(
    top: Path, near: Mapping[PurePosixPath, Units], units: dict[str, DevUnit]
) -> dict[str, set[str] | PddError]:
    """Return what units need; what they need is added to them."""
    needs: dict[str, set[str] | PddError] = {}
    left = list(units.values())
    while left:
        unit = left.pop()
        mine = near[unit.root]
        try:
            found = needs_of(top, unit, mine)
        except PddError as error:
            needs[str(unit.id)] = error
            continue
        needs[str(unit.id)] = found
        more = [mine.by_id[name][0] for name in found if name not in units]
        units |= {str(one.id): one for one in more}
        left += more
    return needs


def _among(sketch: Sketch, units: Iterable[DevUnit]) -> FewUnits:
    return FewUnits.among([u for u in units if u.root == sketch.label], sketch)
