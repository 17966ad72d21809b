"""The reply in what a command prints, by the paths of its settings.

Rule 1: what is not there is unknown, never zero and never empty. Rule 2: nothing is
guessed: a reply that does not stand where the settings say is none.
"""

import json
import math
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from pdd_tasks.core.model.ledger import MICRO
from pdd_tasks.core.model.settings import CommandForm, CommandReply
from pdd_tasks.errors import ModelError


_PART: Final = re.compile(
    r"(?P<name>[^\[\].+]+)(?:\[(?P<key>[^=\]]+)=(?P<is>[^\]]*)\])?"
)
_MOST: Final = 1e9  # neither dollars nor tokens of a reply are more
_HINT: Final = "run it by hand to see what it prints, then correct command_reply"


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedReply:
    """What a command said.

    Attributes:
        text: The reply; None if there is none.
        model: Who answered; empty if it did not say.
        prompt_tokens: Tokens sent; None if it did not say.
        completion_tokens: Tokens received; None if it did not say.
        cost: Micro-dollars, rounded up; None if it did not say.
        failed: Why it failed, in its words; empty if it did not.
    """

    text: str | None
    model: str = ""
    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    cost: int | None = None
    failed: str = ""


def is_path(text: str) -> bool:
    """Return whether a text is a path or a sum of paths, as `CommandReply` has them."""
    return all(_PART.fullmatch(part) for one in _summands(text) for part in _parts(one))


def printed_reply(text: str, where: CommandReply) -> PrintedReply:
    """Return what a command said.

    Args:
        text: What it printed.
        where: Where the reply stands in that.

    Raises:
        ModelError: If it is not of the form that the settings name.
    """
    if where.form is CommandForm.TEXT:
        return PrintedReply(text=text)
    values = _values(text, where.form)
    cost = _sum(values, where.cost)
    return PrintedReply(
        text=_text(values, where.text),
        model=_text(values, where.model) or "",
        prompt_tokens=_count(_sum(values, where.prompt_tokens)),
        completion_tokens=_count(_sum(values, where.completion_tokens)),
        cost=None if cost is None else math.ceil(round(cost * MICRO, 3)),
        failed=_failure(values, where),
    )


def _values(text: str, form: CommandForm) -> list[object]:
    texts = [text] if form is CommandForm.JSON else text.split("\n")
    try:
        return [json.loads(one) for one in texts if one.strip()]
    except (ValueError, RecursionError) as error:
        raise ModelError(
            f"what the command printed is not {form}: {error}", hint=_HINT
        ) from None


def _failure(values: Sequence[object], where: CommandReply) -> str:
    for value in _found(values, where.failed):
        if isinstance(value, str) and value:
            return value
        if value is True:
            return _text(values, where.text) or "it says that it failed"
    return ""


def _text(values: Sequence[object], path: str) -> str | None:
    found = [one for one in _found(values, path) if isinstance(one, str)]
    return found[-1] if found else None


def _sum(values: Sequence[object], paths: str) -> float | None:
    found = [
        one
        for path in _summands(paths)
        for one in _found(values, path)
        if isinstance(one, int | float)
        and not isinstance(one, bool)
        and 0 <= one <= _MOST
    ]
    return sum(found) if found else None


def _count(number: float | None) -> int | None:
    return None if number is None else int(number)


def _found(values: Iterable[object], path: str) -> list[object]:
    if not path:
        return []
    here = list(values)
    for part in _parts(path):
        here = [inner for one in here for inner in _members(one, part)]
    return [_writable(one) for one in here]


def _writable(value: object) -> object:
    """Return a value; half of a character, as some programs print, becomes a mark."""
    if isinstance(value, str):
        return value.encode(errors="replace").decode()
    return value


def _members(value: object, part: str) -> Iterator[object]:
    match = _PART.fullmatch(part)
    if match is None:
        return
    name, key = match["name"], match["key"]
    for one in _named(value, name):
        fits = key is None or (isinstance(one, dict) and one.get(key) == match["is"])
        if one is not None and fits:
            yield one


def _named(value: object, name: str) -> Sequence[object]:
    if isinstance(value, dict):
        return list(value.values()) if name == "*" else [value.get(name)]
    return value if isinstance(value, list) and name == "*" else []


def _summands(text: str) -> list[str]:
    return [one.strip() for one in text.split("+")]


def _parts(path: str) -> list[str]:
    return re.split(r"\.(?![^\[]*\])", path)
