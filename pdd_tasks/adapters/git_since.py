"""Which files differ from a revision of git, found by their contents alone.

Rule 1: files are hashed as git would hash them; no index of modification times is
asked. Rule 2: what git cannot tell for certain, such as a revision that a shallow
clone does not have, is unknown and never an empty answer.
"""

import os
from collections.abc import Collection, Mapping
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import Final

from pdd_tasks.adapters.git import Git


_TREE: Final = ("ls-tree", "-r", "-z")
_SHALLOW: Final = ("rev-parse", "--is-shallow-repository")
_HASH: Final = ("hash-object", "--stdin-paths")
_PREFIX: Final = ("rev-parse", "--show-prefix")


class GitSince:
    """The files of one project, set against one revision.

    Attributes:
        unknown: Why nothing can be told, a clause; empty if it can.
    """

    def __init__(self, root: Path, revision: str) -> None:
        """Look a revision up.

        Args:
            root: The state root.
            revision: As a person types it: a branch, a tag, ``HEAD~3``.
        """
        self._root = root
        self._git = Git(root)
        self._revision = revision
        self._commit = self._resolved()
        self.unknown = "" if self._commit and self._tree is not None else self._why()

    def _resolved(self) -> str:
        name = f"{self._revision}^{{commit}}"
        asked = ("rev-parse", "--verify", "--quiet", "--end-of-options", name)
        return os.fsdecode(self._git.run(asked) or b"").strip()

    def _why(self) -> str:
        answer = self._git.ask(_SHALLOW)
        if answer.failure:
            return f"git cannot be asked ({answer.failure})"
        if answer.out.strip() == b"true":
            return f"the clone is shallow and does not have {self._revision!r}"
        return f"git knows no revision {self._revision!r}"

    @property
    def files(self) -> frozenset[PurePosixPath]:
        """The files below the state root that the revision has."""
        return frozenset(self._tree or {})

    def changed(self, paths: Collection[PurePosixPath]) -> frozenset[PurePosixPath]:
        """Return which of some files differ from the revision, or are in one only.

        Args:
            paths: Relative to the state root.
        """
        tree = self._tree or {}
        now = self._hashes([path for path in paths if (self._root / path).is_file()])
        return frozenset(path for path in paths if tree.get(path) != now.get(path))

    def _hashes(self, paths: Collection[PurePosixPath]) -> Mapping[PurePosixPath, str]:
        """Return what git would call the contents of files; less what it refuses."""
        prefix = self._prefix
        plain = [path for path in paths if "\n" not in f"{prefix}{path}"]
        lines = "".join(f"{prefix}{path}\n" for path in plain)
        said = self._top.run(_HASH, stdin=os.fsencode(lines)) if plain else b""
        names = os.fsdecode(said or b"").split()
        if len(names) != len(plain):
            return dict.fromkeys(paths, "unreadable")
        return {
            **dict.fromkeys(paths, "unnamable"),
            **dict(zip(plain, names, strict=True)),
        }

    @cached_property
    def _prefix(self) -> str:
        """The state root below the top of the working tree, with a slash at its end."""
        return os.fsdecode(self._git.run(_PREFIX) or b"").removesuffix("\n")

    @cached_property
    def _top(self) -> Git:
        """Git at the top: from there it reads paths that are on its input."""
        return Git(self._root.joinpath(*[".."] * self._prefix.count("/")))

    @cached_property
    def _tree(self) -> Mapping[PurePosixPath, str] | None:
        """Return the files of the revision, with their names; None if git refuses."""
        listed = self._git.run((*_TREE, self._commit))
        if listed is None:
            return None
        entries = (one.split(b"\t", 1) for one in listed.split(b"\0") if one)
        return {
            PurePosixPath(os.fsdecode(name)): os.fsdecode(about).split()[2]
            for about, name in entries
        }
