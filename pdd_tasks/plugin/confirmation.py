"""Questions to a person on the terminal, answered with yes or no.

Rule 1: one question at a time, whichever thread asks, and nobody else writes to the
terminal meanwhile. Rule 2: where nobody can answer, nothing is done; `yes=1` answers
in advance. Rule 3: only a clear yes is one.
"""

import select
import sys
import threading
from typing import Final

from pdd_tasks.errors import ConfigError


_NEW_LINE: Final = "\r\033[K"
_TICK_S: Final = 0.2
_YES: Final = frozenset({"y", "yes"})
_ALL: Final = frozenset({"a", "all"})
_IN_ADVANCE: Final = "run it in a terminal, or answer in advance: yes=1"


class Confirmation:
    """Asks on standard error, and reads from standard input.

    Args:
        asking: Set while a person is asked.
    """

    def __init__(self, asking: threading.Event) -> None:
        self._asking = asking
        self._turn = threading.Lock()
        self._all = False

    def confirm(self, question: str, *, yes: bool) -> None:
        """Ask, and return if the answer is yes; one question at a time.

        Args:
            question: What is about to be done, and what that means.
            yes: The answer was given in advance.

        Raises:
            ConfigError: If the answer is no, or there is nobody to ask.
        """
        if yes:
            return
        with self._turn:
            if self._all:
                return
            if not all(one and one.isatty() for one in (sys.stdin, sys.stderr)):
                what = question.partition("\n")[0]
                msg = f"{what}: this wants a yes, and nobody can be asked"
                raise ConfigError(msg, hint=_IN_ADVANCE)
            answer = self._asked(question)
        if answer not in _YES | _ALL:
            msg = f"{question.partition(chr(10))[0]}: you said no; nothing was done"
            raise ConfigError(msg, hint="run the same command again to be asked again")

    def _asked(self, question: str) -> str:
        self._asking.set()
        try:
            sys.stderr.write(
                f"{_NEW_LINE}{question}\nGo on? [y]es, [N]o, yes to [a]ll: "
            )
            sys.stderr.flush()
            answer = _line().strip().lower()
        finally:
            self._asking.clear()
        self._all = answer in _ALL
        return answer


def _line() -> str:
    """Return the next line of standard input; empty at its end, or at the program's.

    A thread that waited for a key only would keep an interrupted program alive.
    """
    while threading.main_thread().is_alive():
        if select.select([sys.stdin], [], [], _TICK_S)[0]:
            return sys.stdin.readline()
    return ""
