"""What changed in a unit, as lines for people and as values for JSON."""

from collections.abc import Mapping
from typing import Final

from pdd_tasks.core.plan.change_report import ChangeReport, FileChange
from pdd_tasks.core.plan.symbols import Symbols


_SHOWN: Final = 5


def block(name: str, report: ChangeReport) -> list[str]:
    """Return the lines on a unit that changed; none if nothing did."""
    if not report.changed:
        return []
    structural = ", structural" if report.structural else ""
    parts = ", ".join(f"{part.kind} {part.points}" for part in report.parts)
    steps = "; ".join(f"{d.step}: {d.operation}" for d in report.decisions)
    return [
        f"{name} changes: impact {report.impact}{structural}",
        *(f"  {_file(one)}" for one in report.files),
        *(f"  included: {one}" for one in report.dependencies),
        f"  score {report.score}: {parts}",
        f"  next: {steps or 'nothing'}",
    ]


def _file(change: FileChange) -> str:
    known = change.added is not None
    lines = f"+{change.added} -{change.removed} lines" if known else "old bytes unknown"
    words = [f"{change.how}, {lines}", *_symbols(change.symbols)]
    if change.interface:
        words.append("another interface")
    return f"{change.artifact} {change.path}: {'; '.join(words)}"


def _symbols(symbols: Symbols) -> list[str]:
    groups = symbols._asdict().items()
    return [f"{what} {_named(names)}" for what, names in groups if names]


def _named(names: tuple[str, ...]) -> str:
    shown = ", ".join(names[:_SHOWN])
    more = len(names) - _SHOWN
    return f"{shown} and {more} more" if more > 0 else shown


def change_mapping(report: ChangeReport) -> Mapping[str, object]:
    """Return the same as plain values for JSON, nothing shortened."""
    return {
        "impact": str(report.impact),
        "score": report.score,
        "structural": report.structural,
        "parts": [
            {"kind": str(p.kind), "number": p.number, "points": p.points}
            for p in report.parts
        ],
        "files": [
            {
                "path": str(one.path),
                "artifact": str(one.artifact),
                "how": str(one.how),
                "added": one.added,
                "removed": one.removed,
                "interface": one.interface,
                "symbols": {k: list(v) for k, v in one.symbols._asdict().items()},
            }
            for one in report.files
        ],
        "dependencies": list(report.dependencies),
    }
