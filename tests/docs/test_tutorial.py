"""The tutorial is typed as it stands, and the program says what it shows."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pages
from project import clean_environment


TUTORIAL = pages.ROOT / "docs" / "tutorial.md"
NEXT = "\x01"


def test_the_tutorial_comes_out_as_it_is_written(tmp_path: Path) -> None:
    shown = "".join(b.body for b in pages.blocks(TUTORIAL) if b.tag == "console")
    assert typed(tmp_path, shown) == timeless(shown)


def typed(home: Path, shown: str) -> str:
    """Return what a terminal shows if the commands of a text are typed into it."""
    (home / "pdd-tasks").symlink_to(pages.ROOT)
    commands = [line[2:] for line in shown.splitlines() if line.startswith("$ ")]
    script = "".join(f"printf '{NEXT}'\n{command}\n" for command in commands)
    ended = subprocess.run(
        ["/bin/bash", "-e", "-c", script],
        cwd=home,
        env=environment(home),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )
    said = ended.stdout.split(NEXT)[1:]
    lines = (f"$ {one}\n{out}" for one, out in zip(commands, said, strict=False))
    return timeless("".join(lines))


def environment(home: Path) -> dict[str, str]:
    tools = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    person = {"GIT_AUTHOR_NAME": "A", "GIT_AUTHOR_EMAIL": "a@example.org"}
    person |= {"GIT_COMMITTER_NAME": "A", "GIT_COMMITTER_EMAIL": "a@example.org"}
    return clean_environment() | person | {"HOME": str(home), "PATH": tools}


def timeless(text: str) -> str:
    return re.sub(r"\b\d+\.\d s\b", "N s", text)
