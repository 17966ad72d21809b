"""Kill a program before its N-th change to the disk, or count the changes.

    python tests/kill.py N COUNTFILE [--under FOLDER] -- MODULE_OR_SCRIPT ARGUMENT...

With N of 1 or more the process sends itself SIGKILL right before its N-th mutating
event; with 0 it runs to its end and writes the number of events to COUNTFILE. An
event is what Python audits before it asks the system: opening a file for writing,
renaming, removing, linking, making or removing a folder, truncating, changing mode,
owner or times, `shutil`, and the exchange of two files by `pdd_tasks`. Only this very
process counts, none of its children; with --under only paths in that folder do.
"""

import itertools
import os
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
    return event in MUTATING or event.startswith("shutil.")


def concerns(arguments: tuple[object, ...], folder: str | None) -> bool:
    """Return whether an event names a path in a folder; all do if there is none."""
    if folder is None:
        return True
    names = [name for name in arguments if isinstance(name, str | bytes | os.PathLike)]
    numbers = [number for number in arguments if isinstance(number, int)]
    bases = [".", *(f"/proc/self/fd/{n}" for n in numbers if n > 2)]  # dir_fd
    return any(
        os.path.realpath(Path(base, os.fsdecode(name))).startswith(folder)
        for name in names
        for base in bases
        if base == "." or Path(base).is_dir()
    )


def counted(at: int, folder: str | None) -> Callable[[], int]:
    """Count events from now on, kill at one; return what says how many there were."""
    numbers = itertools.count(1)
    last = [0]

    def hook(event: str, arguments: tuple[object, ...]) -> None:
        if mutates(event, arguments) and concerns(arguments, folder):
            last[0] = next(numbers)
            if last[0] == at:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(hook)
    return lambda: last[0]


def main(arguments: list[str]) -> None:
    split = arguments.index("--")
    at, count_file, *options = arguments[:split]
    target, *rest = arguments[split + 1 :]
    folder = os.path.realpath(options[1]) + os.sep if options else None
    sys.dont_write_bytecode = True  # a compiled module is no change of the program's
    sys.argv = [target, *rest]
    is_script = target.endswith(".py")
    if is_script:
        sys.path.insert(0, str(Path(target).resolve().parent))
    events = counted(int(at), folder)
    try:
        if is_script:
            runpy.run_path(target, run_name="__main__")
        else:
            runpy.run_module(target, run_name="__main__", alter_sys=True)
    finally:
        number = events()
        if at == "0":
            Path(count_file).write_text(f"{number}\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
