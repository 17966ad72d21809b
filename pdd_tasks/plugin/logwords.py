"""What the words of ``doit log`` ask for."""

from collections.abc import Collection, Iterable
from enum import StrEnum
from typing import NamedTuple, TypeVar

from pdd_tasks.core.model.ending import Status
from pdd_tasks.core.model.nearest import nearest
from pdd_tasks.core.model.operation_log import Wanted
from pdd_tasks.core.model.step import Step
from pdd_tasks.errors import ConfigError
from pdd_tasks.plugin.chosen import Chosen
from pdd_tasks.plugin.logbook import since
from pdd_tasks.plugin.project import Project
from pdd_tasks.plugin.selection import chosen


T = TypeVar("T", bound=StrEnum)


class Words(NamedTuple):
    """What was typed; empty where nothing was.

    Attributes:
        last: How many operations; negative for all.
        all_affected: True to add all that depends on the units.
    """

    units: tuple[str, ...] = ()
    step: str = ""
    status: str = ""
    since: str = ""
    last: int = -1
    all_affected: bool = False


def wanted(project: Project, words: Words) -> Wanted:
    """Return which operations are asked for.

    Raises:
        ConfigError: If a word selects no unit, or is no step, status or time.
    """
    found = chosen(project, words.units, all_affected=words.all_affected).values()
    now = project.world(project.units[0]).clock.now() if project.units else ""
    return Wanted(
        units=_units(found) if words.units else None,
        steps=_steps(found),
        step=_one_of(Step, "step", words.step),
        status=_one_of(Status, "status", words.status),
        since=since(words.since, now) if words.since else "",
        last=None if words.last < 0 else words.last,
    )


def _units(found: Iterable[Chosen]) -> frozenset[str]:
    return frozenset(str(unit.id) for one in found for unit in one.units)


def _steps(found: Collection[Chosen]) -> dict[str, set[Step]]:
    """Return the steps of the units of which no word asks for all."""
    whole = _units(one for one in found if one.steps is None)
    steps: dict[str, set[Step]] = {}
    for one in found:
        for unit in one.units:
            if str(unit.id) not in whole:
                steps.setdefault(str(unit.id), set()).update(one.steps or ())
    return steps


def _one_of(kind: type[T], option: str, word: str) -> T | None:
    """Return the member that a word names; None without a word.

    Raises:
        ConfigError: If there is none.
    """
    if not word:
        return None
    try:
        return kind(word)
    except ValueError:
        like = nearest(word, list(kind)) or next(iter(kind))
        raise ConfigError(
            f"--{option} is {word!r}, expected {', '.join(kind)}",
            hint=f"write --{option}={like}",
        ) from None
