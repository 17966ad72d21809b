"""What was really spent, as values, lines and JSON; writes nothing."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Final, NamedTuple

from pdd_tasks.adapters.charge_log import paid
from pdd_tasks.core.model.cost import By, Cost, Paid, counted
from pdd_tasks.core.model.ledger import dollars
from pdd_tasks.core.model.nearest import nearest
from pdd_tasks.errors import ConfigError
from pdd_tasks.plugin.logbook import since
from pdd_tasks.plugin.project import Project
from pdd_tasks.plugin.selection import selected


SCHEMA: Final = 1
_COLUMNS: Final = ("requests", "tokens in", "tokens out", "spent", "estimated")
_NO_RECORD: Final = "nothing is on record: no request was ever paid for here"


class Words(NamedTuple):
    """What was typed; empty where nothing was.

    Attributes:
        units: Selectors.
        by: What is counted by.
        since: From when on.
    """

    units: tuple[str, ...] = ()
    by: str = By.UNIT
    since: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Costs:
    """What was spent.

    Attributes:
        by: What it is counted by.
        rows: Name → what its requests cost, in the order in which they are shown.
        total: All of them.
        known: Something is on record, however little.
    """

    by: By
    rows: Mapping[str, Cost]
    total: Cost
    known: bool


def costs(project: Project, words: Words) -> Costs:
    """Return what was spent in a project; of units that are gone, too.

    Args:
        project: The project.
        words: What is asked for; only what the named units cost, if any are named.

    Raises:
        ConfigError: If a word selects no unit, or is no time or way of counting.
        StateError: If what is on record cannot be read.
    """
    by = _by(words.by)
    units = {str(unit.id) for unit in selected(project, *words.units)}
    roots = sorted({unit.root for unit in project.units})
    start = ""
    if words.since:
        start = since(words.since, project.world(project.units[0]).clock.now())
    read = [paid(project.top / root, start) for root in roots]
    found = [
        one
        for of_root in read
        for one in of_root or ()
        if not words.units or one.unit in units
    ]
    return _costs(found, by, known=any(one is not None for one in read))


def _costs(found: Sequence[Paid], by: By, *, known: bool) -> Costs:
    rows = counted(found, by)
    return Costs(by=by, rows=rows, total=Cost.of(found), known=known)


def _by(word: str) -> By:
    """Return what a word says to count by.

    Raises:
        ConfigError: If it says nothing.
    """
    try:
        return By(word)
    except ValueError:
        like = nearest(word, list(By)) or By.UNIT
        raise ConfigError(
            f"--by is {word!r}, expected {', '.join(By)}", hint=f"write --by={like}"
        ) from None


def lines(found: Costs) -> list[str]:
    """Return a table, its total last, and what of it nobody knows."""
    if not found.rows:
        return ["nothing was spent" if found.known else _NO_RECORD]
    rows = [*found.rows.items(), ("total", found.total)]
    cells = [(str(found.by), *_COLUMNS), *(_row(*row) for row in rows)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    return [
        *("  ".join(_aligned(row, widths)).rstrip() for row in cells),
        *_notes(found),
    ]


def _row(name: str, cost: Cost) -> tuple[str, ...]:
    numbers = (cost.requests, cost.tokens_in, cost.tokens_out)
    amounts = (cost.spent, cost.estimated)
    return (
        name or "unknown",
        *(f"{number:,}" for number in numbers),
        *(dollars(amount) for amount in amounts),
    )


def _aligned(row: Sequence[str], widths: Sequence[int]) -> Iterator[str]:
    for place, (cell, width) in enumerate(zip(row, widths, strict=True)):
        yield cell.rjust(width) if place else cell.ljust(width)


def _notes(found: Costs) -> Iterator[str]:
    if found.total.estimated:
        yield "estimated: what requests may have cost of which nobody told the cost"
    if found.total.unpriced:
        count = found.total.unpriced
        requests = "request" if count == 1 else "requests"
        yield f"{count} {requests} without a known price: set prices in .pddrc"


def mapping(found: Costs) -> Mapping[str, object]:
    """Return the same as plain values for JSON."""
    return {
        "schema": SCHEMA,
        "by": str(found.by),
        "rows": [{"name": name, **asdict(cost)} for name, cost in found.rows.items()],
        "total": asdict(found.total),
    }
