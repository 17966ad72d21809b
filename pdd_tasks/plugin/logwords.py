"""What the words of ``doit log`` ask for."""

from enum import StrEnum
from typing import NamedTuple, TypeVar

from pdd_tasks.core.model.ending import Status
from pdd_tasks.core.model.operation_log import Wanted
from pdd_tasks.core.model.step import Step
from pdd_tasks.errors import ConfigError
from pdd_tasks.plugin.logbook import since
from pdd_tasks.plugin.project import Project
from pdd_tasks.plugin.selection import selected
from pdd_tasks.plugin.yaml_file import nearest


T = TypeVar("T", bound=StrEnum)


class Words(NamedTuple):
    """What was typed; empty where nothing was.

    Attributes:
        last: How many operations; negative for all.
    """

    units: tuple[str, ...] = ()
    step: str = ""
    status: str = ""
    since: str = ""
    last: int = -1


def wanted(project: Project, words: Words) -> Wanted:
    """Return which operations are asked for.

    Raises:
        ConfigError: If a word selects no unit, or is no step, status or time.
    """
    units = {str(unit.id) for unit in selected(project, *words.units)}
    now = project.world(project.units[0]).clock.now() if project.units else ""
    return Wanted(
        units=frozenset(units) if words.units else None,
        step=_one_of(Step, "step", words.step),
        status=_one_of(Status, "status", words.status),
        since=since(words.since, now) if words.since else "",
        last=None if words.last < 0 else words.last,
    )


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
