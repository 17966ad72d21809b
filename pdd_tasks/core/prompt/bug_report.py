"""A person's words on a bug: what a test file keeps of them, and what is answered."""

import re
import textwrap
from typing import Final


_WIDTH: Final = 88
_KEPT: Final = 1_000  # signs of a description that files keep
# Words that a comment must not say, for tools take them for orders.
_ORDERS: Final = re.compile(
    r"\b(coding|type|fmt|noqa|mypy|ruff|flake8|pylint|pragma|isort|yapf|nosec)([:=])",
    re.IGNORECASE,
)
_ANSWER: Final = re.compile(r"^[\s*_>-]*contradiction[\s*_]*:(.*)$", re.IGNORECASE)
_EMPHASIS: Final = " \t*_"
_QUOTES: Final = "\"'`“”‘’«»"  # noqa: RUF001 - models write them


def one_line(description: str) -> str:
    """Return a description on one line, without signs that cannot be printed."""
    words = " ".join(description.split())
    return "".join(sign for sign in words if sign.isprintable())


def shortened(description: str) -> str:
    """Return a description on one line, cut if it is long."""
    words = one_line(description)
    return words if len(words) <= _KEPT else f"{words[:_KEPT]} ..."


def comment(description: str, mark: str) -> tuple[str, ...]:
    """Return the lines of a comment that records a description.

    Args:
        description: What was wrong, and what was expected.
        mark: How a comment line starts.
    """
    said = _ORDERS.sub(r"\1 \2", shortened(description)).replace("pdd-keep", "pdd keep")
    width = _WIDTH - len(mark) - 1
    lines = textwrap.wrap(f"Bug: {said}", width, break_on_hyphens=False)
    return tuple(f"{mark} {line}" for line in lines)


def contradiction(reply: str) -> str:
    """Return the words of the prompt that a reply holds against a description.

    Empty if it holds none against it: if its first line does not say so.
    """
    found = _ANSWER.match(reply.strip().partition("\n")[0])
    return _unquoted(one_line(found[1]).strip(_EMPHASIS)) if found else ""


def _unquoted(words: str) -> str:
    """Return words without the quotes around all of them."""
    while len(words) > 1 and words[0] in _QUOTES and words[-1] in _QUOTES:
        words = words[1:-1].strip(_EMPHASIS)
    return words


def says(prompt: str, words: str) -> bool:
    """Return whether a prompt has some words, however its lines are broken."""
    return one_line(words).casefold() in one_line(prompt).casefold()
