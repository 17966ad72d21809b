"""A unit as seen at one moment: its files, its records, and the facts they make."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import Final

from pdd_tasks.core.model.artifact import Artifact, Digest, UnitId
from pdd_tasks.core.model.step import Step
from pdd_tasks.core.model.trace import Fingerprint, RunReport
from pdd_tasks.core.model.unit import DevUnit, Snapshot
from pdd_tasks.core.plan.facts import Facts
from pdd_tasks.core.prompt.include import Expansion
from pdd_tasks.engine.ports import Syntax
from pdd_tasks.engine.upstream import Upstream


RENAMED: Final = "renamed from "


@dataclass(frozen=True, slots=True, kw_only=True)
class Predecessor:
    """What a unit was before its prompt was renamed.

    Attributes:
        id: The name it had.
        record: Its fingerprint, as it is on the disk.
        trace: The same with the paths that its files have now.
        moves: Path on record → path now, of all artifacts but the prompt.
    """

    id: UnitId
    record: Fingerprint
    trace: Fingerprint
    moves: Mapping[str, str]

    def taking_over(self, facts: Facts) -> Facts:
        """Return the facts of a unit that takes over: its first step records it."""
        why = {**facts.why, "renamed": f"{RENAMED}{self.id}"}
        return replace(facts, deps_recorded=False, why=why)


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """One unit at one moment.

    Attributes:
        snapshot: Its files, as read.
        seen: Every file that was looked at, what the prompt includes among them →
            bytes, None if it was absent; what is recorded is recorded for these.
        trace: Its fingerprint; an empty one if there is none.
        fresh: True if there is no fingerprint.
        former: What the unit was before its prompt was renamed, if its records are
            to be taken over; the trace is made of them then.
        report: Its run report; an empty one if there is none.
        prompt: Its prompt's text.
        expansion: The prompt with its includes.
        block: The prompt's text with the auto-deps block that the rules give.
        upstream: The examples of other units that its prompt includes.
        triggers: Step → name of an input → digest, as they are now.
        syntax: Reads the unit's language.
    """

    unit: DevUnit
    snapshot: Snapshot
    seen: Mapping[PurePosixPath, bytes | None]
    trace: Fingerprint
    fresh: bool
    report: RunReport
    prompt: str
    expansion: Expansion
    block: str
    upstream: Upstream
    triggers: Mapping[Step, Mapping[str, str]]
    facts: Facts
    syntax: Syntax
    former: Predecessor | None = None

    def text(self, artifact: Artifact) -> str:
        """Return the text of an artifact's main file; empty if it is absent."""
        return self.snapshot.text(self.unit.paths(artifact)[0])

    def digests(self, artifact: Artifact) -> dict[str, Digest]:
        """Return path → digest for the files of an artifact that stand."""
        return {
            str(path): self.snapshot.digests[path]
            for path in self.unit.paths(artifact)
            if path in self.snapshot.digests
        }

    def contents(self, artifact: Artifact) -> dict[PurePosixPath, bytes]:
        """Return path → bytes for the files of an artifact that stand."""
        return {
            path: self.snapshot.contents[path]
            for path in self.unit.paths(artifact)
            if path in self.snapshot.contents
        }
