"""Pause a program before one of its changes to the disk, until its input ends.

    python tests/pause.py POINT COUNTFILE [--under FOLDER] -- PROGRAM ARGUMENT...

The point and the events are those of `kill`. There the process says ``paused`` on
standard output and waits for its standard input to be closed; then it goes on.
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
