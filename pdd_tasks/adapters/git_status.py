"""What git knows of a project's files beyond their bytes; fits the port `Checkout`.

Rule 1: git is asked when the first question is, and once a run; a run that finds
nothing to do asks none. Rule 2: a project without git, or with one that refuses, is
no error: every answer is empty then, and people are told once. Rule 3: what git
says in a form that this program does not know counts as a refusal, never as an
answer.
"""

import os
import re
from collections.abc import Callable, Collection, Mapping
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import Final, NamedTuple

from pdd_tasks.adapters.git import Git
from pdd_tasks.core.model.git_status import GitStatus, Sides
from pdd_tasks.core.model.git_status_form import GitStatusError, parse_status


STATUS: Final = (
    "status",
    "--porcelain=2",
    "-z",
    "--branch",
    "--no-ahead-behind",  # counting commits may take long, and nobody asks for it
    "--find-renames",
    "--untracked-files=no",
    "--ignore-submodules=dirty",
)
_BELOW: Final = ("--", ".")
_PLACE: Final = ("rev-parse", "--is-shallow-repository", "--show-prefix")
_INDEX: Final = ("ls-files", "-z", "-t", "--stage", *_BELOW)
_RENAMES: Final = (
    "log",
    "--follow",
    "--find-renames",
    "--diff-filter=R",
    "--max-count=1",
    "--format=",
    "--name-status",
    "-z",
    "--",
)
_STAGED: Final = re.compile(rb"(.) ([0-7]{6}) [0-9a-f]{40,64} [0-3]\t(.+)", re.DOTALL)
_SUBMODULE: Final = b"160000"
_SKIPPED: Final = b"S"
_OLD: Final = re.compile(r"unknown option|unknown switch|^usage:|unsupported")
_NONE: Final = re.compile(r"not installed|not a git repository|in a work tree")
_DISTRUST: Final = re.compile(r"dubious ownership|unsafe repository")
_HASHES: Final = "decisions by hashes only"
_FOLDER: Final = "safety copies go to .pdd/safety"
_WORDS: Final[Mapping[Sides, str]] = {
    Sides.BOTH_DELETED: "both sides deleted it",
    Sides.ADDED_BY_US: "only our side added it",
    Sides.DELETED_BY_THEM: "it was deleted by them",
    Sides.ADDED_BY_THEM: "only their side added it",
    Sides.DELETED_BY_US: "it was deleted by us",
    Sides.BOTH_ADDED: "both sides added it",
    Sides.BOTH_MODIFIED: "both sides changed it",
}


class _Index(NamedTuple):
    """What of the index is not in the work tree.

    Attributes:
        skipped: Files that a sparse checkout leaves out.
        submodules: Folders that are repositories of their own.
    """

    skipped: frozenset[PurePosixPath]
    submodules: frozenset[PurePosixPath]


class _Seen(NamedTuple):
    """What git said first.

    Attributes:
        prefix: The state root below the top of the work tree; empty or with a slash
            at its end.
        shallow: True if the history is cut off.
        trouble: Why git cannot be asked, for people; empty if it can.
    """

    prefix: str = ""
    shallow: bool = False
    status: GitStatus = GitStatus()
    trouble: str = ""


