"""List the files in a folder that a program opens for reading.

    python tests/reads.py LISTFILE FOLDER -- MODULE ARGUMENT...

LISTFILE gets a path a line, in the order of the first look. Only this very process
counts, none of its children.
"""

import os
import runpy
import sys
from pathlib import Path

import kill


def main(arguments: list[str]) -> None:
    """Run a module, and list what it reads."""
    list_file, name, _, *sys.argv = arguments
    folder = os.path.realpath(name) + os.sep
    found: dict[str, None] = {}

    def hook(event: str, values: tuple[object, ...]) -> None:
        if event == "open" and not kill.mutates(event, values):
            found.update(
                dict.fromkeys(map(os.path.realpath, kill.paths(event, values)))
            )

    sys.addaudithook(hook)
    try:
        runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
    finally:
        read = [path for path in found if path.startswith(folder)]
        Path(list_file).write_text("\n".join([*read, ""]), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
