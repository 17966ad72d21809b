"""What ``state.db`` remembers of requests to models, read and never written."""

import sqlite3
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

from pdd_tasks.adapters.state_db import read


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """A request that was answered.

    Attributes:
        run: The run it was part of.
        unit: The unit that asked.
        kind: What was asked for.
        model: Endpoint and model.
        characters: Length of what was sent.
        sent: Tokens sent.
        received: Tokens received.
    """

    run: str
    unit: str
    kind: str
    model: str
    characters: int
    sent: int
    received: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Spending:
    """What was spent, micro-dollars.

    Attributes:
        settled: What calls cost, as far as it is known.
        estimated: Of calls whose cost nobody told, at what they may have cost.
        orphaned: The same of calls whose runs were killed.
        reserved: Set aside for calls in flight.
        unknown: How many calls nobody knows the cost of, neither before nor after.
    """

    settled: int = 0
    estimated: int = 0
    orphaned: int = 0
    reserved: int = 0
    unknown: int = 0

    @property
    def sum(self) -> int:
        """All of it that is known or estimated."""
        return self.settled + self.estimated + self.orphaned + self.reserved

    def __add__(self, other: Self) -> Self:
        return replace(
            self,
            settled=self.settled + other.settled,
            estimated=self.estimated + other.estimated,
            orphaned=self.orphaned + other.orphaned,
            reserved=self.reserved + other.reserved,
            unknown=self.unknown + other.unknown,
        )


def past_requests(root: Path) -> tuple[Past, ...]:
    """Return the requests of a project that were answered, oldest first.

    Raises:
        StateError: If the database is broken, newer, or cannot be read.
    """

    def work(connection: sqlite3.Connection) -> tuple[Past, ...]:
        rows = connection.execute(
            "SELECT run, unit, kind, model, characters, tokens_in, tokens_out"
            " FROM charge WHERE tokens_in IS NOT NULL AND kind != '' ORDER BY id"
        )
        return tuple(
            Past(
                run=run,
                unit=unit,
                kind=kind,
                model=model,
                characters=characters,
                sent=sent,
                received=received,
            )
            for run, unit, kind, model, characters, sent, received in rows
        )

    return read(root, work) or ()


def spending(root: Path, day: str = "") -> Spending:
    """Return what was spent in a project, on one day or in all.

    Args:
        root: Its state root.
        day: The day, ``2026-01-31`` in UTC; empty means all.

    Raises:
        StateError: As for `past_requests`.
    """

    def work(connection: sqlite3.Connection) -> Spending:
        rows = connection.execute(
            "SELECT CASE WHEN status = 'settled' AND cost IS NULL THEN 'estimated'"
            " ELSE status END AS what, SUM(COALESCE(cost, worst, 0)) FROM charge"
            " WHERE ? IN ('', day) GROUP BY what",
            (day,),
        )
        found: dict[str, int] = dict(rows.fetchall())
        [[unknown]] = connection.execute(
            "SELECT COUNT(*) FROM charge"
            " WHERE cost IS NULL AND worst IS NULL AND ? IN ('', day)",
            (day,),
        )
        return Spending(**found, unknown=unknown)

    return read(root, work) or Spending()
