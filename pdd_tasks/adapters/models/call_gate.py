"""How many model calls are in flight, of all threads of this process.

Rule 1: a model that says it is asked too often is asked by fewer at a time, and by
nobody before the time that it names. Rule 2: who waits says so to people, and now and
then to its lock. Rule 3: a place is free again on every way out.

What is not here: the limit of examples and tests (`pdd_tasks.adapters.gate`).
"""

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from time import monotonic
from typing import Final

from pdd_tasks.core.model.spending import Bill
from pdd_tasks.core.model.width import Width


_BEAT_S: Final = 1.0


@dataclass(slots=True)
class Passage:
    """One call behind the gate; `bill` is set once it is known."""

    bill: Bill = field(default_factory=Bill)


class CallGate:
    """Lets only so many calls in at a time: of all models, and of each."""

    def __init__(
        self, clock: Callable[[], float] = monotonic, beat_s: float = _BEAT_S
    ) -> None:
        self._clock, self._beat_s = clock, beat_s
        self._changed = threading.Condition()
        self._inside: Counter[str] = Counter()
        self._widths: dict[str, Width] = {}
        self._closed_until: dict[str, float] = {}

    @contextmanager
    def entered(
        self, model: str, most: int | None, waits: Callable[[], None]
    ) -> Iterator[Passage]:
        """Wait until a call may begin, and be inside for a block.

        Args:
            model: Endpoint and model.
            most: How many calls of all models may be inside; None means no limit.
            waits: Called now and then while it waits.

        Yields:
            Where the bill is put, which says whether the endpoint complained.
        """
        era = self._enter(model, most, waits)
        passage = Passage()
        try:
            yield passage
        finally:
            self._leave(model, era, passage.bill)

    def _enter(self, model: str, most: int | None, waits: Callable[[], None]) -> int:
        while True:
            with self._changed:
                if not self._admits(model, most):
                    self._changed.wait(self._beat_s)
                if self._admits(model, most):
                    self._inside[model] += 1
                    return self._width(model).era
            waits()  # without the lock: it writes to the disk

    def _admits(self, model: str, most: int | None) -> bool:
        return (
            (most is None or self._inside.total() < most)
            and self._width(model).admits(self._inside[model])
            and self._clock() >= self._closed_until.get(model, 0.0)
        )

    def _leave(self, model: str, era: int, bill: Bill) -> None:
        with self._changed:
            width = self._width(model)
            if bill.throttled:
                width = width.throttled(era, self._inside[model])
                closed_until = self._clock() + (bill.wait_s or 0.0)
                self._closed_until[model] = max(
                    closed_until, self._closed_until.get(model, 0.0)
                )
            elif bill.tokens_out is not None:
                width = width.succeeded(era)
            self._widths[model] = width
            self._inside[model] -= 1
            self._changed.notify_all()

    def _width(self, model: str) -> Width:
        return self._widths.get(model, Width())
