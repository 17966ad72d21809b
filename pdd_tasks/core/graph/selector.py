"""The words that select units: ``calculator``, ``+state:stale``, ``backend/*+:test``.

Rule 1: a word is parsed without looking at the units, save that a word which is a
unit's name as it stands means that unit. Rule 2: every kind of selector is a value of
its own. What is not here: what they select (`pdd_tasks.core.graph.selection`).
"""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from fnmatch import fnmatchcase
from typing import Final

from pdd_tasks.core.model.ending import Status
from pdd_tasks.core.model.nearest import nearest
from pdd_tasks.core.model.step import Step
from pdd_tasks.errors import ConfigError


TASK: Final = "sync"


class Method(StrEnum):
    """What units are asked for by, if not by name."""

    STATE = "state"
    RESULT = "result"
    AFFECTED = "affected"


class State(StrEnum):
    """How a unit stands now."""

    STALE = "stale"  # a sync would do or say something
    IN_SYNC = "in-sync"
    NEW = "new"  # it was never synced
    CONFLICT = "conflict"  # it waits for a person
    GAVE_UP = "gave-up"  # its attempts in this very state have failed
    REFUSED = "refused"  # it cannot be looked at, or not be ordered
    CUT_OFF = "cut-off"  # an earlier run left it half-published
    HELD = "held"  # another run works on it now


@dataclass(frozen=True, slots=True)
class Everything:
    """All units."""


@dataclass(frozen=True, slots=True)
class Named:
    """The unit of an id, or all languages of a basename."""

    name: str


@dataclass(frozen=True, slots=True)
class Matching:
    """The units whose id or basename a pattern matches."""

    pattern: str


@dataclass(frozen=True, slots=True)
class Having:
    """The units in a state, whose last operation ended so, or affected since then."""

    method: Method
    value: str


@dataclass(frozen=True, slots=True)
class Needed:
    """Units with all that they need."""

    of: "Selector"


@dataclass(frozen=True, slots=True)
class Dependents:
    """Units with all that depend on them."""

    of: "Selector"


@dataclass(frozen=True, slots=True)
class Closed:
    """Units with all that depend on them, and with all that any of those need."""

    of: "Selector"


@dataclass(frozen=True, slots=True)
class Either:
    """The units of any of some selectors."""

    parts: tuple["Selector", ...]


Selector = (
    Everything | Named | Matching | Having | Needed | Dependents | Closed | Either
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """What one word asks for.

    Attributes:
        selector: The units.
        steps: Which of their steps, in the order of the chain; None if it names none.
    """

    selector: Selector
    steps: tuple[Step, ...] | None = None


def parse(word: str, names: Collection[str] = frozenset()) -> Word:
    """Return what a word asks for.

    Args:
        word: The word; ``sync:`` in front of it changes nothing.
        names: Ids and basenames: one of them means itself, whatever signs it has.

    Raises:
        ConfigError: If it selects nothing that could be.
    """
    plain = word.removeprefix(f"{TASK}:")
    if word == TASK:
        return Word(selector=Everything())
    if plain in names:
        return Word(selector=Named(plain))
    body, steps = _steps(plain)
    if body in names:
        return Word(selector=Named(body), steps=steps)
    return Word(selector=_around(word, body, names), steps=steps)


def _steps(text: str) -> tuple[str, tuple[Step, ...] | None]:
    """Return a word less the step at its end, and the steps that this names."""
    body, mark, last = text.rpartition(":")
    found = tuple(step for step in Step if mark and fnmatchcase(step, last))
    is_value = body.lstrip("+@") in set(Method)  # `state:*` names no step
    return (body, found) if found and not is_value else (text, None)


def _around(word: str, body: str, names: Collection[str]) -> Selector:
    """Return a selector with the signs around it.

    Raises:
        ConfigError: If the signs do not go together, or there is nothing in them.
    """
    sign, inner, after = _signs(body, names)
    if not inner or (sign == "@" and after):
        raise ConfigError(
            f"{word!r} selects no units",
            hint="write NAME, +NAME (with what it needs), NAME+ (with what depends on"
            " it) or @NAME (with what depends on it and all that this needs)",
        )
    core = Named(inner) if inner in names else _core(inner)
    if sign == "@":
        return Closed(core)
    if sign and after:
        return Either((Needed(core), Dependents(core)))
    if sign:
        return Needed(core)
    return Dependents(core) if after else core


def _signs(body: str, names: Collection[str]) -> tuple[str, str, str]:
    """Return the sign before a word, the word, and the sign behind it.

    A sign that is part of a name is none.
    """
    before, after = ("@" if body[:1] == "@" else "+"), "+"
    ways = [
        (one, body[len(one) : len(body) - len(other)], other)
        for one in ("", before)
        for other in ("", after)
        if body.startswith(one) and body.endswith(other)
    ]
    return next((way for way in ways if way[1] in names), ways[-1])


def _core(text: str) -> Selector:
    """Return the selector of a word without signs.

    Raises:
        ConfigError: If it asks for a state or result that there is none of.
    """
    if text == TASK:
        return Everything()
    method, mark, value = text.partition(":")
    if mark and method in set(Method):
        return _having(Method(method), value)
    return Matching(text) if "*" in text else Named(text)


def _having(method: Method, value: str) -> Having:
    """Return the selector of what units have.

    Raises:
        ConfigError: If there is no such state or result, or no revision.
    """
    known = {
        Method.STATE: [str(one) for one in State],
        Method.RESULT: [str(one) for one in Status],
    }.get(method)
    if known is None and not value:
        raise ConfigError(
            "'affected:' names no revision", hint="write, for example, affected:main"
        )
    if known is not None and value not in known:
        like = nearest(value, known, cutoff=0.4)
        hinted = f"; the nearest is {like}" if like else ""
        raise ConfigError(
            f"no {method} is called {value!r}{hinted}",
            hint=f"write {method}: and one of {', '.join(known)}",
        )
    return Having(method, value)
