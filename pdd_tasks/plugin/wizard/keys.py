"""Single keys: from a terminal without waiting for Enter, or from a pipe."""

import os
import select
import signal
import sys
import termios
import tty
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Final, Protocol, Self


_Handler = Callable[[int, FrameType | None], object] | int | None

QUIT: Final = "q"
ENTER: Final = "\n"
_TOGETHER_S: Final = 0.05
"""How long the rest of one key's signs may take."""


class Keys(Protocol):
    """Where keys come from."""

    def next(self) -> str:
        """Return the next key; `QUIT` at the end of the input."""
        ...

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Leave the terminal as it was found, for another program."""
        ...


class PipedKeys:
    """Keys from standard input that is no terminal; line ends are none."""

    def next(self) -> str:
        """Return the next key; `QUIT` at the end of the input."""
        while (key := sys.stdin.read(1)) in {"\n", "\r"}:
            pass
        return key or QUIT

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Do nothing: there is no terminal to leave."""
        yield


class TerminalKeys:
    """Keys of the terminal on standard input; Ctrl-C still interrupts.

    The terminal is left as it was found also after a request to end, and single keys
    work again after the program was stopped and brought back.
    """

    def __init__(self) -> None:
        self._descriptor = sys.stdin.fileno()
        self._before = termios.tcgetattr(self._descriptor)
        self._handlers: dict[signal.Signals, _Handler] = {}

    def __enter__(self) -> Self:
        for number, handler in self._ours().items():
            self._handlers[number] = signal.signal(number, handler)
        self._single()
        return self

    def __exit__(self, *_: object) -> None:
        self._restore()
        for number, handler in self._handlers.items():
            signal.signal(number, handler)

    def _ours(self) -> dict[signal.Signals, Callable[[int, FrameType | None], None]]:
        def end(number: int, frame: FrameType | None) -> None:
            del number, frame
            raise KeyboardInterrupt

        def back(number: int, frame: FrameType | None) -> None:
            del number, frame
            self._single()

        return {signal.SIGTERM: end, signal.SIGHUP: end, signal.SIGCONT: back}

    def _single(self) -> None:
        # The usual TCSAFLUSH would drop a key that was typed already.
        tty.setcbreak(self._descriptor, termios.TCSADRAIN)

    def _restore(self) -> None:
        termios.tcsetattr(self._descriptor, termios.TCSADRAIN, self._before)

    def next(self) -> str:
        """Return the next key; those of several signs, as arrows, are passed over."""
        while True:
            read = os.read(self._descriptor, 1)
            if read != b"\x1b":
                return _named(read)
            while select.select([self._descriptor], [], [], _TOGETHER_S)[0]:
                os.read(self._descriptor, 1)

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Leave the terminal as it was found, for another program."""
        self._restore()
        try:
            yield
        finally:
            self._single()


def _named(read: bytes) -> str:
    if read in {b"", b"\x04"}:
        return QUIT
    return read.decode("ascii", "replace")
