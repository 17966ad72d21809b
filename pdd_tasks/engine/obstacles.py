"""What keeps a unit from being worked on at all, whatever its facts say.

Asked only where something is due, and before anything is paid for: a merge that git
left to a person, and files that are tracked but not checked out.
"""

from pathlib import PurePosixPath

from pdd_tasks.core.model.conflict_marker import ConflictMark, first_conflict
from pdd_tasks.core.model.trace_rename import recorded_files
from pdd_tasks.core.model.unit import DevUnit
from pdd_tasks.engine.predecessor import left_behind
from pdd_tasks.engine.view import View
from pdd_tasks.engine.world import World
from pdd_tasks.errors import ConfigError, ConflictError


def refuse_obstacles(world: World, view: View) -> None:
    """Refuse to work on a unit whose files cannot be taken for what they are.

    Raises:
        ConflictError: If one of them, or of what its prompt includes, is not merged;
            if its prompt was renamed and one of them was left behind.
        ConfigError: If one of them is tracked by git, but not checked out.
    """
    unmerged = world.checkout.unmerged()
    for path, data in view.seen.items():
        mark = None if data is None else _conflict(view, path, data)
        if mark is not None or path in unmerged:
            error: ConflictError = _unmerged(
                view.unit, path, unmerged.get(path, ""), mark
            )
            raise error
    _refuse_left_behind(world, view)
    _refuse_elsewhere(world, view)


def _refuse_elsewhere(world: World, view: View) -> None:
    """Refuse to take for deleted, or for new, what is only not checked out.

    Raises:
        ConfigError: If there is such a file.
    """
    absent = {path for path, data in view.seen.items() if data is None}
    recorded = {
        PurePosixPath(p) for f in recorded_files(view.trace).values() for p in f
    }
    absent |= recorded - view.seen.keys()  # further test files are known by the disk
    if view.fresh or view.former:
        absent.add(world.traces.fingerprint_write(view.unit.id, view.trace).path)
    elsewhere = world.checkout.elsewhere(sorted(absent)) if absent else {}
    for path, why in elsewhere.items():
        msg = f"unit {view.unit.id}: {path} is not checked out: {why}"
        hint = "check it out (`git sparse-checkout add`, `git submodule update --init`)"
        raise ConfigError(msg, hint=f"{hint}, or name the units that you want")


def _refuse_left_behind(world: World, view: View) -> None:
    """Refuse to make anew what lies where it was before the prompt was renamed.

    Raises:
        ConflictError: If there is such a file, unless questions were answered.
    """
    former = view.former
    if former is None or view.unit.settings.force:
        return
    left = left_behind(world, view.snapshot, former)
    if left:
        olds = ", ".join(old for old, _ in left)
        moves = "; ".join(f"git mv {old} {new}" for old, new in left)
        msg = f"unit {view.unit.id}: renamed from {former.id}, which left {olds} behind"
        hint = f"move along what it has (`{moves}`), or start anew with `force=1`"
        raise ConflictError(msg, hint=hint)


def _conflict(view: View, path: PurePosixPath, data: bytes) -> ConflictMark | None:
    """Return the first conflict of a file; what parses as a program has none."""
    if b"<<<<<<<" not in data:
        return None
    text = data.decode("utf-8-sig", "replace")
    mark = first_conflict(text)
    program = path.suffix.removeprefix(".") in view.unit.language.extensions
    return None if program and view.syntax.problem(text) is None else mark


def _unmerged(
    unit: DevUnit, path: PurePosixPath, sides: str, mark: ConflictMark | None
) -> ConflictError:
    place = str(path) if mark is None else f"{path}:{mark.line}"
    what = ", ".join(filter(None, [sides, mark and mark.text]))
    mend = f"resolve it and `git add {path}`"
    if mark is not None and not sides:
        mend = "resolve it, or indent marks that belong to the text"
    msg = f"unit {unit.id}: {place}: a git conflict is not resolved: {what}"
    return ConflictError(msg, hint=f"{mend}; then run `doit sync:{unit.id}` again")
