"""What ``doit cache verify`` and ``doit cache stats`` say of recorded replies."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from pdd_tasks.adapters.models.reply_audit import Fault, ReplyAudit
from pdd_tasks.adapters.models.reply_log import ReplyLog
from pdd_tasks.core.model.ledger import dollars
from pdd_tasks.plugin.project import Project
from pdd_tasks.plugin.said import Said, sized


@dataclass(slots=True, kw_only=True)
class Count:
    """What is known of the replies of one kind by one model.

    Attributes:
        entries: How many are recorded.
        size: Their bytes.
        project: How often one was found in the project.
        shared: How often one was found elsewhere.
        asked: How often a model was asked.
        saved: Micro-dollars that the found ones once cost, as far as that is known.
        unknown: How many of the found ones cost nobody knows what.
    """

    entries: int = 0
    size: int = 0
    project: int = 0
    shared: int = 0
    asked: int = 0
    saved: int = 0
    unknown: int = 0

    def add(self, other: "Count") -> None:
        """Add what another one counts."""
        for name in self.__slots__:
            setattr(self, name, getattr(self, name) + getattr(other, name))


def verified(project: Project, *, fix: bool) -> tuple[Said, bool]:
    """Return which recorded replies are broken, and whether any still is.

    Args:
        project: The project.
        fix: Settle what can be settled, and put the rest into quarantine.

    Raises:
        PddError: If a file cannot be read, or the disk refuses.
    """
    rows: list[Mapping[str, object]] = []
    lines: list[str] = []
    sound = 0
    for root in project.worlds:
        audit = ReplyAudit(project.top / root)
        faults = list(audit.faults())
        sound += sum(1 for _ in audit.kept())
        for fault in faults:
            aside = audit.mend(fault) if fix else None
            rows.append(_row(root, fault, aside, fix=fix))
            lines.append(_line(root, fault, aside, fix=fix))
    bad = len(rows)
    end = f"{sound} sound, {bad} not"
    if bad and not fix:
        end += ": `doit cache verify --fix` settles or puts them aside"
    value = {"schema": 1, "sound": sound, "fixed": fix, "faults": rows}
    return Said(lines=[*lines, end], value=value), bool(bad) and not fix


def _row(
    root: PurePosixPath, fault: Fault, aside: PurePosixPath | None, *, fix: bool
) -> Mapping[str, object]:
    return {
        "path": str(root / fault.path),
        "because": fault.because,
        "settled": fault.settled and fix,
        "aside": str(root / aside) if aside else None,
    }


def _line(
    root: PurePosixPath, fault: Fault, aside: PurePosixPath | None, *, fix: bool
) -> str:
    said = f"{root / fault.path} {fault.because}"
    if not fix:
        return said
    done = [
        *(["the answer with the lower digest stands"] if fault.settled else []),
        *([f"put into {root / aside}"] if aside else []),
    ]
    return f"{said}; {'; '.join(done)}"


def statistics(project: Project) -> Said:
    """Return how many replies are recorded and used, by kind and model."""
    counts: dict[tuple[str, str], Count] = {}
    for root in project.worlds:
        folder = project.top / root
        for one in ReplyAudit(folder).kept():
            here = counts.setdefault((one.kind, one.entry.reply.model), Count())
            here.add(Count(entries=1, size=one.size))
        for lookup in ReplyLog(folder).lookups():
            here = counts.setdefault((lookup.kind, lookup.model), Count())
            here.add(_counted(lookup.found, lookup.saved))
    total = Count()
    for count in counts.values():
        total.add(count)
    rows = [
        {"kind": kind, "model": model, **_fields(count)}
        for (kind, model), count in sorted(counts.items())
    ]
    lines = [
        f"{kind} by {model or 'nobody named'}: {_words(count)}"
        for (kind, model), count in sorted(counts.items())
    ]
    value = {"schema": 1, "replies": rows, "total": _fields(total)}
    return Said(lines=[*lines, f"all: {_words(total)}"], value=value)


def _counted(found: str, saved: int | None) -> Count:
    if not found:
        return Count(asked=1)
    hit = Count(shared=1) if found == "shared" else Count(project=1)
    hit.add(Count(saved=saved or 0, unknown=int(saved is None)))
    return hit


def _fields(count: Count) -> dict[str, int]:
    names: Iterable[str] = count.__slots__
    return {name: getattr(count, name) for name in names}


def _words(count: Count) -> str:
    found = count.project + count.shared
    saved = f"saved {dollars(count.saved)}"
    if count.unknown:
        saved += f" and {count.unknown} times an unknown cost"
    shared = f" ({count.shared} shared)" if count.shared else ""
    return (
        f"{count.entries} recorded, {sized(count.size)}; found {found}{shared},"
        f" asked {count.asked}; {saved}"
    )
