"""All checks of the doctor, in the order in which findings are shown."""

from typing import Final

from pdd_tasks.plugin.doctor.file_system import file_system_findings
from pdd_tasks.plugin.doctor.finding import Check, Finding, Site
from pdd_tasks.plugin.doctor.lock import lock_findings
from pdd_tasks.plugin.doctor.publication import (
    parked_findings,
    transaction_findings,
)
from pdd_tasks.plugin.doctor.toolchain import tool_findings


CHECKS: Final[tuple[Check, ...]] = (
    file_system_findings,
    lock_findings,
    transaction_findings,
    parked_findings,
    tool_findings,
)


def findings(site: Site) -> tuple[Finding, ...]:
    """Return everything that is wrong at a site."""
    return tuple(finding for check in CHECKS for finding in check(site))
