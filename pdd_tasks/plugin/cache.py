"""What ``doit cache`` does, by its word."""

from pdd_tasks.plugin.collection import Wish, collected, measured
from pdd_tasks.plugin.project import Project
from pdd_tasks.plugin.replies import statistics, verified
from pdd_tasks.plugin.said import Said


def done(project: Project, word: str, wish: Wish, *, fix: bool) -> tuple[Said, int]:
    """Do what was asked for.

    Args:
        project: The project.
        word: ``size``, ``stats``, ``verify`` or ``gc``.
        wish: What is to go.
        fix: Whether broken replies are to be mended.

    Returns:
        What is to be said, and the exit code.

    Raises:
        PddError: If the state cannot be read, or the disk refuses.
    """
    if word == "verify":
        found, is_broken = verified(project, fix=fix)
        return found, int(is_broken)
    if word == "stats":
        return statistics(project), 0
    if word == "size":
        return measured(project), 0
    return collected(project, wish), 0
