"""A CSV file of costs, one row for each step that asked a model.

The columns are those PDD users know from ``--output-cost``.
"""

import csv
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Final

from pdd_tasks.core.model.artifact import Artifact
from pdd_tasks.core.model.ledger import MICRO
from pdd_tasks.core.model.step import Step
from pdd_tasks.engine.outcome import Outcome
from pdd_tasks.errors import PddError


COLUMNS: Final = (
    "timestamp",
    "model",
    "command",
    "cost",
    "input_files",
    "output_files",
)
_OUTPUT: Final = {
    Step.UPDATE: Artifact.PROMPT,
    Step.GENERATE: Artifact.CODE,
    Step.EXAMPLE: Artifact.EXAMPLE,
    Step.CRASH: Artifact.CODE,
    Step.TEST: Artifact.TESTS,
    Step.FIX: Artifact.CODE,
}


class CostFile:
    """Appends rows to the file that a unit's settings name."""

    def __init__(
        self, top: Path, *, redact: Callable[[str], str] = lambda text: text
    ) -> None:
        self._top = top
        self._redact = redact
        self._lock = threading.Lock()

    def append(self, outcome: Outcome, now: str) -> None:
        """Append one row if a model was asked and a file is named.

        Raises:
            PddError: If the file cannot be written.
        """
        name = outcome.unit.settings.output_cost
        if not name or not outcome.spent.calls:
            return
        path = self._top / name
        try:
            with self._lock, path.open("a", newline="", encoding="utf-8") as stream:
                writer = csv.writer(stream)
                if stream.tell() == 0:
                    writer.writerow(COLUMNS)
                writer.writerow(map(self._redact, _row(outcome, now)))
        except OSError as error:
            msg = f"the cost file {path} cannot be written: {error.strerror}"
            raise PddError(
                msg, hint="give another file: output_cost=FILE.csv"
            ) from None


def _row(outcome: Outcome, now: str) -> tuple[str, ...]:
    unit, spent = outcome.unit, outcome.spent
    cost = "unknown" if spent.cost is None else f"{spent.cost / MICRO:.6f}"
    artifact = _OUTPUT.get(outcome.step)
    output = str(unit.paths(artifact)[0]) if artifact else ""
    return (now, spent.model, str(outcome.step), cost, str(unit.prompt), output)
