"""The line that tells how a step ended: why it was done, and what it cost."""

from typing import Final, NamedTuple

from pdd_tasks.core.model.ledger import dollars
from pdd_tasks.engine.outcome import Outcome
from pdd_tasks.errors import AwaitedError, BudgetError, ConflictError, PddError
from pdd_tasks.plugin.tasks import counted


_GREEN, _RED, _YELLOW, _PLAIN = "\033[32m", "\033[31m", "\033[33m", "\033[0m"


class Ending(NamedTuple):
    """How a step ended: a word for it, and the colour of its label."""

    word: str
    colour: str


GOOD: Final = Ending("", _GREEN)


def ending(error: PddError | None) -> Ending:
    """Return how a step ended that raised an error; None if it is none of ours."""
    if isinstance(error, ConflictError | AwaitedError):
        return Ending("WAITS FOR YOU", _YELLOW)
    if isinstance(error, BudgetError):
        return Ending("NOT RUN: budget", _YELLOW)
    return Ending("FAILED", _RED)


def step_line(label: str, outcome: Outcome, end: Ending, *, has_colour: bool) -> str:
    """Return the line of a step."""
    name = f"{end.colour}{label}{_PLAIN}" if has_colour else label
    done = f" {end.word}" if end.word else ""
    because = f": {outcome.because}" if outcome.because else ""
    return f"{name}{done}{because} ({price(outcome)})\n"


def price(outcome: Outcome) -> str:
    """Return what an operation cost, in replies, dollars and seconds."""
    parts = []
    spent = outcome.spent
    if spent.calls:
        live = spent.calls - spent.recorded
        if spent.recorded:
            parts.append(counted(spent.recorded, "recorded reply", "recorded replies"))
        if live:
            parts.append(counted(live, "call"))
        parts.append(dollars(spent.cost))
    parts.append(f"{outcome.seconds:.1f} s")
    return ", ".join(parts)
