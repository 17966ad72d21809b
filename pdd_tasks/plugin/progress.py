"""What is running and for how long, on the last line of a terminal."""

import threading
from collections.abc import Callable
from time import monotonic
from typing import Final, TextIO


_CLEAR: Final = "\r\033[K"
_WIDTH: Final = 78
_TICK_S: Final = 1.0


class Progress:
    """Shows running steps on a terminal; on anything else it shows nothing.

    Lines for people are written through it, so that they never mix with it.

    Attributes:
        on_terminal: Whether it shows anything.
        hushed: Set as long as something else has the terminal.
    """

    def __init__(
        self, stream: TextIO, *, clock: Callable[[], float] = monotonic
    ) -> None:
        self._stream = stream
        self._clock = clock
        self._running: dict[str, float] = {}
        self._lock = threading.Lock()
        self._ended = threading.Event()
        self._ticker: threading.Thread | None = None
        self.hushed = threading.Event()
        self.on_terminal = bool(getattr(stream, "isatty", lambda: False)())

    def start(self, label: str) -> None:
        """Say that something began."""
        if not self.on_terminal:
            return
        with self._lock:
            self._running[label] = self._clock()
        if self._ticker is None:
            self._ticker = threading.Thread(target=self._tick, daemon=True)
            self._ticker.start()

    def stop(self, label: str) -> None:
        """Say that something ended."""
        with self._lock:
            self._running.pop(label, None)

    def write(self, text: str) -> None:
        """Write lines for people above what is running."""
        with self._lock:
            self._stream.write((_CLEAR if self.on_terminal else "") + text)
            self._stream.flush()

    def leave(self) -> None:
        """Leave the terminal as it was at once, whoever is writing."""
        if self.on_terminal:
            self._stream.write(_CLEAR)
            self._stream.flush()

    def end(self) -> None:
        """Take the last line away, for good."""
        self._ended.set()
        if self._ticker is not None:
            self._ticker.join()
            self.write("")

    def _tick(self) -> None:
        while not self._ended.is_set():
            self.show()
            self._ended.wait(_TICK_S)

    def show(self) -> None:
        """Write the line once, unless something else has the terminal."""
        if self.hushed.is_set():
            return
        with self._lock:
            now = self._clock()
            parts = [f"{n} {now - since:.0f} s" for n, since in self._running.items()]
            if parts:
                line = f"… {', '.join(parts)}"
                self._stream.write(f"{_CLEAR}{line[:_WIDTH]}")
                self._stream.flush()
