"""A prompt split into numbered requirements, by its Markdown structure."""

import re
from collections.abc import Mapping
from typing import Final


_ITEM: Final = re.compile(r"\s*(?:[-*+]|\d+[.)])\s+(.*)")
_FENCE: Final = re.compile(r"\s*(?:```|~~~)")
_SKIPPED: Final = re.compile(r"\s*(?:#|%|</?[a-z][^>]*>\s*$|<([a-z-]+)[ >].*</\1>\s*$)")


def requirements(text: str) -> Mapping[str, str]:
    """Return id → requirement, ``R1`` first.

    A list item with its continuation lines is one requirement, a paragraph is
    one. Headings, bare tags and fenced material are none.
    """
    found: list[list[str]] = []
    current: list[str] | None = None
    fenced = False
    for line in text.splitlines():
        if _FENCE.match(line):
            fenced, current = not fenced, None
        elif fenced or not line.strip() or _SKIPPED.match(line):
            current = None
        elif (item := _ITEM.match(line)) or current is None:
            current = [item[1].strip() if item else line.strip()]
            found.append(current)
        else:
            current.append(line.strip())
    return {f"R{number}": " ".join(part) for number, part in enumerate(found, 1)}
