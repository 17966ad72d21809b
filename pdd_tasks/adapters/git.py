"""The one door to git; a machine or a project without it is no error.

Commands run without a person's hooks, monitors and pagers, in an environment in which
git sees the folder it runs in. Nothing that comes through here takes git's locks or
touches a person's index, working tree, branches or stash; what writes, writes
objects and refs of our own (`git_commit`, `git_safety`).
"""

import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final


_TIMEOUT_S: Final = 30.0
_LOCAL: Final = frozenset(
    {
        # Source: git rev-parse --local-env-vars. A hook runs us with these set, and
        # they would point us at another repository or index.
        "GIT_ALTERNATE_OBJECT_DIRECTORIES",
        "GIT_CONFIG",
        "GIT_CONFIG_PARAMETERS",
        "GIT_CONFIG_COUNT",
        "GIT_OBJECT_DIRECTORY",
        "GIT_DIR",
        "GIT_WORK_TREE",
        "GIT_IMPLICIT_WORK_TREE",
        "GIT_GRAFT_FILE",
        "GIT_INDEX_FILE",
        "GIT_NO_REPLACE_OBJECTS",
        "GIT_REPLACE_REF_BASE",
        "GIT_PREFIX",
        "GIT_SHALLOW_FILE",
        "GIT_COMMON_DIR",
        "GIT_INTERNAL_SUPER_PREFIX",
        "GIT_LITERAL_PATHSPECS",
        "GIT_GLOB_PATHSPECS",
        "GIT_NOGLOB_PATHSPECS",
        "GIT_ICASE_PATHSPECS",
    }
)
_OPTIONS: Final = (
    "--no-pager",
    "--literal-pathspecs",
    "-c",
    "core.fsmonitor=false",
    "-c",
    "core.hooksPath=/dev/null",
    "-c",
    "log.showSignature=false",
    "-c",
    "log.follow=false",
    "-c",
    "log.diffMerges=separate",
)


_NO_VARIABLES: Final[Mapping[str, str]] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What git said.

    Attributes:
        out: What it printed; empty if it failed.
        failure: Why it failed, in its words, one line; empty if it did not.
    """

    out: bytes = b""
    failure: str = ""


class Git:
    """Runs git in one folder.

    Attributes:
        folder: Where it runs; paths in arguments are relative to it.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def run(self, arguments: Sequence[str], *, stdin: bytes = b"") -> bytes | None:
        """Return what git prints.

        None if there is no git or no repository, if git refuses or takes too long.
        """
        answer = self.ask(arguments, stdin=stdin)
        return None if answer.failure else answer.out

    def ask(
        self,
        arguments: Sequence[str],
        *,
        stdin: bytes = b"",
        variables: Mapping[str, str] = _NO_VARIABLES,
    ) -> Answer:
        """Return what git prints, or why there is nothing.

        Args:
            arguments: The command and its arguments.
            stdin: What it reads.
            variables: Variables of the environment, beside those it always has.
        """
        program = shutil.which("git")
        if program is None:
            return Answer(failure="git is not installed")
        try:
            done = subprocess.run(
                [program, *_OPTIONS, *arguments],
                check=False,
                cwd=self.folder,
                env={**scrubbed(os.environ), **variables},
                input=stdin,
                capture_output=True,
                start_new_session=True,
                timeout=_TIMEOUT_S,
            )
        except (OSError, ValueError, subprocess.TimeoutExpired) as error:
            return Answer(failure=f"git cannot be run: {error}")
        if done.returncode == 0:
            return Answer(out=done.stdout)
        return Answer(failure=_reason(done.stderr, done.returncode))


def _reason(stderr: bytes, code: int) -> str:
    """Return the line of git's complaint that says most; never empty."""
    lines = [line.strip() for line in stderr.decode(errors="replace").splitlines()]
    fatal = [line.removeprefix("fatal: ") for line in lines if "fatal: " in line]
    return next((line for line in [*fatal, *lines] if line), f"exit code {code}")


def scrubbed(environment: Mapping[str, str]) -> dict[str, str]:
    """Return an environment in which git sees the folder it runs in, and only looks."""
    kept = {name: value for name, value in environment.items() if name not in _LOCAL}
    return kept | {
        "GIT_NO_LAZY_FETCH": "1",
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_TERMINAL_PROMPT": "0",
        "LC_ALL": "C",
    }
