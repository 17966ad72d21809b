"""Gathers which lines of Bash code were run, from what the shell traced.

``bash_trace.py REPORT TRACE CODE...``

The trace has, for each command, a plus, and its file and line between separators that
no name has. The report is one JSON object: file → its text and the lines.
"""

import json
import os
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final


_COMMAND: Final = re.compile(rb"^\++\x1f([^\x1f]*)\x1f(\d+)\x1f")
_LONGEST: Final = 1_000_000  # of a line; what a command is given has no bound


def lines_in(trace: Path, code: Sequence[Path]) -> dict[Path, set[int]]:
    """Return code file → the lines at which commands of it were run.

    A file that was sourced from another folder is told by its name alone.
    """
    found: dict[Path, set[int]] = {path: set() for path in code}
    with trace.open("rb") as file:
        for line in iter(lambda: file.readline(_LONGEST), b""):
            match = _COMMAND.match(line)
            if match is not None:
                path = _meant(os.fsdecode(match[1]), code)
                if path is not None:
                    found[path].add(int(match[2]))
    return found


def _meant(name: str, code: Sequence[Path]) -> Path | None:
    path = Path(os.path.relpath(name) if name.startswith("/") else name)
    path = Path(os.path.normpath(path))
    if path in code or path.is_file():
        return path if path in code else None
    named = [one for one in code if one.name == path.name]
    return named[0] if len(named) == 1 else None


def main(words: Sequence[str]) -> int:
    """Write the report; without a trace there is none, and nothing is known.

    Args:
        words: The arguments, as above.

    Returns:
        The exit code.
    """
    report, trace = Path(words[0]), Path(words[1])
    if not trace.is_file():
        return 1
    found = lines_in(trace, [Path(word) for word in words[2:]])
    told = {
        str(path): {
            "text": path.read_text("utf-8", errors="replace"),
            "lines": sorted(lines),
        }
        for path, lines in found.items()
    }
    report.write_text(json.dumps(told), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
