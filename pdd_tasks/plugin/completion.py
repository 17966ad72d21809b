"""What a shell may complete at the end of a command line: words, each with a hint.

Rule 1: nothing is looked at here; what there is comes as a value. Rule 2: what is
offered begins with what is typed, and nothing is offered where a file is wanted.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Final, NamedTuple

from pdd_tasks.core.graph.selector import TASK, Method, State
from pdd_tasks.core.model.ending import Status
from pdd_tasks.core.model.step import Step
from pdd_tasks.plugin.setting import KEYS


class Word(NamedTuple):
    """A word, and what it stands for in a few words; empty if that is plain."""

    text: str
    about: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """What may be typed after a command.

    Attributes:
        about: What it does.
        usage: Its words, as its help shows them.
        options: Its options with their dashes; those of a value end in ``=``.
    """

    about: str
    usage: str
    options: tuple[Word, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What there is to complete.

    Attributes:
        commands: Name → the command.
        units: Ids of units, and basenames.
        tasks: The tasks of the user's own.
    """

    commands: Mapping[str, Command]
    units: tuple[Word, ...] = ()
    tasks: tuple[Word, ...] = ()


_RUN: Final = "run"
_CHOICE: Final = re.compile(r"[\w-]+(?: or [\w-]+)+")
_VALUES: Final[Mapping[str, Iterable[str]]] = {
    "--step": Step,
    "--status": Status,
}
_BY: Final[Mapping[Method, Iterable[str]]] = {
    Method.STATE: State,
    Method.RESULT: Status,
}
_ASKING: Final = (
    Word("state:", "units in a state"),
    Word("result:", "units whose last operation ended so"),
    Word("affected:", "units that differ from a revision"),
)


def completed(line: str, known: Known) -> list[Word]:
    """Return the words that may stand at the end of a line, in their order.

    Args:
        line: The command line up to the cursor, the program first.
        known: What there is.
    """
    typed = line.split()
    if not typed or line[-1:].isspace():
        typed.append("")
    before, current = typed[1:-1], typed[-1]
    offered = dict.fromkeys(_offered(before, current, known))
    return [word for word in offered if word.text.startswith(current)]


def _offered(before: list[str], current: str, known: Known) -> Iterator[Word]:
    """Return all that may stand there, whatever of it is typed already."""
    name = next((word for word in before if word in known.commands), "")
    command = known.commands.get(name or _RUN)
    options = command.options if command else ()
    last = before[-1] if before else ""
    if any(word.text == f"{last}=" for word in options):
        return (Word(text) for text in _VALUES.get(last, ()))
    if current.startswith("-"):
        return _flags(current, options)
    if "=" in current:
        return _values(current.partition("=")[0])
    others = _settings(name, current) if before else _first(known)
    return chain(others, _selectors(name, current, known))


def _first(known: Known) -> Iterator[Word]:
    for name, command in known.commands.items():
        yield Word(name, command.about)
    yield from known.tasks


def _flags(current: str, options: Iterable[Word]) -> Iterator[Word]:
    flag, mark, _ = current.partition("=")
    if mark:
        return (Word(f"{flag}={text}") for text in _VALUES.get(flag, ()))
    return iter(options)


def _settings(name: str, current: str) -> Iterator[Word]:
    """Yield the settings of a run, once something of them is typed."""
    if current and name in {"", _RUN}:
        for key, row in KEYS.items():
            yield Word(f"{key}=", row.kind.expected)


def _values(key: str) -> Iterator[Word]:
    expected = KEYS[key].kind.expected if key in KEYS else ""
    if _CHOICE.fullmatch(expected):
        for value in expected.split(" or "):
            yield Word(f"{key}={value}")


def _selectors(name: str, current: str, known: Known) -> Iterator[Word]:
    """Yield the words that select units: of doit as tasks, of ours as they are."""
    usage = known.commands[name].usage if name else "TASK"
    for_doit = "TASK" in usage
    if not (for_doit or "SELECTION" in usage or "UNIT" in usage):
        return
    is_task = current.startswith(f"{TASK}:")
    if for_doit and not is_task:
        yield Word(TASK, "all units")
        yield Word(f"{TASK}:", "some units")
        return
    prefix = f"{TASK}:" if is_task else ""
    body = current.removeprefix(prefix)
    sign = body[:1] if body[:1] in {"+", "@"} else ""
    for word in _named(body.removeprefix(sign), known.units):
        yield Word(f"{prefix}{sign}{word.text}", word.about)


def _named(body: str, units: Iterable[Word]) -> Iterator[Word]:
    """Yield units, and behind one that is typed out its steps."""
    base, mark, _ = body.rpartition(":")
    if not mark:
        yield from units
        yield from _ASKING
    elif base in _BY:
        for value in _BY[Method(base)]:
            yield Word(f"{base}:{value}")
    elif base != Method.AFFECTED:
        for step in Step:
            yield Word(f"{base}:{step}")
