"""How much of a unit's code was run, from what a report says of files."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath

from pdd_tasks.adapters.toolchain.result import Covered


def coverage(
    report: Mapping[str, Covered], code: Sequence[PurePosixPath], project: Path
) -> tuple[float | None, str]:
    """Return line and branch coverage of some files, and what is missing.

    Args:
        report: File as the report names it → what of it was run.
        code: The root-relative files that count.
        project: The folder they were measured in.

    Returns:
        Percent, 0 to 100, None if nothing is known of the files; and what was
        not run, ``12-14, 20``, with the file in front if there are several.
    """
    named = {_relative(name, project): found for name, found in report.items()}
    known = {path: named[str(path)] for path in code if str(path) in named}
    if not known:
        return None, ""
    wanted = sum(len(one.lines) + one.branches for one in known.values())
    met = sum(sum(one.lines.values()) + one.taken for one in known.values())
    gaps = {path: ", ".join(_gaps(one.lines)) for path, one in known.items()}
    told = [f"{p}: {g}" if len(code) > 1 else g for p, g in gaps.items() if g]
    return (100.0 * met / wanted if wanted else 100.0), "; ".join(told)


def _relative(name: str, project: Path) -> str:
    path = Path(name.removeprefix("file://"))
    if path.is_absolute() and path.is_relative_to(project):
        path = path.relative_to(project)
    return path.as_posix()


def _gaps(lines: Mapping[int, bool]) -> Iterator[str]:
    """Yield runs of lines that have code and were not run: ``12-14``."""
    first = last = 0
    for line in sorted(lines):
        if lines[line]:
            if first:
                yield f"{first}-{last}" if last > first else f"{first}"
            first = 0
        else:
            first, last = first or line, line
    if first:
        yield f"{first}-{last}" if last > first else f"{first}"
