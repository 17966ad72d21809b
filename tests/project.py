"""A real project in a temporary folder, and real ``doit`` processes in it."""

import importlib.util
import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any


ROOT = Path(__file__).resolve().parent.parent
DODO = "from pdd_tasks import doit_project\n\nDOIT_CONFIG, task_sync = doit_project()\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a command said: its exit code, and both of its streams."""

    code: int
    out: str
    err: str

    @property
    def text(self) -> str:
        """Both streams, the results first."""
        return self.out + self.err


@dataclass(frozen=True, slots=True)
class Project:
    """A folder with a ``dodo.py`` and whatever a test puts into it."""

    root: Path

    @classmethod
    def of_example(cls, name: str, folder: Path) -> "Project":
        """Copy what is committed of an example, recordings included."""
        source, root = ROOT / "examples" / name, folder / name
        listed = subprocess.run(
            ["git", "ls-files", "-z"],  # noqa: S607 - git from PATH is what users have
            cwd=source,
            check=True,
            capture_output=True,
        )
        for path in filter(None, listed.stdout.decode().split("\0")):
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source / path, root / path)
        return cls.in_folder(root)

    @classmethod
    def in_folder(cls, root: Path) -> "Project":
        """Put a ``dodo.py`` into a folder."""
        root.mkdir(parents=True, exist_ok=True)
        (root / "dodo.py").write_text(DODO, encoding="utf-8")
        return cls(root)

    @classmethod
    def of_many(cls, root: Path, number: int) -> "Project":
        """Make units in sync, as the benchmark makes them."""
        file = ROOT / "benchmarks/many_units.py"
        spec = importlib.util.spec_from_file_location("many_units", file)
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return cls(module.made(root, number))

    def write(self, path: str, text: str) -> None:
        """Write a file."""
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")

    def read(self, path: str) -> str:
        """Return a file's text."""
        return (self.root / path).read_text(encoding="utf-8")

    def doit(self, *words: str, **variables: str) -> Said:
        """Run doit in the folder; keyword arguments are environment variables."""
        ended = subprocess.run(
            [sys.executable, "-m", "doit", *words],
            cwd=self.root,
            env=clean_environment() | variables,
            capture_output=True,
            text=True,
            check=False,
            stdin=subprocess.DEVNULL,
        )
        return Said(code=ended.returncode, out=ended.stdout, err=ended.stderr)

    def started(
        self, *words: str, start_new_session: bool = False
    ) -> "subprocess.Popen[str]":
        """Start doit in the folder; with a session of its own, as in a terminal."""
        return subprocess.Popen(
            [sys.executable, "-m", "doit", *words],
            cwd=self.root,
            env=clean_environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=start_new_session,
        )

    def pending(self, *words: str) -> list[tuple[str, str]]:
        """Return the pending steps of all units as (step, operation)."""
        said = self.doit("pending", "--json", *words)
        found: dict[str, Any] = json.loads(said.out)
        return [
            (step["step"], step["operation"])
            for unit in found["units"]
            for step in unit["steps"]
        ]

    def files(self) -> dict[str, tuple[bytes, int]]:
        """Return every file's bytes and time of change, git's own files aside."""
        return {
            str(path.relative_to(self.root)): (
                path.read_bytes(),
                path.stat().st_mtime_ns,
            )
            for path in sorted(self.root.rglob("*"))
            if path.is_file() and not {".git", "__pycache__"} & set(path.parts)
        }

    def contents(self) -> dict[str, bytes]:
        """Return every file's bytes."""
        return {name: data for name, (data, _) in self.files().items()}

    def lasting(self) -> dict[str, bytes]:
        """Return every file's bytes, a machine's locks aside."""
        files = self.contents().items()
        return {name: data for name, data in files if not name.startswith(".pdd/locks")}


def clean_environment() -> dict[str, str]:
    """Return an environment without this project's settings and without keys.

    Who runs the tests, a person or CI, is none of their business. The program is
    compiled once, not by each process.
    """
    return {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("PDD_", "GIT_", "GITHUB_"))
        and "API_KEY" not in name
        and name not in {"CI", "PYTHONDONTWRITEBYTECODE"}
    }


def unmeasured_environment() -> dict[str, str]:
    """Return a clean environment in which nobody measures coverage.

    A process that is killed keeps no data, and one whose changes to the disk are
    counted must make none for it.
    """
    return {
        name: value
        for name, value in clean_environment().items()
        if not name.startswith("COVERAGE_")
    }
