"""Whether the locks hold on the file system they lie on."""

from collections.abc import Iterable

from pdd_tasks.plugin.doctor.finding import Finding, Site


def file_system_findings(site: Site) -> Iterable[Finding]:
    """Give the folders of locks that lie where locks do not hold.

    Yields:
        A finding each.
    """
    for folder in site.locks.folders():
        if folder.is_dir() and (what := site.doubt(folder)):
            yield Finding(
                kind="file system",
                what=what,
                why="a lock is only as good as the kernel's, which this file system"
                " does not keep; until then sync from one terminal at a time",
                command="doit lock_dir=runtime",
            )
