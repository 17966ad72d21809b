"""Units by something that is told of them, each made when it is asked for."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import chain
from typing import TypeVar

from pdd_tasks.core.model.unit import DevUnit


K = TypeVar("K")


class Lookup(Mapping[K, tuple[DevUnit, ...]]):
    """What is told of units → the units."""

    def __init__(
        self,
        unit: Callable[[int], DevUnit],
        kind: Callable[[str], K],
        *pairs: Iterable[tuple[str, int]],
    ) -> None:
        """Make none of the units yet.

        Args:
            unit: Makes the unit of a number.
            kind: Makes a key of its text.
            pairs: Texts of keys, each with the number of a unit.
        """
        self._unit, self._kind = unit, kind
        self._numbers: dict[str, int] = {}
        self._more: dict[str, list[int]] = {}
        for text, number in chain.from_iterable(pairs):
            if self._numbers.setdefault(text, number) != number:
                self._more.setdefault(text, []).append(number)

    def __getitem__(self, key: K) -> tuple[DevUnit, ...]:
        text = str(key)
        numbers = (self._numbers[text], *self._more.get(text, ()))
        return tuple(map(self._unit, numbers))

    def __contains__(self, key: object) -> bool:
        return str(key) in self._numbers

    def __iter__(self) -> Iterator[K]:
        return map(self._kind, self._numbers)

    def __len__(self) -> int:
        return len(self._numbers)
