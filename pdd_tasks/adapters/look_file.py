"""What looks at the units of a project found, kept so that the next command knows.

Rule 1: what is here is found again from the project; a file that is absent, broken
or of another program costs time and nothing else. Rule 2: a digest is taken of bytes
as they are now; no time of modification is asked for.
"""

import hashlib
import json
import os
from collections.abc import Mapping
from contextlib import suppress
from functools import cache
from io import FileIO
from pathlib import Path
from typing import Final

from pdd_tasks.adapters.files import (
    STATE_FOLDER,
    ensure_state_folder,
    make_folders,
    replace_durably,
)
from pdd_tasks.adapters.traces import META


_PLACE: Final = f"{STATE_FOLDER}/cache/looks.json"
_SCHEMA: Final = 1
_RECORDS: Final = (".json", "_run.json")
_DECIDING: Final = ("core", "engine")  # what of this program makes a plan


class LookFile:
    """The file of one project."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def read(self, base: str) -> Mapping[str, object]:
        """Return what was kept; empty if it was kept for something else.

        Args:
            base: What all of it is true for.
        """
        try:
            found = json.loads((self._root / _PLACE).read_bytes())
        except (OSError, ValueError, RecursionError):
            return {}
        is_ours = isinstance(found, dict) and found.get("schema") == _SCHEMA
        return found if is_ours and found.get("base") == base else {}

    def write(self, base: str, kept: Mapping[str, object]) -> None:
        """Keep something; a disk that refuses it only costs time."""
        data = json.dumps({"schema": _SCHEMA, "base": base, **kept}, sort_keys=True)
        place = self._root / _PLACE
        with suppress(OSError):
            ensure_state_folder(self._root)
            make_folders(place.parent)
            replace_durably(place, f"{data}\n".encode())

    def records(self, unit: str) -> str | None:
        """Return the digests of a unit's records; None unless it has all of them."""
        start = f"{self._root}/{META}/{unit}"
        found = []
        for ending in _RECORDS:
            try:
                with FileIO(start + ending) as stream:
                    found.append(hashlib.sha256(stream.readall()).hexdigest())
            except OSError:
                return None
        return " ".join(found)


@cache
def program(version: str) -> str:
    """Return what tells this program's decisions from those of another one.

    Args:
        version: Its version; while it is worked on, its text changes more often.
    """
    digest = hashlib.sha256(version.encode())
    top = Path(__file__).parent.parent
    for part in _DECIDING:
        for folder, folders, names in os.walk(f"{top}/{part}"):
            folders.sort()
            for name in sorted(names):
                if name.endswith(".py"):
                    with FileIO(f"{folder}/{name}") as stream:
                        digest.update(name.encode() + b"\0" + stream.readall())
    return digest.hexdigest()
