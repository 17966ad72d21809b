"""A directive's tag that is not of the usual form: with attributes, or over lines.

What is not here: where in a text a tag begins, and whether it counts there
(`pdd_tasks.core.prompt.directive`).
"""

import re
from collections.abc import Mapping
from typing import Final, NamedTuple


_END: Final = re.compile(r"""(?:[^>"']|"[^"]*"|'[^']*')*?(?P<closed>/?)>""")
_ATTRIBUTE: Final = re.compile(
    r"""\s*(?P<name>[\w-]+)(?:\s*=\s*(?:"(?P<two>[^"]*)"|'(?P<one>[^']*)'))?"""
)
_ATTRIBUTES: Final = frozenset({"path", "select", "optional"})


class TagError(Exception):
    """A tag that cannot be understood.

    Attributes:
        problem: What is wrong.
        hint: What to do about it.
    """

    def __init__(self, problem: str, hint: str) -> None:
        super().__init__(problem)
        self.problem, self.hint = problem, hint


class Tag(NamedTuple):
    """A tag as it was read.

    Attributes:
        end: Index after it and what it encloses.
        bodies: What it encloses, stripped; of an include, the paths as written.
        select: The part that an include takes; empty for all of it.
        optional: True if the file of an include may be absent.
    """

    end: int
    bodies: tuple[str, ...]
    select: str = ""
    optional: bool = False


def read(text: str, word: str, start: int, as_text: str) -> Tag | None:
    """Return a tag and what it encloses; None if it is no directive.

    Args:
        text: The text.
        word: The tag's name.
        start: Index after the name.
        as_text: The hint for who did not mean a tag.

    Raises:
        TagError: If it is not closed or not understood.
    """
    if word in {"shell", "web"}:
        if text.find(f"</{word}>", start) < 0:
            return None
        raise TagError(
            f"<{word}> is not run unless configured, and cannot be configured yet",
            f"put its output into a file and include that, or {as_text}",
        )
    opening = _END.match(text, start)
    if opening is None:
        raise TagError(f"the tag <{word} is not ended by >", as_text)
    is_include = word.startswith("include")
    given = (
        _attributes(text[start : opening.start("closed")], as_text)
        if is_include
        else {}
    )
    body, end = _enclosed(text, word, opening, as_text)
    return (
        _include(word, given, body, end, as_text) if is_include else Tag(end, (body,))
    )


def _enclosed(
    text: str, word: str, opening: re.Match[str], as_text: str
) -> tuple[str, int]:
    """Return what a tag encloses, and where it ends.

    Raises:
        TagError: If it is not closed.
    """
    if opening["closed"]:
        return "", opening.end()
    closing = f"</{word}>"
    end = text.find(closing, opening.end())
    if end < 0:
        raise TagError(
            f"<{word}> is not closed", f"close it by {closing}, or {as_text}"
        )
    return text[opening.end() : end].strip(), end + len(closing)


def _include(
    word: str, given: Mapping[str, str], body: str, end: int, as_text: str
) -> Tag:
    """Return an include.

    Raises:
        TagError: If it names no file, or one twice.
    """
    if body and "path" in given:
        raise TagError("the include names a file twice, by path= and inside", as_text)
    files = [given.get("path", body).strip()]
    if word == "include-many":
        files = [one.strip() for one in re.split(r"[,\n]", files[0]) if one.strip()]
    if not files or not all(files):
        raise TagError(f"<{word}> names no file", as_text)
    optional = "optional" in given and given["optional"] != "false"
    return Tag(end, tuple(files), given.get("select", "").strip(), optional)


def _attributes(text: str, as_text: str) -> dict[str, str]:
    """Return name → value of the attributes of an include.

    Raises:
        TagError: If they cannot be read, or there are others.
    """
    given: dict[str, str] = {}
    position, text = 0, text.rstrip()
    while position < len(text):
        found = _ATTRIBUTE.match(text, position)
        if found is None:
            raise TagError(f"the include's {text.strip()} cannot be read", as_text)
        if found["name"] not in _ATTRIBUTES:
            raise TagError(
                f"an include has no attribute {found['name']!r}",
                f"use {', '.join(sorted(_ATTRIBUTES))} only",
            )
        given[found["name"]] = found["two"] or found["one"] or ""
        position = found.end()
    return given
