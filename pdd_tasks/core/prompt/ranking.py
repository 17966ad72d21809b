"""Which of some texts are about what another one is about, by their words.

Okapi BM25 over the words of identifiers and prose. The same texts rank the same on
every machine: scores are sums in a fixed order, and ties go by name.

Source: Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and
Beyond", 2009; k1 and b are the usual ones.
"""

import math
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


K1: Final = 1.5
B: Final = 0.75
_WORD: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[^\W\d_]+")
_SHORT: Final = 3
_FEW: Final = 3
_SAID_ANYWHERE: Final = """
about after all also and any are because been before but can for from given has have how
into its may more must not one only other out over per returns same shall should some
such than that the their them then there these they this those two uses using was what
when where which while who will with without write you
code file function functions method module python return value values
"""
_COMMON: Final = frozenset(_SAID_ANYWHERE.split())
"""Words that say nothing of what a prompt is about."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranked:
    """How well one text fits a query.

    Attributes:
        name: Which text.
        score: How well it fits; 0 if it shares no word with the query.
        telling: Words of both that few of the texts have.
    """

    name: str
    score: float
    telling: frozenset[str]


def words(text: str) -> tuple[str, ...]:
    """Return the words of a text that may tell what it is about, in lower case.

    The parts of an identifier are words: ``toRoman`` and ``to_roman`` are alike.
    """
    found = (word.lower() for word in _WORD.findall(text))
    return tuple(w for w in found if len(w) >= _SHORT and w not in _COMMON)


def ranked(query: str, texts: Mapping[str, str]) -> tuple[Ranked, ...]:
    """Return the texts by how well they fit a query, best first, ties by name.

    Args:
        query: What is looked for.
        texts: Name → text.
    """
    counts = {name: Counter(words(text)) for name, text in texts.items()}
    spread = Counter(word for count in counts.values() for word in count)
    total = sum(sum(count.values()) for count in counts.values())
    mean = total / len(counts) if total else 1.0
    wanted = sorted(set(words(query)))
    few = max(_FEW, len(texts) // 4)
    found = [
        Ranked(
            name=name,
            score=sum(
                _rarity(spread[word], len(texts)) * _weight(count, word, mean)
                for word in wanted
            ),
            telling=frozenset(w for w in wanted if count[w] and spread[w] <= few),
        )
        for name, count in counts.items()
    ]
    return tuple(sorted(found, key=lambda one: (-one.score, one.name)))


def _rarity(spread: int, number: int) -> float:
    return math.log(1 + (number - spread + 0.5) / (spread + 0.5))


def _weight(count: Counter[str], word: str, mean: float) -> float:
    times, length = count[word], sum(count.values())
    return times * (K1 + 1) / (times + K1 * (1 - B + B * length / mean))
