"""A run that is asked to end, by Ctrl-C or SIGTERM.

Rule 1: the first request ends the children, lets every step come to its end for a
short time, and is followed by the word how to go on. Rule 2: a request that comes
while that lasts ends the process at once. Rule 3: a step that does not come to its
end, because it waits for a model, is left alone with what it has: its transaction is
decided by its journal, and its lock ends with the process.
"""

import gc
import math
import os
import shlex
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import PurePath
from time import monotonic
from types import FrameType
from typing import Final

from pdd_tasks.errors import EndedError, ExitCode


_PATIENCE_S: Final = 0.8  # for steps whose children are gone
_TWICE_S: Final = 0.3  # between two signals that are one request
_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM)
Handler = Callable[[int, FrameType | None], object] | int | signal.Handlers | None


class Activity:
    """The steps at work, and whether any more may begin."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._at_work = 0
        self._is_over = False

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """Be at work for a block.

        Yields:
            Nothing.

        Raises:
            EndedError: If nothing may begin any more.
        """
        with self._changed:
            if self._is_over:
                msg = "the step was not begun because the run was interrupted"
                raise EndedError(msg, hint="run the same command again to resume")
            self._at_work += 1
        try:
            yield
        finally:
            with self._changed:
                self._at_work -= 1
                self._changed.notify_all()

    def end(self, patience_s: float = _PATIENCE_S) -> bool:
        """Let nothing begin any more, and wait for what is at work.

        Args:
            patience_s: Seconds to wait.

        Returns:
            Whether all of it has ended.
        """
        with self._changed:
            self._is_over = True
            return self._changed.wait_for(lambda: self._at_work == 0, patience_s)


class Interruption:
    """Turns requests to end into one `KeyboardInterrupt`, and then into an end."""

    def __init__(self, leave: Callable[[], None]) -> None:
        """Listen to nothing yet.

        Args:
            leave: Leaves the terminal as it was, whatever is going on.
        """
        self._leave = leave
        self._before: dict[signal.Signals, Handler] = {}
        self._is_ending = False
        self._clock = monotonic
        self._last = -math.inf

    def listen(self) -> None:
        """Take over the signals that ask to end; what is ignored stays ignored."""
        if threading.current_thread() is not threading.main_thread():
            return  # no other thread may
        for number in _SIGNALS:
            before = signal.getsignal(number)
            if before is not signal.SIG_IGN:
                self._before[number] = before
                signal.signal(number, self._heard)

    def unlisten(self) -> None:
        """Give the signals back."""
        for number, before in self._before.items():
            signal.signal(number, before)
        self._before.clear()

    def wind_down(self, activity: Activity, say: Callable[[str], object]) -> None:
        """End children and steps; from now on another request ends the process.

        Args:
            activity: The steps.
            say: Tells people.
        """
        # loaded only then: nobody who finds nothing to do starts a child
        from pdd_tasks.adapters.process_groups import end_all  # noqa: PLC0415

        self._is_ending = True
        say("\ninterrupting; once more ends it at once\n")
        end_all(for_good=True)
        activity.end()
        gc.freeze()  # looking for garbage at the very end would take a second

    def _heard(self, number: int, frame: FrameType | None) -> None:
        if self._is_ending:
            self._end_at_once()
        before = self._before.get(signal.Signals(number))
        if callable(before) and before is not signal.default_int_handler:
            before(number, frame)
        if self._clock() - self._last < _TWICE_S:
            return  # the one before is on its way through doit
        self._last = self._clock()
        raise KeyboardInterrupt

    def _end_at_once(self) -> None:
        from pdd_tasks.adapters.process_groups import kill_all  # noqa: PLC0415 - as above

        kill_all()
        self._leave()
        os._exit(ExitCode.INTERRUPTED)


def command_again(words: Sequence[str] = ()) -> str:
    """Return what to type to run the same command again.

    Args:
        words: The words it was run with, the program first; none means this process's.
    """
    program, *rest = words or sys.argv
    path = PurePath(program)
    name = path.parent.name if path.name == "__main__.py" else path.name
    return shlex.join([name, *rest])
