"""How doit may run units side by side: in threads, never in processes."""

import sys

from doit.exceptions import InvalidCommand
from doit.runner import MRunner, MThreadRunner


def refuse_processes() -> None:
    """Refuse ``-P process`` before anything is started, for a reporter's `initialize`.

    doit tells a reporter nothing of the runner that calls it, and offers no earlier
    place that knows of both the tasks and the kind of runner (doit 0.37).

    Raises:
        InvalidCommand: If the runner that called the caller starts processes.
    """
    runner = sys._getframe(2).f_locals.get("self")  # noqa: SLF001 - see above
    if isinstance(runner, MRunner) and not isinstance(runner, MThreadRunner):
        msg = (
            "-P process cannot share one budget and one set of locks"
            "\n  hint: use `-P thread`, as in `doit run -n 8 -P thread`"
        )
        raise InvalidCommand(msg)
