"""A deadline around how a remote place is reached, whatever that does.

Names are looked up, connections made and logins done without a limit of time in many
a library. Rule 1: the work is done in a thread that ends with the program, and nobody
waits for it beyond the deadline. Rule 2: a place that was late once is late at once
after that, so that those who wait behind others wait no longer.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from queue import Empty, SimpleQueue
from threading import Lock, Thread
from typing import Final, Never, TypeVar

from pdd_tasks.adapters.models.reply_layer import Transport


T = TypeVar("T")
WHOLE_S: Final = 20.0  # for one reply in all


class BoundedTransport:
    """Reads and writes as another transport does, or gives up in time."""

    def __init__(
        self, transport: Transport, seconds: float = WHOLE_S, *, alone: bool = False
    ) -> None:
        """Set the deadline.

        Args:
            transport: What reads and writes.
            seconds: How long one reply may take in all.
            alone: Whether it serves one thread at a time.
        """
        self._transport, self._seconds = transport, seconds
        self._turn: AbstractContextManager[object] = Lock() if alone else nullcontext()
        self._is_late = False

    def fetch(self, place: str, limit: int) -> bytes | None:
        """Return at most a limit of bytes, and one more; None if there are none.

        Raises:
            OSError: If the place does not answer in time, or not as it should.
        """
        return self._in_time(lambda: self._transport.fetch(place, limit))

    def store(self, place: str, data: bytes) -> None:
        """Write bytes.

        Raises:
            OSError: If the place does not answer in time, or refuses.
        """
        self._in_time(lambda: self._transport.store(place, data))

    def _in_time(self, work: Callable[[], T]) -> T:
        with self._turn:
            if self._is_late:
                raise self._late()
            done: SimpleQueue[Callable[[], T]] = SimpleQueue()
            thread = Thread(target=_put_result, args=(work, done), daemon=True)
            try:
                thread.start()
            except RuntimeError as error:  # the system has no thread to spare
                raise OSError(str(error)) from None
            try:
                result = done.get(timeout=self._seconds)
            except Empty:
                self._is_late = True
                raise self._late() from None
        return result()

    def _late(self) -> TimeoutError:
        return TimeoutError(f"it does not answer in {self._seconds:g} s")


def _put_result(work: Callable[[], T], done: "SimpleQueue[Callable[[], T]]") -> None:
    """Do some work, and hand over what returns its value or raises its error."""
    try:
        value = work()
    except Exception as error:  # noqa: BLE001 - raised again where it is waited for
        done.put(_raising(error))
    else:
        done.put(lambda: value)


def _raising(error: Exception) -> Callable[[], Never]:
    def raises() -> Never:
        raise error

    return raises
