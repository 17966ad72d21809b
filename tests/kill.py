"""Kill a program before its N-th change to the disk, or count the changes.

    python tests/kill.py POINT COUNTFILE [--under FOLDER] -- PROGRAM ARGUMENT...

PROGRAM is a module, or a script that ends in ``.py``. With a POINT of N, 1 or more,
the process sends itself SIGKILL right before its N-th mutating event; with 0 it runs
to its end and writes the number of events to COUNTFILE, and below it each event and
the paths it names, a line each. Any other POINT is a regular expression for the first
event that such a line shows. An event is what Python audits before it asks the system:
opening a file for writing, renaming, removing, linking, making or removing a folder,
truncating, changing mode, owner or times, and the exchange of two files by `pdd_tasks`
(what `shutil` does is audited as these, too). Only this very process counts, none of
its children; with --under only paths in that folder do.
"""

import os
import re
import runpy
import signal
import sys
from collections.abc import Callable
from pathlib import Path


MUTATING = frozenset(
    {
        "os.chmod",
        "os.chown",
        "os.link",
        "os.mkdir",
        "os.remove",
        "os.rename",
        "os.rmdir",
        "os.symlink",
        "os.truncate",
        "os.utime",
        "pdd_tasks.exchange",
    }
)
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


def mutates(event: str, arguments: tuple[object, ...]) -> bool:
    """Return whether an audit event is a change to the disk."""
    if event == "open":
        flags = arguments[2]
        return isinstance(flags, int) and bool(flags & WRITING)
    return event in MUTATING


def concerns(event: str, arguments: tuple[object, ...], folder: str | None) -> bool:
    """Return whether an event names a path in a folder; all do if there is none."""
    return folder is None or any(
        os.path.realpath(path).startswith(folder) for path in paths(event, arguments)
    )


def paths(event: str, arguments: tuple[object, ...]) -> list[Path]:
    """Return the paths that an event names."""
    named = arguments[:1] if event == "open" else arguments  # then come mode and flags
    names = [name for name in named if isinstance(name, str | bytes | os.PathLike)]
    numbers = [number for number in named if isinstance(number, int) and number > 2]
    places = [place for number in numbers if (place := opened(number))]
    if not names:
        return [Path(place) for place in places]
    bases = [place for place in places if Path(place).is_dir()] or ["."]  # dir_fd
    return [Path(base, os.fsdecode(name)) for name in names for base in bases]


def opened(descriptor: int) -> str:
    """Return the path of what a descriptor has open; empty if it has nothing open."""
    try:
        return str(Path(f"/proc/self/fd/{descriptor}").readlink())
    except OSError:
        return ""


def counted(at: str, folder: str | None, act: Callable[[], None]) -> list[str]:
    """Count events from now on, act at one; return a list that grows by each."""
    found: list[str] = []

    def hook(event: str, arguments: tuple[object, ...]) -> None:
        if mutates(event, arguments) and concerns(event, arguments, folder):
            found.append(" ".join([event, *map(str, paths(event, arguments))]))
            if at == str(len(found)) or (not at.isdigit() and re.search(at, found[-1])):
                act()

    sys.addaudithook(hook)
    return found


def die() -> None:
    """Be killed, as by a power cut or by the kernel for want of memory."""
    os.kill(os.getpid(), signal.SIGKILL)


def main(arguments: list[str], act: Callable[[], None] = die) -> None:
    """Run the program that arguments name, and act at an event or count them all."""
    split = arguments.index("--")
    at, count_file, *options = arguments[:split]
    target, *rest = arguments[split + 1 :]
    folder = os.path.realpath(options[1]) + os.sep if options else None
    sys.dont_write_bytecode = True  # a compiled module is no change of the program's
    sys.argv = [target, *rest]
    is_script = target.endswith(".py")
    if is_script:
        sys.path.insert(0, str(Path(target).resolve().parent))
    events = counted(at, folder, act)
    try:
        if is_script:
            runpy.run_path(target, run_name="__main__")
        else:
            runpy.run_module(target, run_name="__main__", alter_sys=True)
    finally:
        if at == "0":
            text = "\n".join([str(len(events)), *events, ""])
            Path(count_file).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
