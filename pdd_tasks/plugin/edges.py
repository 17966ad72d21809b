"""Which unit waits for which: the units whose example its prompt includes.

The rules of auto-deps are applied when tasks are built, so that every edge is
known before anything runs.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path, PurePosixPath

from pdd_tasks.core.model.settings import Cycles
from pdd_tasks.core.model.unit import DevUnit
from pdd_tasks.core.model.units import Units
from pdd_tasks.core.plan import auto_deps
from pdd_tasks.core.prompt.block import split
from pdd_tasks.core.prompt.include import included
from pdd_tasks.errors import ConfigError, PddError


Needed = Callable[[DevUnit, Units], set[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Edges:
    """The units in order, and what each waits for.

    Attributes:
        ordered: All units, those needed first; ties by name.
        needs: Unit id → ids of the units whose example its prompt includes.
        waits: The same less what closes a circle: what a unit waits for.
        circles: Unit id → the units that it needs and that need it, itself among
            them, in the order in which they are made; those of `cycles: condense`.
        refused: Unit id → why the unit cannot be synced.
        closed: Ids of the units that are refused since they need each other.
    """

    ordered: tuple[DevUnit, ...]
    needs: Mapping[str, tuple[str, ...]]
    refused: Mapping[str, PddError]
    waits: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    circles: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    closed: frozenset[str] = frozenset()

    def check(self, unit: DevUnit) -> None:
        """Refuse a unit that cannot be ordered or whose prompt cannot be read.

        Raises:
            PddError: If it is refused.
        """
        error = self.refused.get(str(unit.id))
        if error is not None:
            raise error


def edges_of(
    top: Path,
    units: tuple[DevUnit, ...],
    about: Iterable[str] | None = None,
    needed: Needed | None = None,
) -> Edges:
    """Return the edges between units, from their prompts.

    Args:
        top: The folder that the units' roots are relative to.
        units: All units.
        about: Ids of the units whose needs are wanted, and the needs of those; all
            others seem to need nothing. None stands for all units.
        needed: Returns the ids that a unit needs, given the units of its root; None
            reads the prompts.
    """
    needed = needed or partial(needs_of, top)
    by_name = {str(unit.id): unit for unit in units}
    needs: dict[str, set[str]] = {}
    refused: dict[str, PddError] = {}
    near = by_root(units)
    left = list(by_name if about is None else about)
    while left:
        name = left.pop()
        if name in needs:
            continue
        unit = by_name[name]
        try:
            needs[name] = needed(unit, near[unit.root])
        except PddError as error:
            needs[name], refused[name] = set(), error
        left += needs[name]
    needs = {name: needs.get(name, set()) for name in by_name}
    if not any(needs.values()):
        ordered = tuple(by_name[name] for name in sorted(by_name))
        return Edges(ordered=ordered, needs={}, refused=refused)
    return _ordered(by_name, needs, refused)


def _ordered(
    by_name: Mapping[str, DevUnit],
    needs: Mapping[str, set[str]],
    refused: dict[str, PddError],
) -> Edges:
    # networkx costs more to import than everything else: only if there are edges
    from pdd_tasks.core.graph.units import order

    found = order(needs)
    ordered = tuple(by_name[name] for name in found.sequence)
    plain = {name: tuple(sorted(wanted)) for name, wanted in needs.items()}
    if not found.cycles:
        return Edges(ordered=ordered, needs=plain, refused=refused, waits=plain)
    circles: dict[str, tuple[str, ...]] = {}
    for group, cycle in zip(found.groups, found.cycles, strict=True):
        if all(by_name[n].settings.cycles is Cycles.CONDENSE for n in group):
            circles |= dict.fromkeys(group, group)
        else:
            refused |= dict.fromkeys(group, _refusal(cycle))
    waits = {
        name: () if name in refused else wanted
        for name, wanted in found.waits(needs).items()
    }
    return Edges(
        ordered=ordered,
        needs=plain,
        refused=refused,
        waits=waits,
        circles=circles,
        closed=found.cyclic - circles.keys(),
    )


def _refusal(cycle: tuple[str, ...]) -> ConfigError:
    way = " -> ".join((*cycle, cycle[0]))
    return ConfigError(
        f"units include each other's examples in a cycle: {way}",
        hint="remove one of these includes from its prompt, or set `cycles: condense`"
        " in .pddrc, which syncs such units one by one",
    )


def by_root(units: Iterable[DevUnit]) -> Mapping[PurePosixPath, Units]:
    """Return state root → its units, in their order."""
    found: dict[PurePosixPath, list[DevUnit]] = {}
    for unit in units:
        found.setdefault(unit.root, []).append(unit)
    return {root: Units(mine) for root, mine in found.items()}


def needs_of(top: Path, unit: DevUnit, mine: Units) -> set[str]:
    """Return the ids of the units that a unit's prompt needs as it stands.

    Args:
        top: The folder that the unit's root is relative to.
        unit: The unit.
        mine: The units of its state root.

    Raises:
        ConfigError: If a declared dependency is no unit, or a directive is broken.
    """
    try:
        data = (top / unit.root / unit.prompt).read_bytes()
    except OSError:
        return set()  # its own step says what is wrong with the prompt
    return needs_in(unit, data, mine)


def needs_in(unit: DevUnit, data: bytes, mine: Units) -> set[str]:
    """Return the same for the bytes of a prompt.

    Raises:
        ConfigError: As for `needs_of`.
    """
    text = data.decode("utf-8-sig", errors="replace")
    outside = split(unit.prompt, text).outside
    needed = auto_deps.needed(unit, outside, mine)
    files = [path for path, _ in included(unit.prompt, text)]
    found = {*needed, *auto_deps.upstream(unit, files, mine)}
    return {str(one.id) for one in found}


def place(unit: DevUnit, path: PurePosixPath) -> str:
    """Return a unit's file relative to the folder doit runs in."""
    return str(unit.root / path)
