"""32 spenders, each a process of its own, at one ledger; two of them are killed.

    python spenders.py ROOT CAP

Writes one JSON object: what was sampled meanwhile, and how each spender ended.
"""

import json
import os
import signal
import sqlite3
import sys
import time
from contextlib import closing
from pathlib import Path

from pdd_tasks.adapters.clock import SystemClock
from pdd_tasks.adapters.shared_ledger import SharedLedger
from pdd_tasks.adapters.state_db import StateDatabase
from pdd_tasks.core.model.ceiling import Ceiling
from pdd_tasks.core.model.rate import Rate
from pdd_tasks.core.model.spending import Bill, Charge
from pdd_tasks.errors import BudgetError


SPENDERS = 32
KILLED = 2
WORST = 1_000
ROUNDS = 12
ABOVE = """
    CREATE TRIGGER above AFTER INSERT ON charge
    WHEN (SELECT SUM(COALESCE(cost, worst)) FROM charge) > {cap}
    BEGIN SELECT RAISE(ABORT, 'spent plus reserved is above the cap'); END
"""


def ledger_of(root: Path, name: str) -> SharedLedger:
    database = StateDatabase(root, lambda _: 0, lambda _: None)
    return SharedLedger(
        lambda: database, run=name, now=SystemClock().now, seconds=time.time
    )


def spend(root: Path, number: int, cap: int, held: int) -> int:
    """Return 0 once the cap refused, or all rounds are done."""
    ledger = ledger_of(root, f"run {number}")
    charge = Charge(unit=f"u{number}", kind="generate", model="m", worst=WORST)
    for _ in range(ROUNDS):
        try:
            slot = ledger.reserve(charge, Ceiling(day=cap), Rate())
        except BudgetError:
            return 0
        if number < KILLED:
            os.write(held, b"!")
            signal.pause()
        ledger.settle(slot.number, Bill(cost=WORST - 7 * number))
    return 0


def total(root: Path) -> int:
    address = f"file:{root}/.pdd/state.db?mode=ro"
    with closing(sqlite3.connect(address, uri=True, timeout=30)) as connection:
        query = "SELECT SUM(COALESCE(cost, worst, 0)) FROM charge"
        return int(connection.execute(query).fetchone()[0] or 0)


def main() -> None:
    root, cap = Path(sys.argv[1]), int(sys.argv[2])
    database = StateDatabase(root, lambda _: 0, lambda _: None)
    database.must(lambda connection: connection.execute(ABOVE.format(cap=cap)).close())
    reads, writes = os.pipe()
    spenders = []
    for number in range(SPENDERS):
        child = os.fork()
        if child == 0:
            os._exit(spend(root, number, cap, writes))
        spenders.append(child)
        if number < KILLED:  # the others may leave nothing to set aside
            os.read(reads, 1)
    for child in spenders[:KILLED]:
        os.kill(child, signal.SIGKILL)
    samples: list[int] = []
    codes: dict[int, int] = {}
    while len(codes) < SPENDERS:
        samples.append(total(root))
        child, status = os.waitpid(-1, os.WNOHANG)
        if child:
            codes[spenders.index(child)] = os.waitstatus_to_exitcode(status)
    late = ledger_of(root, "afterwards")
    slot = late.reserve(Charge(worst=0), Ceiling(), Rate())
    late.settle(slot.number, Bill(cost=0))
    said = {"samples": samples, "codes": [codes[n] for n in range(SPENDERS)]}
    sys.stdout.write(json.dumps(said))


if __name__ == "__main__":
    main()
