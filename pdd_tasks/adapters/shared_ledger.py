"""What all runs of a project spend, kept in ``state.db``.

Rule 1: a request is checked against every scope and set aside in one transaction, so
that what is spent and reserved never exceeds a ceiling, whoever asks at once. Rule 2: a
reservation whose process was killed counts as spent, since the request may have been
billed. Rule 3: what is on record is never changed but to settle it.
"""

import sqlite3
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Final, Protocol, TypeVar

from pdd_tasks.adapters.locks.owner import Owner, owner, status_of
from pdd_tasks.core.model.ceiling import Ceiling, Scope
from pdd_tasks.core.model.rate import Rate, Taken, start_after
from pdd_tasks.core.model.spending import Bill, Charge, Standing, check
from pdd_tasks.errors import BudgetError


T = TypeVar("T")
RESERVED: Final = "reserved"
SETTLED: Final = "settled"
ORPHANED: Final = "orphaned"  # its process was killed: the worst case counts as spent
_ENDED: Final = frozenset({None, "zombie", "dead"})
_AWAY_S: Final = 24 * 3600.0  # another machine's reservation is given up after that
_COUNTED: Final = "COALESCE(cost, worst, 0)"
_NEW: Final = """
    INSERT INTO charge (
        at, day, run, unit, kind, model, status, worst, starts, tokens, characters,
        pid, started, boot, host
    ) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""


class Database(Protocol):
    """Where it is kept."""

    def must(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Return what some work returns, done in one transaction, or raise."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """A request that may be made.

    Attributes:
        number: Its number on record.
        wait_s: Seconds to wait before it is made.
        orphans: Reservations of killed processes that were settled on the way.
    """

    number: int
    wait_s: float = 0.0
    orphans: int = 0


class SharedLedger:
    """The ledger that the runs of one project share.

    Args:
        database: Where it is kept; asked for when something is spent.
        run: Names this run of the program.
        now: Returns the time, ISO 8601 in UTC.
        seconds: Returns seconds on a clock that all processes share.
    """

    def __init__(
        self,
        database: Callable[[], Database],
        *,
        run: str,
        now: Callable[[], str],
        seconds: Callable[[], float],
    ) -> None:
        self._database, self._run = database, run
        self._now, self._seconds = now, seconds

    def reserve(self, charge: Charge, ceiling: Ceiling, rate: Rate) -> Slot:
        """Set one request's worst case aside.

        Returns:
            When it may be made.

        Raises:
            BudgetError: If it does not fit a ceiling, or can never fit the rate.
            StateError: If there is no ledger to be written.
        """

        def work(connection: sqlite3.Connection) -> Slot | BudgetError:
            orphans = self._settle_orphans(connection)  # stays, even if it is refused
            try:
                return self._set_aside(connection, charge, ceiling, rate, orphans)
            except BudgetError as error:
                return error

        found = self._database().must(work)
        if isinstance(found, BudgetError):
            raise found
        return found

    def _set_aside(
        self,
        connection: sqlite3.Connection,
        charge: Charge,
        ceiling: Ceiling,
        rate: Rate,
        orphans: int,
    ) -> Slot:
        now, seconds = self._now(), self._seconds()
        standings = self._standings(connection, charge, ceiling, now[:10])
        check(standings, charge.worst, ceiling.place)
        taken = _taken(connection, charge.model, seconds)
        starts = start_after(taken, rate, charge.tokens, seconds)
        number = self._insert(connection, charge, now, starts)
        return Slot(number=number, wait_s=starts - seconds, orphans=orphans)

    def settle(self, number: int, bill: Bill) -> None:
        """Replace a reservation by what was charged.

        Raises:
            StateError: If there is no ledger to be written.
        """
        received = (bill.tokens_in, bill.tokens_out)
        used = None if None in received else sum(filter(None, received))
        row = (SETTLED, bill.cost, *received, used, number, RESERVED)

        def work(connection: sqlite3.Connection) -> None:
            connection.execute(
                "UPDATE charge SET status = ?, cost = ?, tokens_in = ?, tokens_out = ?,"
                " tokens = COALESCE(?, tokens) WHERE id = ? AND status = ?",
                row,
            )

        self._database().must(work)

    def standings(self, charge: Charge, ceiling: Ceiling) -> tuple[Standing, ...]:
        """Return how the scopes that have a ceiling stand.

        Raises:
            StateError: If there is no ledger.
        """

        def work(connection: sqlite3.Connection) -> tuple[Standing, ...]:
            return self._standings(connection, charge, ceiling, self._now()[:10])

        return self._database().must(work)

    def _standings(
        self, connection: sqlite3.Connection, charge: Charge, ceiling: Ceiling, day: str
    ) -> tuple[Standing, ...]:
        """Return the scopes that have a ceiling, the narrowest first."""
        of_run = {"run": self._run}
        of_unit = {**of_run, "unit": charge.unit}
        rows = {
            Scope.STEP: {**of_unit, "kind": charge.kind},
            Scope.UNIT: of_unit,
            Scope.RUN: of_run,
            Scope.DAY: {"day": day},
            Scope.PROJECT: {},
        }
        return tuple(
            replace(sums(connection, scope, where), limit=limit)
            for scope, where in rows.items()
            if (limit := ceiling.of(scope)) is not None
        )

    def _insert(
        self, connection: sqlite3.Connection, charge: Charge, now: str, starts: float
    ) -> int:
        me = owner()
        what = (charge.unit, charge.kind, charge.model, RESERVED, charge.worst)
        size = (starts, charge.tokens, charge.characters)
        who = (me.pid, me.start, me.boot_id, me.host)
        row = (now, now[:10], self._run, *what, *size, *who)
        return connection.execute(_NEW, row).lastrowid or 0

    def _settle_orphans(self, connection: sqlite3.Connection) -> int:
        """Count as spent what killed processes had set aside.

        Returns:
            How many reservations these are.
        """
        me = owner()
        held = connection.execute(
            "SELECT id, pid, started, boot, host, starts FROM charge"
            " WHERE status = ? AND NOT (pid = ? AND started = ? AND host = ?)",
            (RESERVED, me.pid, me.start, me.host),
        )
        gone = [row[0] for row in held if _is_gone(row[1:], me, self._seconds())]
        connection.executemany(
            "UPDATE charge SET status = ? WHERE id = ?",
            ((ORPHANED, number) for number in gone),
        )
        return len(gone)


def sums(
    connection: sqlite3.Connection, scope: Scope, where: dict[str, str]
) -> Standing:
    """Return what is spent and reserved of some charges; the limit is nothing.

    Args:
        connection: The database.
        scope: Whose sums these are.
        where: Column → value that charges must have.
    """
    terms = " AND ".join(f"{column} = ?" for column in where) or "1"
    spent, reserved = connection.execute(
        f"SELECT COALESCE(SUM(CASE status WHEN 'reserved' THEN 0 ELSE {_COUNTED} END),"  # noqa: S608 - our own words
        f" 0), COALESCE(SUM(CASE status WHEN 'reserved' THEN {_COUNTED} ELSE 0 END), 0)"
        f" FROM charge WHERE {terms}",
        tuple(where.values()),
    ).fetchone()
    return Standing(scope=scope, limit=0, spent=spent, reserved=reserved)


def _taken(
    connection: sqlite3.Connection, model: str, seconds: float
) -> Iterable[Taken]:
    rows = connection.execute(
        "SELECT starts, tokens, status FROM charge WHERE model = ? AND starts > ?"
        " ORDER BY starts",
        (model, seconds - 60.0),
    ).fetchall()
    # what has ended began: a start that lies ahead is of a clock that was set back
    return [
        Taken(at=at if status == RESERVED else min(at, seconds), tokens=tokens)
        for at, tokens, status in rows
    ]


def _is_gone(row: tuple[int, str, str, str, float], me: Owner, seconds: float) -> bool:
    pid, started, boot, host, starts = row
    if host != me.host:
        return seconds - starts > _AWAY_S
    return boot != me.boot_id or status_of(pid, started) in _ENDED
