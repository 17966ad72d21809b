"""The one door to git; a machine or a project without it is no error.

Only commands that look come through here: nothing takes git's locks or touches a
person's index, working tree, refs or stash.
"""

import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
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
        program = shutil.which("git")
        if program is None:
            return None
        try:
            done = subprocess.run(
                [program, *_OPTIONS, *arguments],
                check=False,
                cwd=self.folder,
                env=scrubbed(os.environ),
                input=stdin,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
                timeout=_TIMEOUT_S,
            )
        except (OSError, ValueError, subprocess.TimeoutExpired):
            return None
        return done.stdout if done.returncode == 0 else None


def scrubbed(environment: Mapping[str, str]) -> dict[str, str]:
    """Return an environment in which git sees the folder it runs in, and only looks."""
    kept = {name: value for name, value in environment.items() if name not in _LOCAL}
    return kept | {
        "GIT_NO_LAZY_FETCH": "1",
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_TERMINAL_PROMPT": "0",
        "LC_ALL": "C",
    }
