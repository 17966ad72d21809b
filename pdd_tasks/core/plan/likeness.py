"""How alike two texts are, for telling a renamed file from a new one."""

from typing import Final

from pdd_tasks.core.merge.difference import changes


RENAMED_FROM: Final = 0.7
"""Likeness from which a text counts as another one's next version; more than git's
half, since prompts of one project often share their frame."""


def likeness(before: str, now: str) -> float:
    """Return how much of two texts is the same, by lines: from 0 to 1.

    Lines without a word count for nothing.
    """
    old, new = _lines(before), _lines(now)
    removed = sum(one.old_end - one.old_start for one in changes(old, new))
    total = len(old) + len(new)
    return 2 * (len(old) - removed) / total if total else 0.0


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]
