"""What ``doit merge`` does: a conflict is shown, decided by a person, and recorded."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import current_thread, main_thread
from typing import Final

from pdd_tasks.core.merge.keep import carried, is_kept
from pdd_tasks.core.merge.line_style import alike
from pdd_tasks.core.merge.review import review
from pdd_tasks.core.model.step import Step
from pdd_tasks.core.model.unit import DevUnit
from pdd_tasks.engine.observe import syntax_of
from pdd_tasks.engine.outcome import Outcome
from pdd_tasks.engine.resolution import OpenConflict, open_conflict, prepare, resolve
from pdd_tasks.errors import ConfigError, ConflictError, PddError
from pdd_tasks.plugin.project import Project
from pdd_tasks.plugin.selection import selected
from pdd_tasks.plugin.wizard.conflict_file import ConflictFile, decided_text
from pdd_tasks.plugin.wizard.editing import Desk
from pdd_tasks.plugin.wizard.face import Mode, can_ask, editor, face_of, has_terminal


_NEW_LINE: Final = "\r\033[K"


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """What came of it: lines for people, and whether a conflict still waits."""

    lines: tuple[str, ...]
    is_waiting: bool = False


def chosen(project: Project, words: Sequence[str], mode: Mode) -> Chosen:
    """Decide the conflicts of the units that words select; of all without words.

    Raises:
        ConfigError: If a word selects nothing, or the mode cannot be had.
        PddError: If a conflict cannot be shown or a choice not be published.

    Returns:
        What is to be said.
    """
    lines: list[str] = []
    waiting = False
    for unit in _units(project, words, mode):
        outcome = Outcome(unit=unit, step=Step.GENERATE)
        may_make = bool(words) and not mode.resume
        conflict = _conflict(project, unit, outcome, may_make=may_make)
        if conflict is not None:
            done = decided(project, conflict, mode, outcome)
            lines += done.lines
            waiting = waiting or done.is_waiting
        elif mode.resume:
            _refuse_without_conflict(unit)
        elif words:
            notes = (f"  {note}" for note in outcome.notes)
            lines += [f"{unit.id}: no conflict waits", *notes]
    return Chosen(lines=tuple(lines or ["no conflict waits"]), is_waiting=waiting)


def _refuse_without_conflict(unit: DevUnit) -> None:
    """Refuse to take a conflict file where no conflict waits.

    Raises:
        ConflictError: Always.
    """
    msg = f"unit {unit.id}: no conflict waits that a conflict file could be of"
    hint = f"the code or the prompt changed: run `doit sync:{unit.id}` again"
    raise ConflictError(msg, hint=hint)


def _units(project: Project, words: Sequence[str], mode: Mode) -> tuple[DevUnit, ...]:
    """Return the units that are meant.

    Raises:
        ConfigError: If there are none, or too many to decide without asking.
    """
    units = selected(project, *words)
    answers = mode.answers
    if len(answers) > 1:
        msg = f"{' and '.join(answers)} exclude each other"
        raise ConfigError(msg, hint="give one of them")
    if answers and (not words or len(units) > 1):
        names = ", ".join(str(u.id) for u in units) if words else "none is named"
        msg = f"{answers[0]} decides for exactly one unit: {names}"
        raise ConfigError(msg, hint=f"name it: doit merge UNIT {answers[0]}")
    return units


def _conflict(
    project: Project, unit: DevUnit, outcome: Outcome, *, may_make: bool
) -> OpenConflict | None:
    """Return the conflict of a unit; the other side may be made if there is none."""
    if not may_make:
        return open_conflict(project.world(unit), unit)
    with project.acting(unit, outcome) as world:
        return prepare(world, unit, outcome)


def decided(
    project: Project, conflict: OpenConflict, mode: Mode, outcome: Outcome
) -> Chosen:
    """Decide one conflict.

    Args:
        project: The project.
        conflict: The conflict.
        mode: How it is decided.
        outcome: Grows with what is done.

    Raises:
        PddError: If it cannot be shown, or the choice not be published.

    Returns:
        What is to be said.
    """
    paper = ConflictFile(project.top / conflict.unit.root, conflict)
    if not mode.answers and not can_ask(mode):
        return _left_in(paper.write(), conflict)
    text = text_of(conflict, mode, project.top / conflict.unit.root)
    if text is None and not mode.answers:
        text = _asked(project, conflict, mode)
    if text is None:
        return Chosen(
            lines=(f"{conflict.unit.id}: the conflict waits",), is_waiting=True
        )
    with project.acting(conflict.unit, outcome) as world:
        try:
            resolve(world, conflict, text, outcome)
        except PddError:
            if not mode.answers:
                name = paper.park(text)
                world.say(f"what you chose is kept in {name}: --from takes it")
            raise
    left = paper.remove(taken=mode.resume)
    return _recorded(project, conflict, (*outcome.notes, left))


def _left_in(name: str, conflict: OpenConflict) -> Chosen:
    """Return what is said of a conflict that was written into a file."""
    unit = conflict.unit.id
    lines = (
        f"{unit}: {conflict.because}",
        f"  decide it in {name}, then run: doit merge {unit} --continue",
        f"  or choose a side: doit merge {unit} --mine (or --generated)",
    )
    return Chosen(lines=lines, is_waiting=True)


def _recorded(project: Project, conflict: OpenConflict, notes: Sequence[str]) -> Chosen:
    """Return what is said of a choice that is on record, and what comes next."""
    unit = conflict.unit
    path = unit.root / conflict.sides.path
    first = f"{unit.id}: {path}: what you chose is recorded"
    rest = _rest(project, unit)
    further = f"doit merge {unit.id} ({rest})" if rest else f"doit sync:{unit.id}"
    said = (f"  {note}" for note in notes if note)
    return Chosen(lines=(first, *said, f"  next: {further}"), is_waiting=bool(rest))


def _rest(project: Project, unit: DevUnit) -> str:
    """Return which further file of a unit waits, as a clause; empty if none does."""
    if len(unit.code) == 1:
        return ""
    found = open_conflict(project.world(unit), unit)
    return f"{unit.root / found.sides.path} waits as well" if found else ""


def text_of(conflict: OpenConflict, mode: Mode, root: Path = Path()) -> str | None:
    """Return what the file shall hold; None if a person must be asked.

    Args:
        conflict: The conflict.
        mode: How it is decided.
        root: The state root.

    Raises:
        PddError: If it cannot be read, or not be taken.
    """
    if mode.mine:
        return conflict.sides.mine
    if mode.generated:
        return _generated(conflict)
    if mode.file:
        return decided_text(Path(mode.file), mode.file, conflict)
    return ConflictFile(root, conflict).read() if mode.resume else None


def _generated(conflict: OpenConflict) -> str:
    """Return the generated text, with the protected blocks of a person in it.

    Raises:
        ConflictError: If one of them has no place in it.
    """
    sides, mark = conflict.sides, conflict.unit.language.comment
    _, text = carried("", sides.mine, alike(sides.generated, sides.mine), mark)
    if is_kept(sides.mine, text, mark):
        return text
    unit = conflict.unit.id
    msg = f"unit {unit}: {sides.path}: a protected block has no place in what was made"
    raise ConflictError(msg, hint=f"decide it with: doit merge {unit}")


def _asked(project: Project, conflict: OpenConflict, mode: Mode) -> str | None:
    """Return what a person wants the file to hold; None if they quit.

    Raises:
        PddError: If they cannot be asked.
    """
    sides = conflict.sides
    found = review(
        sides.base,
        sides.mine,
        sides.generated,
        mark=conflict.unit.language.comment,
        everything=mode.everything,
    )
    desk = Desk(
        conflict=conflict,
        edit=editor(sides.path.name),
        problem=syntax_of(project.world(conflict.unit), conflict.unit).problem,
    )
    with face_of(mode) as face:
        return face.ask(desk, found)


def decided_now(project: Project, unit: DevUnit, outcome: Outcome) -> bool:
    """Let a person decide a conflict in the middle of a run, if that is possible.

    It is if there is a terminal, and nothing else is done at the same time.

    Args:
        project: The project.
        unit: The unit whose step met a conflict.
        outcome: What the step did; grows.

    Returns:
        Whether it is decided.
    """
    if not has_terminal() or current_thread() is not main_thread():
        return False
    conflict = open_conflict(project.world(unit), unit)
    if conflict is None:
        return False
    project.asking.set()
    try:
        sys.stdout.write(_NEW_LINE)
        done = decided(project, conflict, Mode(), outcome)
    finally:
        project.asking.clear()
    return not done.is_waiting
