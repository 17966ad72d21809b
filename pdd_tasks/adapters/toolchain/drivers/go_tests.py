"""Runs the tests of one unit of Go, and prints what ``go test -json`` prints.

``go_tests.py GO CODE [COVERAGE] -- TEST...``

Tests in the folder of the code are of its package: they are named, for other units
may have tests there. Tests elsewhere are compiled as files, without what else lies
beside them. Coverage is written with paths relative to the module.
"""

import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final


_TEST: Final = re.compile(r"^func ((?:Test|Example|Fuzz)\w*)\(", re.MULTILINE)
_MODULE: Final = re.compile(r'^module[ \t]+"?([^\s"]+)"?', re.MULTILINE)


def command(go: str, code: Path, tests: Sequence[Path], report: str) -> list[str]:
    """Return what runs the tests.

    Args:
        go: The command of the tool chain.
        code: The unit's code.
        tests: Its test files.
        report: The file that coverage is written to; empty to measure none.
    """
    package = f"./{code.parent}"
    made = [go, "test", "-json", "-count=1"]
    if report:
        made += [f"-coverprofile={report}", f"-coverpkg={package}"]
    if any(path.parent != code.parent for path in tests):
        return [*made, *map(str, tests)]
    texts = (path.read_text("utf-8", errors="replace") for path in tests)
    names = [name for text in texts for name in _TEST.findall(text)]
    return [*made, "-run", f"^({'|'.join(names)})$", package]


def relative(profile: str, module: str) -> str:
    """Return a coverage profile whose files are named relative to the module."""
    lines = profile.split("\n")
    return "\n".join(line.removeprefix(f"{module}/") for line in lines)


def module_in(text: str) -> str:
    """Return the path of the module that a ``go.mod`` names; empty if it does not."""
    found = _MODULE.search(text)
    return found[1] if found else ""


def main(words: Sequence[str]) -> int:
    """Run the tests.

    Args:
        words: The arguments, as above.

    Returns:
        The exit code of the tests.
    """
    cut = list(words).index("--")
    go, code, *reports = words[:cut]
    tests = [Path(name) for name in words[cut + 1 :]]
    report = reports[0] if reports else ""
    ended = subprocess.run(command(go, Path(code), tests, report), check=False)
    profile = Path(report) if report else None
    if profile is not None and profile.is_file():
        module = module_in(Path("go.mod").read_text("utf-8"))
        text = profile.read_text("utf-8")
        profile.write_text(relative(text, module), encoding="utf-8")
    return ended.returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
