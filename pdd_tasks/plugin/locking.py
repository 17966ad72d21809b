"""The locks of one project, on the terms of its settings.

It is imported when a lock is needed: a run that has nothing to do needs none.
"""

import os
from collections.abc import Callable
from pathlib import Path

from pdd_tasks.adapters.locks.unit_locks import UnitLocks
from pdd_tasks.core.model.lock import LockTerms
from pdd_tasks.core.model.unit import DevUnit


def unit_locks(
    root: Path,
    units: tuple[DevUnit, ...],
    say: Callable[[str], None],
    redact: Callable[[str], str] = str,
) -> UnitLocks:
    """Return the locks of one project.

    Args:
        root: Its state root.
        units: Its units.
        say: Tells people one line now.
        redact: Returns a command without secrets.

    Raises:
        ConfigError: If a unit's lock is to lie where there is no folder.
    """
    found = os.environ.get("XDG_RUNTIME_DIR")
    return UnitLocks(
        root,
        terms={unit.id: LockTerms.of(unit.settings) for unit in units},
        say=say,
        runtime=Path(found) if found else None,
        redact=redact,
    )
