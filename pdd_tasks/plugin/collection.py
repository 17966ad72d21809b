"""What ``doit cache`` shows and removes of the local state of all projects."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import PurePosixPath
from typing import Final

from pdd_tasks.adapters.clock import SystemClock
from pdd_tasks.adapters.garbage import DAY_S, Garbage, Spare
from pdd_tasks.adapters.models.spare_replies import answered_requests, spare_replies
from pdd_tasks.adapters.safety import SafetyCopies
from pdd_tasks.core.model.safety_copy import SafetyCopy
from pdd_tasks.core.model.settings import Settings
from pdd_tasks.core.model.unit import DevUnit
from pdd_tasks.plugin.project import Project
from pdd_tasks.plugin.said import Said, sized
from pdd_tasks.plugin.telling import tell


_USUAL_DAYS: Final = Settings().safety_days


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What is asked for.

    Attributes:
        remove: Remove what is found, instead of showing it.
        replies_days: Take recorded replies that are older, too; None leaves them.
    """

    remove: bool = False
    replies_days: int | None = None


class Store:
    """The local state of one state root.

    Attributes:
        root: The state root, relative to the folder doit runs in.
    """

    def __init__(self, project: Project, root: PurePosixPath) -> None:
        self.root = root
        self._folder = project.top / root
        self._units = tuple(unit for unit in project.units if unit.root == root)
        self._locks = project.worlds[root].locks
        chosen = {str(unit.id): unit.settings for unit in self._units}
        self.safety = SafetyCopies(self._folder, chosen, say=tell)
        self.garbage = Garbage(self._folder)

    def spare(self, wish: Wish, expired: Sequence[SafetyCopy]) -> tuple[Spare, ...]:
        """Return files that nothing needs, if some safety copies are dropped.

        Raises:
            PddError: If the state cannot be read.
        """
        now = datetime.fromisoformat(SystemClock().now())
        stay = (copy for copy in self.safety.listed() if copy not in expired)
        found = self.garbage.spare(
            now=now.timestamp(),
            parked_s=max(map(_days, self._units), default=_USUAL_DAYS) * DAY_S,
            saved={raw for copy in stay for raw in copy.files.values()},
        )
        found = (*found, *answered_requests(self._folder))
        if wish.replies_days is None:
            return found
        before = now - timedelta(days=wish.replies_days)
        return (*found, *spare_replies(self._folder, before))

    def remove(self, found: Sequence[Spare]) -> tuple[Spare, ...]:
        """Remove files; baselines stay while a run is at work.

        Returns:
            What was removed.

        Raises:
            PddError: If the disk refuses.
        """
        return self.garbage.remove(found, busy=self._busy)

    def _busy(self) -> bool:
        return any(self._locks.busy(unit.id) for unit in self._units)


def _days(unit: DevUnit) -> int:
    return unit.settings.safety_days


def stores(project: Project) -> Iterator[Store]:
    """Yield the local state of each state root."""
    for root in project.worlds:
        yield Store(project, root)


def collected(project: Project, wish: Wish) -> Said:
    """Return what nothing needs; it is removed if that is wished.

    Raises:
        PddError: If the state cannot be read, or the disk refuses.
    """
    rows: list[Mapping[str, object]] = []
    for store in stores(project):
        copies = store.safety.expired()
        files = store.spare(wish, copies)
        if wish.remove:
            store.safety.drop(copies)
            files = store.remove(files)
        rows += [_file_row(store, one) for one in files]
        rows += [_copy_row(one) for one in copies]
    value = {"schema": 1, "removed": wish.remove, "spare": rows}
    return Said(lines=[*map(_line, rows), _last(rows, wish)], value=value)


def measured(project: Project) -> Said:
    """Return how large the parts of the local state are."""
    rows: list[dict[str, object]] = []
    lines: list[str] = []
    for store in stores(project):
        in_git = sum(c.where.startswith("refs/") for c in store.safety.listed())
        sizes = store.garbage.sizes()
        for part, (files, size) in sizes.items():
            place = str(store.root / ".pdd" / part)
            rows.append({"place": place, "files": files, "bytes": size})
            lines.append(f"{place}: {files} files, {sized(size)}")
        rows.append({"place": str(store.root), "safety_copies_in_git": in_git})
        lines.append(f"{store.root}: {in_git} safety copies in git")
    return Said(lines=lines, value={"schema": 1, "parts": rows})


def _file_row(store: Store, one: Spare) -> Mapping[str, object]:
    path = str(store.root / one.path)
    return {"path": path, "bytes": one.size, "because": one.because}


def _copy_row(one: SafetyCopy) -> Mapping[str, object]:
    because = f"of {one.at[:10]}, older than safety_days, and not among safety_keep"
    return {"path": one.where, "bytes": 0, "because": because}


def _line(row: Mapping[str, object]) -> str:
    return f"{row['path']}: {row['because']}"


def _last(rows: Sequence[Mapping[str, object]], wish: Wish) -> str:
    size = sized(sum(int(str(row["bytes"])) for row in rows))
    if not rows:
        return "nothing to remove"
    if wish.remove:
        return f"removed {len(rows)}, {size}"
    return f"{len(rows)} to remove, {size}: `doit cache gc --yes` removes them"
