"""The recorded graph of units: derived, made anew whenever it is not what it should be.

Nothing is decided by it: it is for people, for reviews, and for other programs.
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from pdd_tasks.adapters.files import make_folders, replace_durably
from pdd_tasks.adapters.refusal import refusing
from pdd_tasks.adapters.traces import META


SCHEMA: Final = 1
NAME: Final = META / "dependency_graph.json"


def record_graph(root: Path, needs: Mapping[str, Sequence[str]]) -> None:
    """Record which unit needs which, if that is not what is recorded.

    A project whose units need no other has no such file, and gets none.

    Args:
        root: The state root.
        needs: Unit id → ids of the units whose examples its prompt includes.

    Raises:
        PddError: If the disk refuses.
    """
    path = root / NAME
    with refusing("record the graph of units"):
        old = path.read_bytes() if path.is_file() else None
        data = _form(needs)
        if data != old and (old is not None or any(needs.values())):
            make_folders(path.parent)
            replace_durably(path, data)


def _form(needs: Mapping[str, Sequence[str]]) -> bytes:
    units = {unit: sorted(found) for unit, found in needs.items() if found}
    mapping = {"schema": SCHEMA, "units": units}
    return (json.dumps(mapping, indent=1, sort_keys=True) + "\n").encode()
