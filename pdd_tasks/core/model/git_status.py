"""What git says of a work tree, as values; how it is read is in `git_status_form`.

Paths are relative to the top of the work tree; a byte of a name that is not UTF-8
is a lone surrogate.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Code(StrEnum):
    """How a file differs, in the index from HEAD or in the work tree from the index."""

    SAME = "."
    MODIFIED = "M"
    TYPE_CHANGED = "T"
    ADDED = "A"
    DELETED = "D"
    RENAMED = "R"
    COPIED = "C"


class Sides(StrEnum):
    """What the two sides of a merge did to a file that is not merged yet."""

    BOTH_DELETED = "DD"
    ADDED_BY_US = "AU"
    DELETED_BY_THEM = "UD"
    ADDED_BY_THEM = "UA"
    DELETED_BY_US = "DU"
    BOTH_ADDED = "AA"
    BOTH_MODIFIED = "UU"


@dataclass(frozen=True, slots=True, kw_only=True)
class Submodule:
    """How a submodule differs.

    Attributes:
        commit: Another commit is checked out in it.
        modified: It has changes of tracked files.
        untracked: It has untracked files.
    """

    commit: bool
    modified: bool
    untracked: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """A tracked file that differs.

    Attributes:
        index: How the index differs from HEAD.
        worktree: How the work tree differs from the index.
        submodule: None if it is none.
        modes: Of HEAD, index and work tree, six octal digits each.
        objects: Names of HEAD's and the index's object; all zeros for none.
    """

    path: str
    index: Code
    worktree: Code
    submodule: Submodule | None
    modes: tuple[str, str, str]
    objects: tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Renamed:
    """A tracked file that was renamed or copied.

    Attributes:
        change: How the file under its new path differs.
        source: The path it came from.
        copied: True if the file at that path stands, too.
        score: How similar the two are, percent.
    """

    change: Changed
    source: str
    copied: bool
    score: int

    @property
    def path(self) -> str:
        """The new path."""
        return self.change.path


@dataclass(frozen=True, slots=True, kw_only=True)
class Unmerged:
    """A file that a merge left to a person.

    Attributes:
        submodule: None if it is none.
        modes: Of base, ours, theirs and the work tree.
        objects: Names of the objects of base, ours and theirs; all zeros for none.
    """

    path: str
    sides: Sides
    submodule: Submodule | None
    modes: tuple[str, str, str, str]
    objects: tuple[str, str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Untracked:
    """A file that git does not know; of a folder, with a slash at its end."""

    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ignored:
    """A file that git was told to ignore; of a folder, with a slash at its end."""

    path: str


Entry = Changed | Renamed | Unmerged | Untracked | Ignored


@dataclass(frozen=True, slots=True, kw_only=True)
class Branch:
    """What is checked out.

    Attributes:
        commit: Name of the commit; empty if there is none yet.
        name: Name of the branch; empty if HEAD is detached.
        upstream: The branch it follows; empty if none.
        ahead: Commits that upstream lacks; None if that is unknown.
        behind: Commits that only upstream has; None if that is unknown.
    """

    commit: str = ""
    name: str = ""
    upstream: str = ""
    ahead: int | None = None
    behind: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GitStatus:
    """All of it.

    Attributes:
        entries: In the order in which git said them.
    """

    branch: Branch = field(default_factory=Branch)
    entries: tuple[Entry, ...] = ()

    @property
    def unmerged(self) -> Mapping[str, Unmerged]:
        """Path → entry of the files that a merge left to a person."""
        return {e.path: e for e in self.entries if isinstance(e, Unmerged)}

    @property
    def renamed(self) -> Mapping[str, Renamed]:
        """New path → entry of the files that were renamed, copies aside."""
        return {
            e.path: e for e in self.entries if isinstance(e, Renamed) and not e.copied
        }
