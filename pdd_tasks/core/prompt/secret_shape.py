r"""What a kind of key looks like, and how it is looked for.

The keys of providers are rows of `provider_key`.

Rule 1: a literal is looked for first, so that a text without any costs next to
nothing. Rule 2: linear time: a pattern is tried where its literal stands, consumes
what it has read, and repeats nothing inside a repetition. Rule 3: a name with a
number in it is no key: what has no more than a prefix of its own must look random.
"""

import math
import re
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import chain, pairwise
from typing import Final, NamedTuple


Check = Callable[[str], bool]
_CASE_CHANGES: Final = 8
_UUID: Final = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_RUN: Final = 12
_ENTROPY: Final = 3.0  # bits a character; hexadecimal digits drawn by lot have 3.3 up


class Shape(NamedTuple):
    """What one kind of key looks like.

    Attributes:
        name: What a mark says was there.
        literals: Texts of which one is in every such key.
        pattern: Matches from the literal on, or with `anywhere` the whole key; its
            first group, if it has one, is what is hidden. Compiled when it is needed.
        check: Whether what matched is taken for a key.
        anywhere: True if a key does not begin with its literal.
        at_word: True if a key begins where a word does.
    """

    name: str
    literals: tuple[str, ...]
    pattern: str
    check: Check
    anywhere: bool = False
    at_word: bool = True


def is_random(text: str) -> bool:
    """Return whether a text has letters and digits, or capitals all over the place."""
    if any(c.isdigit() for c in text):
        return any(c.isalpha() for c in text)
    pairs = pairwise(text)
    changes = sum(1 for a, b in pairs if a.isalpha() and a.isupper() != b.isupper())
    return changes >= _CASE_CHANGES


def is_very_random(text: str) -> bool:
    """Return whether the longest run of letters and digits looks drawn by lot."""
    if _UUID.fullmatch(text):
        return True
    run = max(re.findall(r"[A-Za-z0-9]+", text), key=len, default="")
    if len(run) < _RUN or not is_random(run) or run.isdigit():
        return False
    counts = Counter(run).values()
    entropy = -sum(n / len(run) * math.log2(n / len(run)) for n in counts)
    return entropy >= _ENTROPY


def always(text: str) -> bool:
    """Return that a text is a key: its shape is nothing else's."""
    del text
    return True


def _key(
    name: str, *literals: str, least: int = 20, of: str = r"[\w-]", check: Check
) -> Shape:
    starts = "|".join(re.escape(one) for one in literals)
    return Shape(name, literals, f"(?:{starts}){of}{{{least},}}", check)


def sure(name: str, *literals: str, least: int = 16, of: str = r"[\w-]") -> Shape:
    """Return the shape of keys whose prefix nothing else has."""
    return _key(name, *literals, least=least, of=of, check=always)


def likely(name: str, *literals: str, least: int = 20, of: str = r"[\w-]") -> Shape:
    """Return the shape of keys whose prefix other words have, too."""
    return _key(name, *literals, least=least, of=of, check=is_random)


def inside(name: str, literals: tuple[str, ...], pattern: str, check: Check) -> Shape:
    """Return the shape of keys that have a literal in their middle."""
    return Shape(name, literals, pattern, check, anywhere=True)


def after(name: str, literals: tuple[str, ...], pattern: str, check: Check) -> Shape:
    """Return the shape of keys that stand after a literal, wherever that stands."""
    return Shape(name, literals, pattern, check, at_word=False)


_ESCAPE: Final = re.compile(
    r"\\[nrt]$|\\u00[0-9a-fA-F]{2}$|\\x[0-9a-fA-F]{2}$|%[0-9a-fA-F]{2}$"
    r"|\x1b\[[0-9;]{0,8}m$|\\(?:x1b|u001b|033|e)\[[0-9;]{0,6}m$"
)


class Found(NamedTuple):
    """A place in a text that looks like a key."""

    start: int
    end: int
    name: str


def places(shape: Shape, text: str) -> Iterator[Found]:
    """Yield every place in a text that has a shape."""
    present = [one for one in shape.literals if one in text]
    if not present:
        return
    pattern = re.compile(shape.pattern, re.ASCII)
    group = 1 if pattern.groups else 0
    if shape.anywhere:
        matches = pattern.finditer(text)
    else:
        tried = (_from(pattern, one, text, word=shape.at_word) for one in present)
        matches = chain.from_iterable(tried)
    for match in matches:
        if shape.check(match[group]):
            yield Found(match.start(group), match.end(group), shape.name)


def _from(
    pattern: re.Pattern[str], literal: str, text: str, *, word: bool
) -> Iterator[re.Match[str]]:
    at = text.find(literal)
    while at >= 0:
        match = pattern.match(text, at) if not word or _begins(text, at) else None
        if match is not None:
            yield match
        at = text.find(literal, match.end() if match else at + 1)


def _begins(text: str, at: int) -> bool:
    """Return whether a word begins at a place, escaped or coloured text included."""
    before = text[at - 1] if at else " "
    if not (before.isalnum() or before in "_-"):
        return True
    head = text[max(0, at - 12) : at]
    return _ESCAPE.search(head) is not None
