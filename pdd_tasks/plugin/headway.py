"""How far a run has come, as its reporter knows it."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final

from pdd_tasks.core.model.ledger import dollars
from pdd_tasks.core.model.unit import DevUnit
from pdd_tasks.plugin.project import Project
from pdd_tasks.plugin.tasks import SyncTask


_NOTHING: Final[Mapping[str, int]] = {}


class Standing:
    """How far a run has come.

    Attributes:
        left: Unit → how many of its tasks are to come.
        total: How many units there are.
        failed: How many of them failed or were not run.
        money: Returns what was spent and may be spent, for people; empty if nobody
            asks for money.
    """

    def __init__(
        self, left: Mapping[str, int] = _NOTHING, money: Callable[[], str] = str
    ) -> None:
        self.left = dict(left)
        self.total, self.failed = len(left), 0
        self.money = money

    def reach(self, units: Sequence[DevUnit], failed: int) -> None:
        """Count a task that was come to, whatever came of it.

        Args:
            units: The units it stands for; that of several belongs to none.
            failed: How many units failed or were not run by now.
        """
        if len(units) == 1 and str(units[0].id) in self.left:
            self.left[str(units[0].id)] -= 1
            self.failed = failed

    @property
    def line(self) -> str:
        """It on one line."""
        done = self.total - sum(map(bool, self.left.values()))
        failed = f"{self.failed} not good" if self.failed else ""
        parts = (f"{done} of {self.total} units", failed, self.money())
        return ", ".join(filter(None, parts))


def standing_of(project: Project, tasks: Iterable[SyncTask]) -> Standing:
    """Return the standing of a run that begins.

    Args:
        project: Its project.
        tasks: What it will come to, of one unit each.
    """
    left = dict(Counter(str(task.units[0].id) for task in tasks))
    return Standing(left, lambda: _money(project))


def _money(project: Project) -> str:
    ledger = project.purse.ledger()
    if not ledger.calls:
        return ""
    return f"{dollars(ledger.spent)} of {dollars(ledger.budget)}"
