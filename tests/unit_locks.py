"""Locks of a few units with terms of a test, and what lies on the disk of them."""

import json
from pathlib import Path
from typing import Any

from locking import NEVER_MS, UNIT, timing

from pdd_tasks.adapters.locks.unit_locks import UnitLocks
from pdd_tasks.core.model.artifact import UnitId
from pdd_tasks.core.model.lock import LockTerms


OTHER = UnitId("widget", "typescript")
THIRD = UnitId("c", "python")


def refuse(who: str) -> None:
    """Refuse to wait for anybody."""
    raise AssertionError(f"waited for {who}")


def locks_of(root: Path, idle_ms: int = NEVER_MS, **terms: Any) -> UnitLocks:
    """Return locks with other terms than the plain ones."""
    known = (UNIT, OTHER, THIRD)
    return UnitLocks(
        root, terms=dict.fromkeys(known, LockTerms(**terms)), timing=timing(idle_ms)
    )


def folder(root: Path) -> Path:
    """Return the folder of the locks."""
    return root / ".pdd/locks"


def record(root: Path) -> Path:
    """Return the record of the unit."""
    return folder(root) / "backend/widget_typescript.json"


def read(root: Path) -> Any:
    """Return what the record says."""
    return json.loads(record(root).read_bytes())


def lives(root: Path) -> list[str]:
    """Return the names of the files of those that live."""
    return sorted(path.name for path in (folder(root) / "alive").iterdir())
