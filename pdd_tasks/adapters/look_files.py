"""The project's files, for looks at many units that nothing changes meanwhile."""

import os
import stat
from pathlib import Path, PurePosixPath

from pdd_tasks.adapters.files import SHORT, ProjectFiles, plain_bytes


class LookFiles(ProjectFiles):
    """Reads the files of one project; asks once whether a folder is a link."""

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        self._start = f"{self.root}/"
        self._plain = {"": True}

    def directly(self, path: PurePosixPath) -> bytes | None:
        """Return a plain file's bytes if no link is on the way to it, else None."""
        text = str(path)
        folder, slash, name = text.rpartition("/")
        real = self._start + text
        if name == ".." or len(name) > SHORT or len(real) > SHORT * 2:
            return None
        if not real.isascii():
            return None
        try:
            if self._is_plain(folder + slash):
                return plain_bytes(real, os.O_NOFOLLOW)
        except (OSError, ValueError):
            pass  # told by the long way
        return None

    def _is_plain(self, folder: str) -> bool:
        """Return whether a folder, its name ended by a slash, is inside by no link.

        Raises:
            OSError: If it cannot be looked at.
        """
        known = self._plain.get(folder)
        if known is None:
            above, _, name = folder[:-1].rpartition("/")
            known = (
                name not in {"", ".."}
                and self._is_plain(f"{above}/" if above else "")
                and stat.S_ISDIR(os.lstat(self._start + folder[:-1]).st_mode)
            )
            self._plain[folder] = known
        return known
