"""The requests to models that ``state.db`` has on record, read and never written."""

import sqlite3
from pathlib import Path

from pdd_tasks.adapters.state_db import read
from pdd_tasks.core.model.cost import Paid


def paid(root: Path, since: str = "") -> tuple[Paid, ...] | None:
    """Return the requests of a project, oldest first; None if nothing is on record.

    Args:
        root: Its state root.
        since: Only those from this time on, ISO 8601 in UTC; empty for all.

    Raises:
        StateError: If the database is broken, newer, or cannot be read.
    """

    def work(connection: sqlite3.Connection) -> tuple[Paid, ...]:
        rows = connection.execute(
            "SELECT day, unit, kind, model, cost, worst, tokens_in, tokens_out"
            " FROM charge WHERE at >= ? ORDER BY id",
            (since,),
        )
        return tuple(
            Paid(
                day=day,
                unit=unit,
                kind=kind,
                model=model,
                cost=cost,
                worst=worst,
                tokens_in=sent,
                tokens_out=received,
            )
            for day, unit, kind, model, cost, worst, sent, received in rows
        )

    return read(root, work)
