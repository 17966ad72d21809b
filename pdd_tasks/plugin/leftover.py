"""What is left of units whose prompt is gone: reported, never deleted."""

from collections.abc import Iterable
from typing import NamedTuple

from pdd_tasks.core.model.unit import DevUnit
from pdd_tasks.engine.observe import observe
from pdd_tasks.engine.ports import Checkout
from pdd_tasks.engine.world import World
from pdd_tasks.errors import PddError


class Leftover(NamedTuple):
    """A unit that has a fingerprint and no prompt.

    Attributes:
        name: Its id.
        here: False if its prompt is tracked by git, but not checked out.
    """

    name: str
    here: bool


def former(world: World, unit: DevUnit) -> str:
    """Return the name whose records a renamed unit will take over; empty if none."""
    try:
        if world.traces.fingerprint(unit.id) is not None:
            return ""
        found = observe(world, unit).former
    except PddError:  # said where the unit is looked at
        return ""
    return str(found.id) if found else ""


def leftovers(
    names: Iterable[str], units: Iterable[DevUnit], checkout: Checkout
) -> tuple[Leftover, ...]:
    """Return what is left of units, sorted by name.

    Args:
        names: The names of all that have a fingerprint.
        units: The units of the same state root.
        checkout: What git knows there; asked only if there is a leftover.
    """
    known = {str(unit.id).lower() for unit in units}
    # another tool writes the folders of a name as underscores
    known |= {name.replace("/", "_") for name in known}
    return tuple(
        Leftover(name, not checkout.skips(f"{name.lower()}.prompt"))
        for name in sorted(names)
        if name.lower() not in known
    )
