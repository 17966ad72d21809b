"""Takes out of a copy what Go would not build beside a package.

``go_folder.py CODE``

Units of several languages may share a folder, and Go refuses sources of C and C++
beside a package that does not use cgo.
"""

import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final


_FOREIGN: Final = frozenset(
    {".c", ".cc", ".cpp", ".cxx", ".m", ".mm", ".f", ".F", ".for", ".f90", ".swig"}
)
_CGO: Final = re.compile(r'^\s*(?:import\s+)?"C"', re.MULTILINE)


def foreign(folder: Path) -> Iterator[Path]:
    """Yield the files of a folder that keep Go from building it; none with cgo."""
    texts = (path.read_text("utf-8", errors="replace") for path in folder.glob("*.go"))
    if not any(_CGO.search(text) for text in texts):
        yield from (path for path in folder.iterdir() if path.suffix in _FOREIGN)


def main(words: Sequence[str]) -> int:
    """Remove them.

    Args:
        words: The arguments, as above.

    Returns:
        0.
    """
    folder = Path(words[0]).parent
    for path in list(foreign(folder)) if folder.is_dir() else ():
        path.unlink()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
