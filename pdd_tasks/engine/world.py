"""The world of one project: every port the engine needs, in one value."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from pdd_tasks.core.model.unit import DevUnit
from pdd_tasks.core.plan.interface_change import Shown
from pdd_tasks.core.prompt.selection import Slicer
from pdd_tasks.engine.ports import (
    Baselines,
    Checkout,
    Clock,
    Consent,
    Files,
    Formatter,
    Journal,
    Locks,
    Merger,
    Model,
    Publisher,
    Runner,
    Safety,
    Syntax,
    Traces,
)


def _always(_: DevUnit) -> None:
    """Let every operation begin."""


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """Ports to one project, and what is the same for all of its units.

    Attributes:
        model: Makes the model a unit's settings ask for.
        syntaxes: Name of a syntax adapter → the adapter.
        shows: Name of a syntax adapter → what reads off what an example shows; one
            without it is compared by its behaviour.
        template: Returns the text of a request's template by name.
        units: All units of the project.
        version: Version of this program, for records.
        say: Tells people one line now, for what cannot wait.
        begin: Counts an operation of a unit that is about to begin, or refuses it.
    """

    files: Files
    traces: Traces
    publisher: Publisher
    baselines: Baselines
    locks: Locks
    merger: Merger
    runner: Runner
    formatter: Formatter
    checkout: Checkout
    clock: Clock
    journal: Journal
    safety: Safety
    consent: Consent
    slicer: Slicer
    model: Callable[[DevUnit], Model]
    syntaxes: Mapping[str, Syntax]
    template: Callable[[str], str]
    units: tuple[DevUnit, ...]
    version: str
    say: Callable[[str], None]
    begin: Callable[[DevUnit], None] = _always
    shows: Mapping[str, Callable[[str], Shown]] = field(default_factory=dict)
