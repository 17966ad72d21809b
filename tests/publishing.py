"""Publish three files, or recover, in one project; and what tests ask of it after.

Run as a program it is what tests kill:

    python tests/publishing.py ROOT (publish | recover) (exchange | link)

In that project the code exists, the test file and its folder do not; the fingerprint
comes last.
"""

import subprocess
import sys
from pathlib import Path, PurePosixPath

import kill
from project import unmeasured_environment

from pdd_tasks.adapters.exchange import exchange, swap_by_link
from pdd_tasks.adapters.files import raw_digest
from pdd_tasks.adapters.transactions import Transactions
from pdd_tasks.core.model.artifact import UnitId
from pdd_tasks.core.model.publication import Write


UNIT = UnitId("a", "python")
OLD = {
    "src/a.py": b"old code\n" * 99,
    "tests/unit/test_a.py": None,
    ".pdd/meta/a_python.json": b"old trace\n",
}
NEW = {
    "src/a.py": b"new code\n" * 99,
    "tests/unit/test_a.py": b"new tests\n" * 99,
    ".pdd/meta/a_python.json": b"new trace\n",
}


def writes() -> list[Write]:
    """Return what is published."""
    return [
        Write(
            path=PurePosixPath(path),
            data=data,
            expected=None if (old := OLD[path]) is None else raw_digest(old),
        )
        for path, data in NEW.items()
    ]


def old_project(root: Path) -> Path:
    """Make the project as it is before, and return it."""
    for path, data in OLD.items():
        if data is not None:
            put(root / path, data)
    return root


def put(path: Path, data: bytes) -> None:
    """Write a file and the folders it needs."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def killed(at: int | str, root: Path, action: str, way: str) -> bool:
    """Run the program and kill it before a change; False if it ended first."""
    options = [str(at), str(root.with_suffix(".count")), "--under", str(root)]
    program = [__file__, str(root), action, way]
    command = [sys.executable, kill.__file__, *options, "--", *program]
    done = subprocess.run(
        command, env=unmeasured_environment(), check=False, capture_output=True
    )
    assert done.returncode in {0, -9}, done.stderr.decode()
    return done.returncode != 0


def files(root: Path) -> dict[str, bytes]:
    """Return the project's files, those of the state folder only if published."""
    found = {
        str(path.relative_to(root)): path.read_bytes()
        for path in root.rglob("*")
        if path.is_file()
    }
    return {p: d for p, d in found.items() if ".pdd/" not in p or p in NEW}


def state(root: Path, but: tuple[str, ...] = ()) -> str:
    """Return whether the project is all old or all new, some files aside."""
    found = {path: data for path, data in files(root).items() if path not in but}
    if found == NEW:
        return "new"
    assert found == {path: data for path, data in OLD.items() if data is not None}
    return "old"


def assert_whole(root: Path) -> None:
    """Assert that every file is the old or the new one, none torn."""
    for path, new in NEW.items():
        data = (root / path).read_bytes() if (root / path).exists() else None
        assert data in {OLD[path], new}


def assert_swept(root: Path) -> None:
    """Assert that no transaction and nothing of one is left."""
    assert list((root / ".pdd/txn").glob("*")) == []
    assert list(root.rglob("*.displaced")) == []
    assert not Transactions(root).pending(UNIT)


def tree(root: Path) -> tuple[str, ...]:
    """Return a description of a folder, random names left out."""
    rows = []
    for path in root.rglob("*"):
        parts = [p.split(".")[0] if "python." in p else p for p in path.parts]
        data = path.read_bytes() if path.is_file() else b""
        rows.append(f"{'/'.join(parts[len(root.parts) :])} {raw_digest(data)}")
    return tuple(sorted(rows))


def main(root: str, action: str, way: str) -> None:
    """Do what is asked."""
    swap = exchange if way == "exchange" else swap_by_link
    transactions = Transactions(Path(root), swap=swap)
    if action == "publish":
        transactions.publish(UNIT, writes())
    else:
        transactions.recover(UNIT)


if __name__ == "__main__":
    main(*sys.argv[1:])
