"""Words and signs of a text in any language, and how alike two texts are by them."""

import re
from collections import Counter
from functools import lru_cache
from typing import Final


_TOKEN: Final = re.compile(
    r"""[rbuf]{0,2}(?:\"{3}(?s:.*?)\"{3}|'{3}(?s:.*?)'{3})
      | [rbuf]{0,2}(?:"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`)
      | \d[\w.]*                 # a number
      | \w+(?:\.\w+)*            # a name with all its parts
      | \*\*=? | //=? | <<=? | >>=? | [-+*/%&|^<>=!:]=
      | -> | => | && | \|\| | :: | \.\.\.
      | [^\w\s]""",
    re.VERBOSE | re.IGNORECASE,
)
_ALIKE: Final = 0.5


def tokens(text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the words, strings and signs of a text, and the space before each.

    There is one more space than there are words: what stands behind the last.
    """
    words: list[str] = []
    spaces: list[str] = []
    end = 0
    for match in _TOKEN.finditer(text):
        words.append(match[0])
        spaces.append(text[end : match.start()])
        end = match.end()
    return tuple(words), (*spaces, text[end:])


def likeness(one: str, other: str) -> float:
    """Return how much of two texts is the same, from 0 to 1."""
    ours, theirs = _bag(one), _bag(other)
    total = ours.total() + theirs.total()
    return 2 * (ours & theirs).total() / total if total else 1.0


def is_alike(one: str, other: str) -> bool:
    """Return whether one text can be taken for an edit of the other."""
    return likeness(one, other) >= _ALIKE


@lru_cache(maxsize=4096)
def _bag(text: str) -> Counter[str]:
    return Counter(tokens(text)[0])
