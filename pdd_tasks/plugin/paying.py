"""Where the units of one project pay for model calls; loaded when one is made."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from pdd_tasks.adapters.models.call_gate import CallGate
from pdd_tasks.adapters.models.till import RunPurse, Terms, Till
from pdd_tasks.adapters.process_groups import refuse_if_ended
from pdd_tasks.adapters.shared_ledger import Database, SharedLedger
from pdd_tasks.core.model.rate import Rate
from pdd_tasks.core.model.unit import DevUnit
from pdd_tasks.engine.ports import Clock, Locks


_GATE: Final = CallGate()  # of all projects of a run: they share one line
_BEAT_S: Final = 1.0


@dataclass(frozen=True, kw_only=True)
class Tills:
    """Makes the tills of one project's units.

    Attributes:
        database: Returns where what all runs spend is kept.
        purse: The run's own ledger.
        run: Names this run of the program.
        clock: Says when something was spent.
        announce: Tells people one line, each line once a run.
        locks: Told that a unit goes on while it waits.
        gate: How many calls are in flight.
    """

    database: Callable[[], Database]
    purse: RunPurse
    run: str
    clock: Clock
    announce: Callable[[str], None]
    locks: Locks
    gate: CallGate = field(default=_GATE)

    def of(self, unit: DevUnit) -> Till:
        """Return where a unit pays."""
        settings = unit.settings
        terms = Terms(
            unit=str(unit.id),
            ceiling=settings.ceiling,
            rate=Rate(
                calls=settings.max_llm_calls_per_minute,
                tokens=settings.max_tokens_per_minute,
            ),
            at_once=settings.max_concurrent_calls,
            max_time_s=settings.max_time_s,
        )
        return Till(
            terms,
            self.purse,
            self._shared,
            self.gate,
            tell=self.announce,
            pause=lambda seconds: self.pause(unit, seconds),
        )

    def pause(self, unit: DevUnit, seconds: float) -> None:
        """Wait, and go on telling that a unit makes progress.

        Raises:
            EndedError: If the run is interrupted meanwhile.
            LockLostError: If another run has taken the unit over.
        """
        until = self.clock.monotonic() + seconds
        while True:
            refuse_if_ended("a model call")
            self.locks.beat(unit.id)
            left = until - self.clock.monotonic()
            if left <= 0:
                return
            time.sleep(min(left, _BEAT_S))

    @cached_property
    def _shared(self) -> SharedLedger:
        return SharedLedger(
            self.database, run=self.run, now=self.clock.now, seconds=time.time
        )
