"""Safety copies as folders, where git is not to be had or not wanted.

They lie in ``.pdd/safety/<time>-<unit>/<path>``, each with its path below the folder,
and ``.pdd/safety/<time>-<unit>.json`` says what they are; it is written last, so that
a copy with it is whole. One without it, from an older version or a run that was cut
off, is told from its files.
"""

import json
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from itertools import count
from pathlib import Path, PurePosixPath
from typing import Final

from pdd_tasks.adapters.files import (
    STATE_FOLDER,
    ensure_state_folder,
    make_folders,
    raw_digest,
    sync_directory,
    write_durably,
)
from pdd_tasks.core.model.safety_copy import (
    SCHEMA,
    SafetyCopy,
    is_copy_id,
    is_moment,
    named,
)


PLACE: Final = f"{STATE_FOLDER}/safety/"
_TEXTS: Final = ("unit", "at", "because")


class FolderCopies:
    """The safety copies of one project that are folders."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._folder = root / PLACE

    def keep(
        self,
        name: Callable[[int], SafetyCopy],
        contents: Mapping[PurePosixPath, bytes],
    ) -> SafetyCopy:
        """Keep a copy of some files, durably.

        Args:
            name: Returns the copy by its number; the first that is free is taken.
            contents: Path → bytes, relative to the state root.

        Returns:
            The copy, with the place where it is.

        Raises:
            OSError: If the disk refuses.
        """
        ensure_state_folder(self._root)
        make_folders(self._folder)
        copy = self._claimed(name)
        folder = self._folder / copy.id
        for path, data in contents.items():
            make_folders((folder / path).parent)
            write_durably(folder / path, data)
            sync_directory((folder / path).parent)
        write_durably(self._note(copy.id), note_bytes(copy))
        sync_directory(self._folder)
        return copy

    def all(self) -> tuple[SafetyCopy, ...]:
        """Return the copies that are there."""
        try:
            names = sorted(entry.name for entry in self._folder.iterdir())
        except OSError:  # there is none, or it is not ours to look at
            return ()
        found = (name for name in names if (self._folder / name).is_dir())
        return tuple(self._copy(name) for name in found if is_copy_id(name))

    def read(self, copy: SafetyCopy) -> dict[PurePosixPath, bytes]:
        """Return the bytes of a copy's files, those that are still what they were."""
        found = {}
        for path, raw in copy.files.items():
            with suppress(OSError):
                data = (self._folder / copy.id / path).read_bytes()
                if raw_digest(data) == raw:
                    found[path] = data
        return found

    def drop(self, copy: SafetyCopy) -> None:
        """Delete a copy.

        Raises:
            OSError: If the disk refuses.
        """
        gone = self._folder / f".{copy.id}.tmp"  # half of a copy must not look whole
        (self._folder / copy.id).rename(gone)
        self._note(copy.id).unlink(missing_ok=True)
        shutil.rmtree(gone)

    def _claimed(self, name: Callable[[int], SafetyCopy]) -> SafetyCopy:
        for number in count(1):
            copy = name(number)
            with suppress(FileExistsError):
                (self._folder / copy.id).mkdir()
                sync_directory(self._folder)
                return replace(copy, where=f"{PLACE}{copy.id}")
        raise AssertionError("unreachable: counting does not end")

    def _note(self, name: str) -> Path:
        return self._folder / f"{name}.json"

    def _copy(self, name: str) -> SafetyCopy:
        return self._noted(name) or self._seen(name)

    def _noted(self, name: str) -> SafetyCopy | None:
        """Return the copy that a note tells of; None if there is no usable note."""
        try:
            value: object = json.loads(self._note(name).read_bytes())
        except (OSError, ValueError):
            return None
        if not isinstance(value, dict) or value.get("schema") != SCHEMA:
            return None
        texts = [value.get(key) for key in _TEXTS]
        files = value.get("files")
        if not isinstance(files, dict) or not all(isinstance(t, str) for t in texts):
            return None
        unit, at, because = map(str, texts)
        if not is_moment(at):
            return None
        paths = {PurePosixPath(path): str(raw) for path, raw in files.items()}
        return _placed(name, unit=unit, at=at, files=paths, because=because)

    def _seen(self, name: str) -> SafetyCopy:
        """Return the copy that a folder's name and files tell of."""
        unit, at = named(name)
        files = dict(self._files(self._folder / name))
        return _placed(name, unit=unit, at=at, files=files, because="")

    @staticmethod
    def _files(folder: Path) -> Iterator[tuple[PurePosixPath, str]]:
        for above, _, names in os.walk(folder):
            for name in names:
                path = Path(above, name)
                relative = PurePosixPath(path.relative_to(folder).as_posix())
                with suppress(OSError):
                    yield relative, raw_digest(path.read_bytes())


def _placed(
    name: str,
    *,
    unit: str,
    at: str,
    files: Mapping[PurePosixPath, str],
    because: str,
) -> SafetyCopy:
    return SafetyCopy(
        id=name,
        unit=unit,
        at=at,
        files=files,
        because=because,
        where=f"{PLACE}{name}",
    )


def note_bytes(copy: SafetyCopy) -> bytes:
    """Return what lies beside a copy's folder."""
    value = {
        "schema": SCHEMA,
        "unit": copy.unit,
        "at": copy.at,
        "because": copy.because,
        "files": {str(path): raw for path, raw in copy.files.items()},
    }
    return (json.dumps(value, indent=1, sort_keys=True) + "\n").encode()
