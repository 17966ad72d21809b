"""Which units have files that differ from a revision of git."""

from collections.abc import Iterable
from pathlib import Path, PurePosixPath
from typing import Final

from pdd_tasks.adapters.git_since import GitSince
from pdd_tasks.core.model.artifact import Artifact
from pdd_tasks.core.model.unit import DevUnit
from pdd_tasks.engine.observe import observe
from pdd_tasks.errors import PddError
from pdd_tasks.plugin.project import Project


_SETTINGS: Final = (PurePosixPath(".pddrc"), PurePosixPath("languages.yaml"))


def affected(project: Project, revision: str) -> frozenset[str]:
    """Return the ids of the units whose own files differ from a revision.

    Where that cannot be told, all units count, and people are told why.

    Args:
        project: The project.
        revision: As a person types it.
    """
    found: set[str] = set()
    for root in dict.fromkeys(unit.root for unit in project.units):
        mine = [unit for unit in project.units if unit.root == root]
        since = GitSince(Path(project.top / root), revision)
        if since.unknown:
            project.announce(f"{since.unknown}: all units count as affected")
        is_any = since.unknown or since.changed(_SETTINGS)
        found |= {str(u.id) for u in mine if is_any or _differs(project, u, since)}
    return frozenset(found)


def _differs(project: Project, unit: DevUnit, since: GitSince) -> bool:
    """Return whether any file of a unit differs, or it cannot be looked at."""
    try:
        view = observe(project.world(unit), unit)
    except PddError:
        return True
    recorded = (
        name
        for record in view.trace.steps.values()
        for name in (*record.triggers, *record.outputs)
    )
    past = since.files & {PurePosixPath(name) for name in recorded}
    return bool(since.changed({*_own(unit), *view.seen, *past}))


def _own(unit: DevUnit) -> Iterable[PurePosixPath]:
    return (path for artifact in Artifact for path in unit.paths(artifact))
