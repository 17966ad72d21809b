"""Units as annotations of GitHub Actions: one workflow command a drift.

Source: "Workflow commands for GitHub Actions" of GitHub's documentation; the escapes
are those of `@actions/core`.
"""

from collections.abc import Sequence
from typing import Final

from pdd_tasks.plugin.reports.finding import Standing


_DATA: Final = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A"})
_PROPERTY: Final = {**_DATA, ord(":"): "%3A", ord(","): "%2C"}


def annotations(units: Sequence[Standing]) -> list[str]:
    """Return one line a drift."""
    return [
        f"::error file={one.file.translate(_PROPERTY)},line={one.line}"
        f",title={f'{unit.unit}: {one.kind}'.translate(_PROPERTY)}"
        f"::{f'{one.because}; mend it with: {one.mend}'.translate(_DATA)}"
        for unit in units
        for one in unit.findings
    ]
