"""People are told a line, from any thread."""

import sys
import threading
from collections.abc import Callable


def tell(line: str) -> None:
    """Tell people one line now, on standard error."""
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()


def once(say: Callable[[str], None]) -> Callable[[str], None]:
    """Return what tells people each line only once, whichever thread is first."""
    said: set[str] = set()
    lock = threading.Lock()

    def announce(line: str) -> None:
        with lock:
            new = line not in said
            said.add(line)
        if new:
            say(line)

    return announce
