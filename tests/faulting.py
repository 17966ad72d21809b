"""Publish or recover under faults, at every call of the system, and look after each.

    python tests/faulting.py FOLDER (publish | recover) (exchange | link) FAULT STAYS

FAULT is the number of an error, or KILL, TEAR or SHORT of `faults`; with STAYS of 1
it happens at every call from there on. What came of it is printed as JSON: outcome →
number of points. It runs under the library `faults.c`.
"""

import json
import os
import shutil
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from faults import KILL, TEAR, Faults
from publishing import (
    UNIT,
    assert_swept,
    assert_whole,
    old_project,
    state,
    tree,
    writes,
)

from pdd_tasks.adapters.exchange import exchange, swap_by_link
from pdd_tasks.adapters.transactions import Transactions
from pdd_tasks.errors import DisplacedError, PddError


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """One fault, and how files are exchanged."""

    faults: Faults
    way: str
    what: int
    stays: bool = False

    def transactions(self, root: Path) -> Transactions:
        swap = exchange if self.way == "exchange" else swap_by_link
        return Transactions(root, swap=swap)

    def outcome(self, root: Path, at: int, action: str) -> str:
        """Return how an action ended whose n-th call did; empty if it has fewer."""
        if self.what in {KILL, TEAR}:
            return self._outcome_of_child(root, at, action)
        self.faults.arm(at, self.what, root, stays=self.stays)
        said = self._act(root, action)
        return said if self.faults.disarm() >= at else ""

    def _outcome_of_child(self, root: Path, at: int, action: str) -> str:
        if child := os.fork():
            _, status = os.waitpid(child, 0)
            return "killed" if os.WIFSIGNALED(status) else ""
        self.faults.arm(at, self.what, root)
        said = self._act(root, action)
        os._exit(0 if said == "published" else 1)

    def _act(self, root: Path, action: str) -> str:
        try:
            if action == "publish":
                self.transactions(root).publish(UNIT, writes())
            else:
                self.transactions(root).recover(UNIT)
        except DisplacedError:
            return "displaced"
        except PddError:
            return "refused"
        return "published"


def publishing(trial: Trial, folder: Path) -> Counter[str]:
    """Publish with a fault at each point; assert what must hold after each."""
    found: Counter[str] = Counter()
    point = 1
    while said := trial.outcome(
        root := old_project(folder / f"{point}"), point, "publish"
    ):
        assert said != "displaced", point
        assert_whole(root)
        pending = trial.transactions(root).pending(UNIT)
        if said == "refused" and not pending:
            assert state(root) == "old", point
        trial.transactions(root).recover(UNIT)
        reached = state(root)
        assert reached == "new" or said != "published", point
        assert_swept(root)
        trial.transactions(root).publish(UNIT, writes())
        assert state(root) == "new", point
        shutil.rmtree(root)
        found[f"{said}, {reached}"] += 1
        point += 1
    return found


def recovering(trial: Trial, folder: Path) -> Counter[str]:
    """Recover, with a fault at each point, from every state that a kill leaves."""
    found: Counter[str] = Counter()
    for base in killed_projects(trial, folder):
        found["states"] += 1
        wanted = ""
        for point in range(1, 999):
            root = folder / "again"
            shutil.rmtree(root, ignore_errors=True)
            shutil.copytree(base, root)
            said = trial.outcome(root, point, "recover")
            assert_whole(root)
            trial.transactions(root).recover(UNIT)
            assert_swept(root)
            wanted = wanted or state(root)
            assert state(root) == wanted, (base, point)
            if not said:
                break
            found[said] += 1
    return found


def killed_projects(trial: Trial, folder: Path) -> Iterator[Path]:
    """Yield projects in which publishing was killed, each shape of them once."""
    killing = Trial(faults=trial.faults, way=trial.way, what=KILL)
    seen = set()
    point = 1
    while killing.outcome(root := old_project(folder / f"{point}"), point, "publish"):
        if (shape := tree(root)) not in seen:
            seen.add(shape)
            yield root
        point += 1


def main(folder: str, action: str, way: str, what: str, stays: str) -> None:
    """Try one fault everywhere, and print what came of it."""
    trial = Trial(faults=Faults(), way=way, what=int(what), stays=stays == "1")
    tried = publishing if action == "publish" else recovering
    sys.stdout.write(json.dumps(tried(trial, Path(folder).resolve())))


if __name__ == "__main__":
    main(*sys.argv[1:])
