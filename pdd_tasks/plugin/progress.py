"""What is running: its steps, attempts and seconds, at the foot of a terminal.

Rule 1: on anything but a terminal, and on one that is dumb, there are plain lines and
nothing else. Rule 2: nothing that goes wrong with showing stops a sync: then there
are plain lines as well, and none if nobody reads them any more. Rule 3: its thread
ends with the run.
"""

import os
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from time import monotonic
from typing import Final, NamedTuple, Protocol, TextIO

from pdd_tasks.plugin.headway import Standing


_RESTORED: Final = "\r\033[K\033[?25h"  # a clear line, and the cursor
_TICK_S: Final = 0.5


class Display(Protocol):
    """Shows lines at the foot of a terminal, and others above them."""

    def show(self, lines: list[str]) -> None:
        """Show lines instead of those shown before."""
        ...

    def write(self, text: str) -> None:
        """Write text above the lines."""
        ...

    def end(self) -> None:
        """Take the lines away."""
        ...


class _Running(NamedTuple):
    since: float
    calls: Callable[[], int]


class Progress:
    """Shows running steps on a terminal; on anything else it shows nothing.

    Lines for people are written through it, so that they never mix with it.

    Attributes:
        on_terminal: Whether it shows anything.
        has_colour: Whether lines may have colours.
        standing: How far the run has come.
    """

    def __init__(
        self,
        stream: TextIO,
        *,
        environment: Mapping[str, str] = os.environ,
        clock: Callable[[], float] = monotonic,
        display: Callable[[TextIO], Display] | None = None,
    ) -> None:
        """Show nothing yet.

        Args:
            stream: Where lines are written.
            environment: Its variables say what the terminal can do.
            clock: Seconds on a clock that only goes forward.
            display: Makes the display; None means that of rich.
        """
        self._stream, self._clock = stream, clock
        self._make = display or _rich_display
        self._running: dict[str, _Running] = {}
        self._lock = threading.RLock()
        self._ended = threading.Event()
        self._ticker: threading.Thread | None = None
        self._display: Display | None = None
        self._is_hushed, self._rows = False, 0
        self.standing = Standing()
        is_terminal = bool(getattr(stream, "isatty", lambda: False)())
        self.on_terminal = is_terminal and environment.get("TERM") != "dumb"
        self.has_colour = self.on_terminal and not environment.get("NO_COLOR")

    def start(self, label: str, calls: Callable[[], int] = int) -> None:
        """Say that something began.

        Args:
            label: The unit and the step.
            calls: Returns how often a model has answered it.
        """
        if not self.on_terminal:
            return
        with self._lock:
            self._running[label] = _Running(since=self._clock(), calls=calls)
            self._rows = max(self._rows, len(self._running))
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
            if self._display is not None:
                with self._guarded():
                    self._display.write(text)
                    return
            self._tell(text)

    def _tell(self, text: str) -> None:
        try:
            self._stream.write(text)
            self._stream.flush()
        except BrokenPipeError:
            turn_away(self._stream)

    def hush(self, *, hushed: bool) -> None:
        """Leave the terminal to somebody else, or have it back."""
        with self._lock:
            self._is_hushed = hushed
            self._take_away()

    def leave(self) -> None:
        """Leave the terminal as it was at once, whoever is writing."""
        if self.on_terminal:
            with suppress(OSError):
                os.write(self._stream.fileno(), _RESTORED.encode())

    def end(self) -> None:
        """Take away what is shown, for good."""
        self._ended.set()
        if self._ticker is not None:
            self._ticker.join()
        with self._lock:
            self._take_away()

    def show(self) -> None:
        """Show what is running once, unless somebody else has the terminal."""
        with self._lock:
            if self._is_hushed or not self.on_terminal or self._ended.is_set():
                return
            with self._guarded():
                if self._display is None:
                    self._display = self._make(self._stream)
                self._display.show(self._lines())

    def _lines(self) -> list[str]:
        """Return as many lines as before, or more: what jumps cannot be read."""
        now = self._clock()
        rows = [_row(label, one, now) for label, one in self._running.items()]
        return [*rows, *[""] * (self._rows - len(rows)), self.standing.line]

    def _tick(self) -> None:
        while not self._ended.is_set():
            self.show()
            self._ended.wait(_TICK_S)

    def _take_away(self) -> None:
        display, self._display = self._display, None
        if display is not None:
            with self._guarded():
                display.end()

    @contextmanager
    def _guarded(self) -> Iterator[None]:
        """Let no failure of showing out; what follows is plain lines.

        Yields:
            Nothing.
        """
        try:
            yield
        except Exception:  # noqa: BLE001 - whatever it is, the sync goes on
            self._display, self.on_terminal = None, False
            with suppress(OSError, ValueError):
                self._stream.write(_RESTORED)


def turn_away(stream: TextIO) -> None:
    """Send what is still written to nobody: who read it, such as `head`, has gone."""
    nobody = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nobody, stream.fileno())
    finally:
        os.close(nobody)


def _row(label: str, one: _Running, now: float) -> str:
    calls = one.calls()
    asked = f", {calls} {'reply' if calls == 1 else 'replies'}" if calls else ""
    return f"{label}: {now - one.since:.0f} s{asked}"


def _rich_display(stream: TextIO) -> Display:
    # imported here: who runs nothing, or has no terminal, does not need rich
    from pdd_tasks.plugin.foot import RichFoot  # noqa: PLC0415

    return RichFoot(stream)
