"""The tables of ``.pdd/state.db``, and how those of older programs become ours."""

import sqlite3
from pathlib import Path
from typing import Final

from pdd_tasks.errors import StateError


_MIGRATIONS: Final = (
    """
    CREATE TABLE unit_state (
        unit TEXT PRIMARY KEY,
        state TEXT NOT NULL,
        at TEXT NOT NULL
    );
    CREATE TABLE operation (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        at TEXT NOT NULL,
        unit TEXT NOT NULL,
        step TEXT NOT NULL,
        operation TEXT NOT NULL,
        because TEXT NOT NULL,
        status TEXT NOT NULL,
        cost INTEGER,
        calls INTEGER,
        seconds REAL,
        error TEXT NOT NULL DEFAULT '',
        run TEXT NOT NULL DEFAULT ''
    );
    CREATE INDEX operation_of_unit ON operation (unit, id);
    """,
    """
    CREATE TABLE charge (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        at TEXT NOT NULL,
        day TEXT NOT NULL,
        run TEXT NOT NULL,
        unit TEXT NOT NULL,
        kind TEXT NOT NULL,
        model TEXT NOT NULL,
        status TEXT NOT NULL,
        worst INTEGER,
        cost INTEGER,
        starts REAL NOT NULL,
        tokens INTEGER NOT NULL,
        characters INTEGER NOT NULL,
        tokens_in INTEGER,
        tokens_out INTEGER,
        pid INTEGER NOT NULL,
        started TEXT NOT NULL,
        boot TEXT NOT NULL,
        host TEXT NOT NULL
    );
    CREATE INDEX charge_of_run ON charge (run, unit, kind);
    CREATE INDEX charge_of_day ON charge (day);
    CREATE INDEX charge_of_model ON charge (model, starts);
    CREATE INDEX charge_open ON charge (status) WHERE status = 'reserved';
    """,
    """
    ALTER TABLE operation ADD COLUMN cpu REAL;
    ALTER TABLE operation ADD COLUMN memory INTEGER;
    ALTER TABLE operation ADD COLUMN children INTEGER;
    """,
)
"""Each makes of one schema the next; a new database goes through all of them."""


SCHEMA: Final = len(_MIGRATIONS)


def migrated(connection: sqlite3.Connection, path: Path) -> bool:
    """Bring the tables up to date.

    Returns:
        Whether there were none.
    """
    before = schema_of(connection, path)
    for script in _MIGRATIONS[before:]:
        for statement in filter(str.strip, script.split(";")):
            connection.execute(statement)
    if before < SCHEMA:
        connection.execute(f"PRAGMA user_version={SCHEMA}")
    return before == 0


def schema_of(connection: sqlite3.Connection, path: Path) -> int:
    """Return the schema of a database.

    Raises:
        StateError: If it is newer than this program.
    """
    schema = int(connection.execute("PRAGMA user_version").fetchone()[0])
    if schema > SCHEMA:
        raise StateError(
            f"{path} has schema {schema}, newer than this program's {SCHEMA}",
            hint="upgrade it: `pip install --upgrade pdd-tasks`",
        )
    return schema
