"""What one selector of a command selects."""

from typing import Final, NamedTuple

from pdd_tasks.core.model.step import Step
from pdd_tasks.core.model.unit import DevUnit


_TASK: Final = "sync"


class Chosen(NamedTuple):
    """What one word selects.

    Attributes:
        units: The units, those needed first; ties alphabetical.
        steps: Which of their steps; None if the word names none.
    """

    units: tuple[DevUnit, ...]
    steps: tuple[Step, ...] | None

    @property
    def tasks(self) -> tuple[str, ...]:
        """The names of the tasks that stand for it, in the order of its units."""
        ends = [f":{step}" for step in self.steps] if self.steps else [""]
        return tuple(f"{_TASK}:{unit.id}{end}" for unit in self.units for end in ends)
