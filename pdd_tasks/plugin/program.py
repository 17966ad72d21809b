"""The program ``pdd-tasks``: doit, run in the project that the current folder is in.

doit itself looks for its configuration in the current folder alone, so that in a
subfolder it would not find the loader that ``pyproject.toml`` names.
"""

import os
import sys
from pathlib import Path

from doit.doit_cmd import DoitMain

from pdd_tasks.plugin.loader import home_of


def main() -> int:
    """Run doit with the words of the command line.

    Returns:
        doit's exit code.
    """
    home = home_of(Path.cwd(), dodo=True)
    if home is not None:
        os.chdir(home)
    code: int = DoitMain().run(sys.argv[1:])
    return code
