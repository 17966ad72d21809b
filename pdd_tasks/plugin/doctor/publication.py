"""What was cut off while it was published, and what was parked meanwhile."""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

from pdd_tasks.adapters.files import STATE_FOLDER
from pdd_tasks.core.model.artifact import UnitId
from pdd_tasks.plugin.doctor.finding import Finding, Site


_MANIFEST: Final = "manifest.json"


def transaction_findings(site: Site) -> Iterable[Finding]:
    """Give the transactions that are open although nobody publishes.

    Yields:
        A finding each.
    """
    for folder, unit in _folders(site, "txn"):
        if site.locks.busy(_id(unit)):
            continue
        if (folder / _MANIFEST).exists():
            what = f"a publication of {unit} was cut off after it was decided"
            why = "some of its files may be in place and others not yet"
        else:
            what = f"a publication of {unit} was cut off before it was decided"
            why = "nothing of it was written; what it had prepared is thrown away"
        yield Finding(
            kind="transaction", unit=unit, what=what, why=why, command=site.sync(unit)
        )


def parked_findings(site: Site) -> Iterable[Finding]:
    """Give the files that were parked because a person's stood in their place.

    Yields:
        A finding each.
    """
    for folder, unit in _folders(site, "parked"):
        for path in sorted(p for p in folder.rglob("*") if p.is_file()):
            name = path.relative_to(folder)
            parked = site.label / path.relative_to(site.root)
            yield Finding(
                kind="parked",
                unit=unit,
                what=f"what was to be written to {name} is parked as {parked}",
                why=f"you saved {name} in that moment, and your save stands; compare"
                " the two, and delete the parked one when you have what you want",
                command=f"diff -u {site.label / name} {parked}",
            )


def _folders(site: Site, kind: str) -> Iterator[tuple[Path, str]]:
    """Give the folders of one kind below ``.pdd``, each with its unit's id.

    Yields:
        The folder and the id.
    """
    with suppress(FileNotFoundError, NotADirectoryError):
        for folder in sorted((site.root / STATE_FOLDER / kind).iterdir()):
            name = folder.name.rpartition(".")[0]
            yield folder, name.replace("%2F", "/").replace("%25", "%")


def _id(unit: str) -> UnitId:
    basename, _, language = unit.rpartition("_")
    return UnitId(basename, language)