class GitCheckout:
    """Asks git about the files of one project."""

    def __init__(self, root: Path, announce: Callable[[str], None]) -> None:
        """Ask in a state root.

        Args:
            root: The state root.
            announce: Tells people a line, each line once a run.
        """
        self._root = root
        self._git = Git(root)
        self._announce = announce
        self._formers: dict[PurePosixPath, PurePosixPath | None] = {}

    @property
    def trouble(self) -> str:
        """Why git cannot be asked, a line for people; empty if it can."""
        return self._seen.trouble

    @property
    def shallow(self) -> bool:
        """True if the history is cut off, so that old bytes may be missing in it."""
        return self._seen.shallow

    def announce(self) -> None:
        """Tell people once a run if there is no git that can be asked."""
        if self._seen.trouble:
            self._announce(self._seen.trouble)

    def unmerged(self) -> Mapping[PurePosixPath, str]:
        """Return the files that a merge left to a person, with what happened."""
        found = ((self._below(p), e) for p, e in self._seen.status.unmerged.items())
        return {path: _WORDS[entry.sides] for path, entry in found if path is not None}

    def elsewhere(
        self, paths: Collection[PurePosixPath]
    ) -> Mapping[PurePosixPath, str]:
        """Return which files are tracked but not checked out, with the reason."""
        why = {path: self._why_elsewhere(path) for path in paths}
        return {path: reason for path, reason in why.items() if reason}

    def skips(self, ending: str) -> bool:
        """Return whether a file whose path ends so is tracked, but not checked out."""
        return any(
            path.name.lower() == ending or str(path).lower().endswith(f"/{ending}")
            for path in self._index.skipped
        )

    def former(self, path: PurePosixPath) -> PurePosixPath | None:
        """Return where a file was before git saw it renamed; None if it did not."""
        if path not in self._formers:
            self._formers[path] = self._former(path)
        return self._formers[path]

    def _former(self, path: PurePosixPath) -> PurePosixPath | None:
        if self._seen.trouble:
            return None
        name = f"{self._seen.prefix}{path}"
        staged = self._seen.status.renamed.get(name)
        if staged is not None:
            return self._below(staged.source)
        said = self._git.run((*_RENAMES, str(path))) or b""
        parts = os.fsdecode(said).strip("\n").split("\0")
        renamed = len(parts) > 2 and parts[0].startswith("R")  # noqa: PLR2004 - a triple
        return self._below(parts[1]) if renamed else None

    def _why_elsewhere(self, path: PurePosixPath) -> str:
        if path in self._index.skipped:
            return "it is outside of the sparse checkout"
        for folder in self._index.submodules.intersection(path.parents):
            if not (self._root / folder / ".git").exists():
                return f"it is in the submodule {folder}, which is not checked out"
        return ""

    def _below(self, name: str) -> PurePosixPath | None:
        """Return a path of git's relative to the state root; None if it is outside."""
        prefix = self._seen.prefix
        return PurePosixPath(name[len(prefix) :]) if name.startswith(prefix) else None

    @cached_property
    def _seen(self) -> _Seen:
        place = self._git.ask(_PLACE)
        if place.failure:
            return _Seen(trouble=self._trouble(place.failure))
        shallow, _, prefix = os.fsdecode(place.out.removesuffix(b"\n")).partition("\n")
        answer = self._git.ask((*STATUS, *_BELOW))
        if answer.failure:
            return _Seen(trouble=self._trouble(answer.failure))
        try:
            status = parse_status(answer.out)
        except GitStatusError as error:
            return _Seen(trouble=f"git's answers cannot be used ({error}): {_HASHES}")
        return _Seen(prefix, shallow == "true", status)

    def _trouble(self, failure: str) -> str:
        if _NONE.search(failure):
            return f"no git here: {_HASHES}; {_FOLDER}"
        if _DISTRUST.search(failure):
            mend = f"git config --global --add safe.directory {self._root}"
            reason = f"git does not trust this folder, `{mend}` would change that"
            return f"{reason}: {_HASHES}; {_FOLDER}"
        if _OLD.search(failure):
            version = os.fsdecode(self._git.run(("version",)) or b"git").strip()
            return f"{version} is too old to be asked: {_HASHES}"
        return f"git cannot be asked ({failure}): {_HASHES}; {_FOLDER}"

    @cached_property
    def _index(self) -> _Index:
        listed = None if self._seen.trouble else self._git.run(_INDEX)
        records = (listed or b"").split(b"\0")
        found = [match for r in records if (match := _STAGED.fullmatch(r))]
        return _Index(
            frozenset(_path(one[3]) for one in found if one[1] == _SKIPPED),
            frozenset(_path(one[3]) for one in found if one[2] == _SUBMODULE),
        )


def _path(name: bytes) -> PurePosixPath:
    return PurePosixPath(os.fsdecode(name))
