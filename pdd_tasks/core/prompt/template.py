"""Templates of requests: Markdown with a name, a version and two parts.

A template's first line is ``<!-- name@version -->``; ``## system`` and ``## user``
begin its parts. Placeholders are ``{{name}}``; one alone on its line stands for whole
lines and an empty one after them, or for nothing if its value is empty.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Self

from pdd_tasks.core.prompt.request import Message


_HEAD: Final = re.compile(r"<!-- ([a-z-]+@\d+) -->\n")
_PART: Final = re.compile(r"^## (system|user)\n", re.MULTILINE)
_PLACE: Final = re.compile(r"\{\{([a-z_]+)\}\}")
_LONE_PLACE: Final = re.compile(r"^\{\{([a-z_]+)\}\}\n", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Template:
    """A request with places to fill.

    Attributes:
        name: Name and version, ``generate@1``; part of every request's key.
        parts: Role and text of each message, in order.
    """

    name: str
    parts: tuple[tuple[str, str], ...]

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the template a text holds.

        Raises:
            ValueError: If the text has no head or no parts.
        """
        head = _HEAD.match(text)
        pieces = _PART.split(text[head.end() :]) if head else []
        if head is None or len(pieces) < 3:  # noqa: PLR2004 - text, role, part
            msg = "a template begins with its name and has '## user'"
            raise ValueError(msg)
        roles, bodies = pieces[1::2], pieces[2::2]
        parts = tuple((r, b.strip() + "\n") for r, b in zip(roles, bodies, strict=True))
        return cls(head[1], parts)

    def render(self, values: Mapping[str, str]) -> tuple[Message, ...]:
        """Return the messages with every place filled.

        Raises:
            KeyError: If a place has no value.
        """
        return tuple(Message(role, _filled(body, values)) for role, body in self.parts)


def _filled(body: str, values: Mapping[str, str]) -> str:
    # one pass each, so that a value that looks like a place is left alone
    pieces = _LONE_PLACE.split(body)
    texts = [
        _PLACE.sub(lambda m: values[m[1]], piece)
        if number % 2 == 0
        else _whole_lines(values[piece])
        for number, piece in enumerate(pieces)
    ]
    return "".join(texts)


def _whole_lines(value: str) -> str:
    return value.rstrip("\n") + "\n\n" if value.strip() else ""
