"""Everything the doctor found, as lines and as values for JSON."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import NamedTuple

from pdd_tasks.adapters.locks.look import Look
from pdd_tasks.core.model.lock import Standing
from pdd_tasks.errors import PddError
from pdd_tasks.plugin.doctor.checks import findings
from pdd_tasks.plugin.doctor.finding import Finding, Site
from pdd_tasks.plugin.doctor.lock import lock_line, lock_looks, lock_value
from pdd_tasks.plugin.doctor.provider import Answer, answers
from pdd_tasks.plugin.doctor.toolchain import ToolLook, tool_looks
from pdd_tasks.plugin.locking import unit_locks
from pdd_tasks.plugin.project import Project
from pdd_tasks.plugin.tasks import counted
from pdd_tasks.plugin.telling import tell


class Examination(NamedTuple):
    """What was found at all sites, and who answered, if anybody was asked."""

    locks: tuple[Look | PddError, ...]
    findings: tuple[Finding, ...]
    tools: tuple[ToolLook, ...] = ()
    answers: tuple[Answer, ...] = ()

    @property
    def lines(self) -> list[str]:
        """The same for people."""
        held = [line for look in self.locks if (line := lock_line(look))]
        shown = ["locks:", *(f"  {line}" for line in held)] if held else []
        if self.tools:
            shown += ["tools:", *(f"  {look.line}" for look in self.tools)]
        shown += [one.line for one in self.answers]
        for finding in self.findings:
            shown += [finding.what, f"  why: {finding.why}", f"  do: {finding.command}"]
        free = sum(
            isinstance(look, Look) and look.standing is Standing.FREE
            for look in self.locks
        )
        found = counted(len(self.findings), "finding") if self.findings else "all well"
        shown.append(f"doctor: {found}; {counted(free, 'unit')} free")
        return shown

    @property
    def value(self) -> Mapping[str, object]:
        """The same for programs."""
        return {
            "schema": 1,
            "well": not self.findings,
            "locks": [lock_value(look) for look in self.locks],
            "findings": [asdict(finding) for finding in self.findings],
            "providers": [one.value for one in self.answers],
            "tools": [look._asdict() for look in self.tools],
        }


def examined(project: Project, *, ask: bool = False) -> Examination:
    """Return what is found in all projects of a ``dodo.py``; changes nothing.

    Args:
        project: The projects.
        ask: Whether those who answer are asked one question each, and paid for it.
    """
    all_sites = sites(project)
    looks = tuple(look for site in all_sites for look in lock_looks(site))
    needed = dict.fromkeys(look for site in all_sites for look in tool_looks(site))
    asked = answers(project) if ask else ()
    found = [findings(site) for site in all_sites]
    silent = [tuple(one.findings()) for one in asked]
    return Examination(looks, _all([*found, *silent]), tuple(needed), asked)


def sites(project: Project) -> tuple[Site, ...]:
    """Return the state roots of a project, sorted."""
    found = []
    for label in sorted({unit.root for unit in project.units}):
        units = tuple(unit for unit in project.units if unit.root == label)
        root = project.top / label
        locks = unit_locks(root, units, tell)
        found.append(Site(root=root, label=label, units=units, locks=locks))
    return tuple(found)


def _all(groups: Iterable[Sequence[Finding]]) -> tuple[Finding, ...]:
    return tuple(finding for group in groups for finding in group)
