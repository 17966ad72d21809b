"""When a run records which unit needs which: never if it has nothing to do."""

import threading
from collections.abc import Callable
from pathlib import Path, PurePosixPath

from pdd_tasks.core.model.step import Operation
from pdd_tasks.core.model.unit import DevUnit
from pdd_tasks.engine.outcome import Outcome
from pdd_tasks.errors import PddError
from pdd_tasks.plugin.edges import edges_of


class GraphRecord:
    """The recorded graphs of the projects of one run."""

    def __init__(
        self, top: Path, units: tuple[DevUnit, ...], announce: Callable[[str], None]
    ) -> None:
        """Record for some units.

        Args:
            top: The folder that the units' roots are relative to.
            units: All units.
            announce: Tells people a line, each line once.
        """
        self._top, self._units, self._announce = top, units, announce
        self._lock = threading.Lock()
        self._recorded: set[PurePosixPath] = set()

    def after(self, unit: DevUnit, outcome: Outcome) -> None:
        """Record the graph of a unit's project after something was done with it.

        That is once a run, and again when a model chose what a prompt needs.
        """
        from pdd_tasks.adapters.graph_file import record_graph

        with self._lock:
            chosen = Operation.CHOOSE_DEPS in outcome.operations
            if unit.root in self._recorded and not chosen:
                return
            self._recorded.add(unit.root)
            mine = tuple(one for one in self._units if one.root == unit.root)
            try:
                record_graph(self._top / unit.root, edges_of(self._top, mine).needs)
            except PddError as error:  # nothing is decided by it
                self._announce(error.message)
