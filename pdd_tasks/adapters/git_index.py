"""What is staged for the next commit of a project.

Rule 1: the index is the one that git names to a hook, since a commit of some files
alone has an index of its own. Rule 2: what git cannot tell is unknown and never an
empty answer.
"""

import os
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import Final

from pdd_tasks.adapters.git import Git


_NAMES: Final = ("--name-only", "-z", "--relative", "--no-renames", "--no-ext-diff")
_STAGED: Final = ("diff", "--cached", *_NAMES)
_LATER: Final = ("diff", *_NAMES)
_UNTRACKED: Final = ("ls-files", "-z", "--others", "--exclude-standard")
_TOP: Final = ("rev-parse", "--show-toplevel")
_INDEX: Final = "GIT_INDEX_FILE"


class GitIndex:
    """The index, as the files of one project stand in it.

    Attributes:
        unknown: Why nothing can be told, a clause; empty if it can.
    """

    def __init__(self, root: Path, environment: Mapping[str, str]) -> None:
        """Find the index.

        Args:
            root: The state root; paths are relative to it.
            environment: The variables of this process, which may be a hook's.
        """
        self._git = Git(root)
        answer = self._git.ask(_TOP)
        self.unknown = answer.failure
        self._variables = {}
        if environment.get(_INDEX):
            top = Path(os.fsdecode(answer.out.rstrip(b"\n")))
            self._variables[_INDEX] = str(top / environment[_INDEX])

    @cached_property
    def staged(self) -> frozenset[PurePosixPath]:
        """The files that the next commit changes, adds or removes."""
        return self._names(_STAGED)

    @cached_property
    def later(self) -> frozenset[PurePosixPath]:
        """The files that stand on the disk otherwise than they are staged.

        Those that git ignores are not among them.
        """
        return self._names(_LATER) | self._names(_UNTRACKED)

    def read(self, path: PurePosixPath) -> bytes | None:
        """Return the staged bytes of a file; None if the next commit has none."""
        asked = ("cat-file", "blob", f":./{path}")
        answer = self._git.ask(asked, variables=self._variables)
        return None if answer.failure else answer.out

    def _names(self, asked: tuple[str, ...]) -> frozenset[PurePosixPath]:
        answer = self._git.ask(asked, variables=self._variables)
        self.unknown = self.unknown or answer.failure
        names = filter(None, answer.out.split(b"\0"))
        return frozenset(PurePosixPath(os.fsdecode(name)) for name in names)
