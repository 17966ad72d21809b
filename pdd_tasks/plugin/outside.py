"""What tasks of the user's own do to units in the middle of a run.

Our tasks are made before any of them runs. Rule 1: what a step sees is what stands
when its turn comes, prompts and what they include among it. Rule 2: names and settings
of units are those from the beginning; a prompt that is new is told of.
"""

from collections.abc import Callable, Iterable
from pathlib import Path

from pdd_tasks.core.model.unit import DevUnit
from pdd_tasks.errors import PddError
from pdd_tasks.plugin.edges import Edges, edges_of, place


class Outside:
    """Whether a task of the user's own ran, and what that changed.

    Attributes:
        happened: True if one ran.
    """

    def __init__(
        self, top: Path, edges: Edges, discover: Callable[[], Iterable[DevUnit]]
    ) -> None:
        """Know of nothing.

        Args:
            top: The folder that the units' roots are relative to.
            edges: The edges as they were when tasks were made.
            discover: Finds the units as they are now.
        """
        self.happened = False
        self._top, self._edges, self._discover = top, edges, discover
        self._now = edges

    def happen(self) -> None:
        """Note that a task of the user's own ran; what it did nobody knows."""
        self.happened = True
        self._now = Edges(ordered=(), needs={}, refused={})

    def check(self, unit: DevUnit) -> None:
        """Refuse a unit that cannot be ordered or whose prompt cannot be read, by now.

        Raises:
            PddError: If it is refused.
        """
        if str(unit.id) not in self._edges.refused:
            return
        if not self._now.ordered:
            self._now = edges_of(self._top, self._edges.ordered)
        self._now.check(unit)

    def new(self) -> tuple[str, ...]:
        """Return the prompts that are there by now and were not."""
        known = {unit.prompt for unit in self._edges.ordered}
        try:
            found = self._discover() if self.happened else ()
        except PddError:
            return ()  # the next command says what is wrong
        return tuple(place(u, u.prompt) for u in found if u.prompt not in known)
