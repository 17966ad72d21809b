"""Pause a program before its N-th change to the disk, until its input ends.

    python tests/pause.py N COUNTFILE [--under FOLDER] -- MODULE_OR_SCRIPT ARGUMENT...

The events are those of `kill`. At the N-th the process says ``paused`` on standard
output and waits for its standard input to be closed; then it goes on.
"""

import os
import sys

import kill


def wait() -> None:
    """Say that this process waits, and wait until somebody closes its input."""
    os.write(1, b"paused\n")
    while os.read(0, 1):
        pass


if __name__ == "__main__":
    kill.main(sys.argv[1:], wait)
