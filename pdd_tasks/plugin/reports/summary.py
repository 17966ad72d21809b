"""Units as a Markdown table, for the summary of a step in CI."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from pdd_tasks.plugin.reports.finding import Standing


MOST: Final = 500
"""Rows that are shown; GitHub takes a summary of one mebibyte."""

_SPECIAL: Final = re.compile(r"([\\`*_{}\[\]<>#|~])")
_HEAD: Final = (
    "| unit | drift | file | because | mended by |",
    "| --- | --- | --- | --- | --- |",
)


def summary(units: Sequence[Standing]) -> str:
    """Return the table, with a heading and an empty line at its end."""
    rows = list(_rows(units))
    due = sum(bool(unit.findings) for unit in units)
    count = f"{due} of {len(units)} units not in sync"
    title = f"All {len(units)} units in sync" if not due else count
    more = [f"and {len(rows) - MOST} more"] if len(rows) > MOST else []
    table = [*_HEAD, *rows[:MOST], ""] if rows else []
    return "\n".join([f"### {title}", "", *table, *more, ""])


def _rows(units: Sequence[Standing]) -> Iterator[str]:
    for unit in units:
        for one in unit.findings:
            place = f"{one.file}:{one.line}"
            cells = (unit.unit, str(one.kind), place, one.because, one.mend)
            yield f"| {' | '.join(_cell(cell) for cell in cells)} |"


def _cell(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", " ".join(text.split()))
