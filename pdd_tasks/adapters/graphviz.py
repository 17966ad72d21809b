"""Draws graphs by graphviz's ``dot``, where there is one."""

import shutil
import subprocess
from typing import Final


_TIMEOUT_S: Final = 60.0


def drawn(text: str) -> str | None:
    """Return a graph as SVG; None if there is no ``dot``, or it fails.

    Args:
        text: The graph in graphviz's language.
    """
    program = shutil.which("dot")
    if program is None:
        return None
    try:
        done = subprocess.run(
            [program, "-Tsvg"],
            check=True,
            input=text.encode(),
            capture_output=True,
            start_new_session=True,
            timeout=_TIMEOUT_S,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.decode()
