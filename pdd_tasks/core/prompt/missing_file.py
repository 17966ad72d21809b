"""What to do about an included file that does not exist."""

from collections.abc import Callable, Iterable
from pathlib import PurePosixPath

from pdd_tasks.core.model.nearest import nearest
from pdd_tasks.errors import ConfigError


def way_out(
    target: PurePosixPath,
    name: str,
    known: Iterable[PurePosixPath],
    read: Callable[[PurePosixPath], bytes | None],
) -> str:
    """Return what to do, as a hint.

    Args:
        target: The file that does not exist.
        name: What messages call the text that includes it, its path.
        known: The files that will exist.
        read: Returns a file's bytes; None if there is no such file.
    """
    beside = PurePosixPath(name).parent / target
    if _is_there(beside, read):
        return f"paths start at the project's root: write {beside}"
    if like := nearest(str(target), map(str, known), cutoff=0.8):
        return f"write {like}, or create {target}"
    return f"create {target}, or take the include out"


def _is_there(
    path: PurePosixPath, read: Callable[[PurePosixPath], bytes | None]
) -> bool:
    try:
        return read(path) is not None
    except ConfigError:
        return False
