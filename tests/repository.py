"""A real git repository in a temporary folder."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest


NEEDS_GIT = [
    pytest.mark.git,
    pytest.mark.skipif(shutil.which("git") is None, reason="there is no git"),
]


class Repository:
    """A folder under git, whose configuration is its own alone."""

    def __init__(self, root: Path, *, init: tuple[str, ...] = ("-b", "main")) -> None:
        self.root = root
        root.mkdir(parents=True, exist_ok=True)
        if init:
            self.git("init", "-q", *init)

    def git(self, *arguments: str, check: bool = True, cwd: str = ".") -> bytes:
        """Run git as a person does and return what it prints."""
        return subprocess.run(
            ["git", "-c", "protocol.file.allow=always", *arguments],  # noqa: S607
            cwd=self.root / cwd,
            env=git_environment(),
            check=check,
            capture_output=True,
        ).stdout

    def write(self, path: str, text: str = "text\n") -> None:
        """Write a file; a byte that is not UTF-8 is a lone surrogate in its name."""
        target = os.fsencode(self.root) + b"/" + os.fsencode(path)
        os.makedirs(os.path.dirname(target), exist_ok=True)  # noqa: PTH103, PTH120
        Path(os.fsdecode(target)).write_text(text, encoding="utf-8")

    def commit(self, message: str = "x") -> None:
        """Commit everything."""
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "-m", message)


def git_environment() -> dict[str, str]:
    """Return an environment in which git knows an author and no user's settings."""
    plain = {n: v for n, v in os.environ.items() if not n.startswith("GIT_")}
    names = ("AUTHOR", "COMMITTER")
    return plain | {
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        **{f"GIT_{name}_NAME": "a" for name in names},
        **{f"GIT_{name}_EMAIL": "a@b.invalid" for name in names},
    }
