"""What ``doit bug`` does: which unit, what was described, and what is told of it."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from pdd_tasks.core.model.step import Step
from pdd_tasks.core.model.unit import DevUnit
from pdd_tasks.engine.outcome import Outcome
from pdd_tasks.errors import ConfigError, PddError
from pdd_tasks.plugin.project import Project
from pdd_tasks.plugin.selection import selected
from pdd_tasks.plugin.setting import KEYS
from pdd_tasks.plugin.step_line import price


_USAGE: Final = 'doit bug calculator "sub(1, 3) gives 2; expected -2"'


def described(
    words: Sequence[str], variables: Mapping[str, str], typed: Sequence[str]
) -> tuple[str, str]:
    """Return the word for a unit, and the description, as they were typed.

    doit takes every word with ``=`` in it for a variable, so a description that
    holds one is found again among what was typed. The name of a setting begins no
    description: its value may have spaces in it.

    Args:
        words: The words that doit left to the command.
        variables: What doit took for variables: name → value.
        typed: The words behind the command's name, as they were typed.

    Raises:
        ConfigError: If there is no unit, or nothing is described.
    """
    taken = {f"{name}={value}" for name, value in variables.items()}
    prose = {word for word in taken if not _is_setting(word)}
    if prose:
        words = [word for word in typed if word in {*words, *prose}]
    unit, *rest = [*words, "", ""][: max(len(words), 2)]
    # what a terminal sent that is no text can neither be sent on nor written
    description = " ".join(rest).encode(errors="replace").decode().strip()
    if not unit or not description:
        msg = "say which unit has the bug, what is wrong, and what was expected"
        raise ConfigError(msg, hint=_USAGE)
    return unit, description


def _is_setting(word: str) -> bool:
    name = word.partition("=")[0]
    return name in KEYS or bool(re.fullmatch(r"[A-Za-z_]\w*=\S*", word))


def the_unit(project: Project, word: str) -> DevUnit:
    """Return the one unit that a word selects.

    Raises:
        ConfigError: If it selects none, or several.
    """
    found = selected(project, word)
    if len(found) != 1:
        names = ", ".join(str(unit.id) for unit in found) or "none"
        msg = f"{word} stands for {len(found)} units: {names}"
        raise ConfigError(msg, hint="name one unit")
    return found[0]


def told(
    project: Project, unit: DevUnit, description: str, *, fix: bool
) -> tuple[list[str], PddError | None]:
    """Return what to tell people of a described bug, and what failed, if anything.

    Args:
        project: The project.
        unit: The unit that has the bug.
        description: What is wrong, and what was expected.
        fix: True to go on with a sync of the unit once the test is added.
    """
    outcome = Outcome(unit=unit, step=Step.TEST)
    # It goes into files: the test's and the fingerprint.
    description = project.redaction.written(project.top / unit.root)(description)
    lines, failure = _done(
        outcome, lambda: project.report_bug(unit, description, outcome)
    )
    if failure is None and not fix:
        lines.append(f"`doit sync:{unit.id}` lets the code be fixed")
    if failure is None and fix:
        synced = Outcome(unit=unit, step=Step.FIX)
        more, failure = _done(synced, lambda: project.perform(unit, None, synced))
        lines += more
    return lines, failure


def _done(
    outcome: Outcome, act: Callable[[], None]
) -> tuple[list[str], PddError | None]:
    """Return what an act did, as lines, and how it failed."""
    failure: PddError | None = None
    try:
        act()
    except PddError as error:
        failure = error
    did = ", ".join(str(operation) for operation in outcome.operations)
    head = [f"{outcome.unit.id}: {did} ({price(outcome)})"] if did else []
    return [*head, *(f"  {note}" for note in outcome.notes)], failure
