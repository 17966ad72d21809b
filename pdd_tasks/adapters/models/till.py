"""Where a model pays: the limits of the run, of the project, and of the endpoint.

Rule 1: what may be spent is asked before it is spent, the run's own budget first, then
what all runs share. Rule 2: whoever waits goes on telling so. Rule 3: without a shared
ledger nothing is paid that a ceiling of all runs would have to hold.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Final, Protocol

from pdd_tasks.adapters.models.call_gate import CallGate, Passage
from pdd_tasks.adapters.shared_ledger import Slot
from pdd_tasks.core.model.ceiling import Ceiling
from pdd_tasks.core.model.rate import Rate
from pdd_tasks.core.model.spending import Bill, Charge
from pdd_tasks.errors import BudgetError, StateError


_NO_SLOT: Final = Slot(number=0)
_TELL_S: Final = 5.0  # a shorter wait is not worth a line


class RunPurse(Protocol):
    """The run's own ledger."""

    def check_time(self, seconds: float | None) -> None:
        """Refuse to begin anything once the time of the run is over."""
        ...

    def reserve(self, worst: int | None, unit: str = "") -> None:
        """Set one call's worst case aside, or refuse."""
        ...

    def release(self, worst: int | None) -> None:
        """Take back a reservation whose call was not made."""
        ...

    def settle(self, worst: int | None, actual: int | None) -> None:
        """Replace a reservation by what was charged."""
        ...


class Shared(Protocol):
    """The ledger that all runs of the project share."""

    def reserve(self, charge: Charge, ceiling: Ceiling, rate: Rate) -> Slot:
        """Set one request's worst case aside, and say when it may be made."""
        ...

    def settle(self, number: int, bill: Bill) -> None:
        """Replace a reservation by what was charged."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What holds for one unit's calls.

    Attributes:
        unit: The unit.
        ceiling: What is committed with the project.
        rate: How often each model may be asked.
        at_once: How many calls may be in flight; None means no limit.
        max_time_s: Seconds after which a run makes no call; None means no limit.
    """

    unit: str
    ceiling: Ceiling = field(default_factory=Ceiling)
    rate: Rate = field(default_factory=Rate)
    at_once: int | None = None
    max_time_s: float | None = None


class Till:
    """Where one unit's model pays.

    Attributes:
        pause: Waits for some seconds, and tells the unit's lock meanwhile.
    """

    def __init__(
        self,
        terms: Terms,
        purse: RunPurse,
        shared: Shared,
        gate: CallGate,
        *,
        tell: Callable[[str], None],
        pause: Callable[[float], None],
    ) -> None:
        """Join the limits.

        Args:
            terms: What holds for the unit.
            purse: The run's own ledger.
            shared: The project's.
            gate: Of all calls of this process.
            tell: Tells people one line.
            pause: Waits for some seconds, and tells the unit's lock meanwhile.
        """
        self._terms, self._purse, self._shared = terms, purse, shared
        self._gate, self._tell, self.pause = gate, tell, pause

    @contextmanager
    def paid(self, charge: Charge) -> Iterator[Passage]:
        """Make one upstream request inside, once it is set aside and has its turn.

        Args:
            charge: The request.

        Yields:
            Where the bill is put; one that is not put counts the worst case as spent.

        Raises:
            BudgetError: If it does not fit a limit.
        """
        unit, worst = self._terms.unit, charge.worst
        charge = replace(charge, unit=unit)
        said = iter((f"{unit}: waits until fewer calls are in flight",))
        with self._gate.entered(
            charge.model, self._terms.at_once, lambda: self._waits(said)
        ) as passage:
            self._purse.check_time(self._terms.max_time_s)
            self._purse.reserve(worst, unit)
            try:
                slot = self._slot(charge)
            except BaseException:
                self._purse.release(worst)
                raise
            try:
                self._await(slot, passage)
                yield passage
            finally:
                self._purse.settle(worst, passage.bill.cost)
                self._settle(slot, passage.bill)

    def _waits(self, said: Iterator[str]) -> None:
        for line in said:
            self._tell(line)
        self.pause(0)

    def _slot(self, charge: Charge) -> Slot:
        terms = self._terms
        try:
            slot = self._shared.reserve(charge, terms.ceiling, terms.rate)
        except StateError as error:
            if terms.ceiling:
                raise BudgetError(
                    f"what all runs spend cannot be counted: {error.message}",
                    hint=error.hint,
                ) from None
            self._tell(f"warning: spending is not on record: {error.message}")
            return _NO_SLOT
        if slot.orphans:
            self._tell(
                "calls of runs that were killed, which count as spent at the most that"
                f" they may have cost: {slot.orphans}"
            )
        return slot

    def _await(self, slot: Slot, passage: Passage) -> None:
        """Wait until a request may be made; nothing is charged if that is cut off."""
        if slot.wait_s >= _TELL_S:
            unit, wait_s = self._terms.unit, slot.wait_s
            self._tell(f"{unit}: waits {wait_s:.0f} s for its turn to call the model")
        try:
            self.pause(slot.wait_s)
            self._purse.check_time(self._terms.max_time_s)
        except BaseException:
            passage.bill = Bill(cost=0)
            raise

    def _settle(self, slot: Slot, bill: Bill) -> None:
        if slot.number:
            try:
                self._shared.settle(slot.number, bill)
            except StateError as error:  # it stays set aside, and counts so
                self._tell(f"warning: a call is not settled on record: {error.message}")
