"""What is left of units whose prompt is gone: reported, never deleted."""

from collections.abc import Iterable
from pathlib import Path

from pdd_tasks.adapters.traces import META
from pdd_tasks.core.model.unit import DevUnit


def leftovers(root: Path, units: Iterable[DevUnit]) -> tuple[str, ...]:
    """Return the ids of units that have a fingerprint and no prompt, sorted.

    Args:
        root: The state root.
        units: The units of that root.
    """
    folder = root / META
    names = {
        path.relative_to(folder).with_suffix("").as_posix()
        for path in folder.rglob("*.json")
        if not path.name.endswith("_run.json") and "_" in path.stem
    }
    known = {str(unit.id).lower() for unit in units}
    # another tool writes the folders of a name as underscores
    known |= {name.replace("/", "_") for name in known}
    gone = {name for name in names if name.lower() not in known}
    return tuple(sorted(gone - {"dependency_graph"}))
