"""What a finding of the doctor is, and the site it is found at.

A check takes a site and gives its findings; `checks` lists them all. It looks only: it
takes no lock, writes nothing and asks nobody.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from pdd_tasks.adapters.locks.mount import doubt
from pdd_tasks.adapters.locks.unit_locks import UnitLocks
from pdd_tasks.core.model.artifact import UnitId
from pdd_tasks.core.model.unit import DevUnit


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that is not as it should be.

    Attributes:
        kind: What it is about, for programs: ``lock``, ``transaction``, …
        what: What was found, one clause that names it.
        why: What that means, one clause.
        command: The one command that mends it, as a person types it.
        unit: The id of the unit it is about; empty if it is about none.
    """

    kind: str
    what: str
    why: str
    command: str
    unit: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """One state root that is looked at.

    Attributes:
        root: Its folder.
        label: The same folder as people name it, relative to where doit runs.
        units: Its units.
        locks: Its locks.
        doubt: Returns why locks in a folder may not hold; empty if they do.
    """

    root: Path
    label: PurePosixPath
    units: tuple[DevUnit, ...]
    locks: UnitLocks
    doubt: Callable[[Path], str] = doubt

    def sync(self, unit: UnitId | str) -> str:
        """Return the command that syncs a unit; without its prompt, that lists it."""
        known = {str(one.id) for one in self.units}
        return f"doit sync:{unit}" if str(unit) in known else "doit pending"


Check = Callable[[Site], Iterable[Finding]]
