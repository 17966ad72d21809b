"""What a person changed of a unit's files and of what its prompt includes, as causes.

Rule 1: what a step made is no edit. Rule 2: what the prompt brings along by its own
text, such as a file that it includes now, is told with the prompt.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import PurePosixPath
from typing import Final

from pdd_tasks.core.model.artifact import Artifact, Digest
from pdd_tasks.core.model.step import Step
from pdd_tasks.core.model.trace import Fingerprint, StepRecord
from pdd_tasks.core.model.unit import DevUnit
from pdd_tasks.core.plan.cause import Cause, Kind, kind_of
from pdd_tasks.core.plan.change_report import How
from pdd_tasks.core.plan.interface_change import Compatibility
from pdd_tasks.engine.changes import changed_files
from pdd_tasks.engine.comparison import old_text
from pdd_tasks.engine.sides import prompt_before
from pdd_tasks.engine.view import View
from pdd_tasks.engine.world import World


_BLANKS: Final = "only in white space"
_MAKER: Final = {
    Artifact.CODE: Step.GENERATE,
    Artifact.EXAMPLE: Step.EXAMPLE,
    Artifact.TESTS: Step.TEST,
}


class Sources:
    """The files of one unit, set against what is on record of them."""

    def __init__(self, world: World, view: View) -> None:
        """Compare the unit's own files.

        Args:
            world: The ports.
            view: The unit.
        """
        self._world, self._view = world, view
        self._unit = view.unit
        self._changed = {one.path: one for one in changed_files(world, view)}

    def own(self, names: Iterable[str]) -> Iterator[Cause]:
        """Yield what became of those of some names that are files of the unit."""
        for artifact in _MAKER:
            paths = {str(path) for path in self._unit.paths(artifact)}
            gone = [n for n in names if n in self._made(artifact) and n not in paths]
            if paths & set(names) or gone:
                yield from self.files(artifact)

    def files(self, artifact: Artifact) -> Iterator[Cause]:
        """Yield what a person did to the files of an artifact."""
        moved = self._moved(artifact)
        if moved is not None:
            yield moved
            return
        for path in self._unit.paths(artifact):
            change = self._changed.get(path)
            known = self._known(artifact, path)
            now = self._view.snapshot.digests.get(path)
            before, after = known.raw if known else "", now.raw if now else ""
            if change is not None:
                found = self._cause(kind_of(artifact, change.how), str(path))
                found = replace(found, before=before, now=after)
                if change.how is How.ADDED:
                    found = replace(found, note="it was added")
                yield self._hunk(found, path) if now else found
            elif known and now and before != after:
                kind = kind_of(artifact, How.CHANGED)
                found = self._cause(kind, str(path))
                yield replace(found, before=before, now=after, note=_BLANKS)

    def _moved(self, artifact: Artifact) -> Cause | None:
        """Return that the files of an artifact have another place; None if not."""
        paths = [str(path) for path in self._unit.paths(artifact)]
        known = list(self._made_by(artifact))
        if artifact is Artifact.TESTS or not known or known[0] in paths:
            return None
        found = self._cause(Kind.SETTING, f"place of {artifact}")
        return replace(found, before=known[0], now=paths[0])

    def _made_by(self, artifact: Artifact) -> Mapping[str, Digest]:
        return self._record(_MAKER[artifact]).outputs

    def _made(self, artifact: Artifact) -> Mapping[str, Digest]:
        return {**self._made_by(artifact), **self._view.trace.adopted}

    def _known(self, artifact: Artifact, path: PurePosixPath) -> Digest | None:
        return self._made(artifact).get(str(path))

    def inputs(self, names: tuple[str, ...]) -> Iterator[Cause]:
        """Yield what changed of a prompt and of what it includes."""
        prompt = str(self._unit.prompt)
        known = self._record(Step.GENERATE).triggers
        now = self._view.triggers[Step.GENERATE]
        if prompt in names:
            yield self.prompt()
        kept = [one for one in names if one in known and one in now and one != prompt]
        for name in kept:
            yield self._included(name, known[name], now[name])
        if prompt in names or kept:
            return
        if names and self._view.facts.deps_due:
            yield self.block()
        else:
            for name in names:
                kind = Kind.INCLUDE_REMOVED if name in known else Kind.INCLUDE_ADDED
                yield replace(self._cause(kind, prompt), note=name)

    def prompt(self) -> Cause:
        """Return what changed of the prompt's own text."""
        found = self._of_prompt(Kind.PROMPT)
        known = self._record(Step.GENERATE).triggers
        wanted = self._view.triggers[Step.GENERATE]
        added = sorted(wanted.keys() - known.keys())
        removed = sorted(known.keys() - wanted.keys())
        if not known or not (added or removed):
            return found
        said = [*(f"+{name}" for name in added), *(f"-{name}" for name in removed)]
        found = replace(found, note=f"included: {', '.join(said)}")
        before = self._old(found)
        kept = before is not None and _without(before, removed)
        if kept == _without(self._view.prompt, added):
            kind = Kind.INCLUDE_ADDED if added else Kind.INCLUDE_REMOVED
            found = replace(found, kind=kind)
        return found

    def block(self) -> Cause:
        """Return that somebody edited the block of auto-deps."""
        return self._of_prompt(Kind.BLOCK)

    def _of_prompt(self, kind: Kind) -> Cause:
        path = self._unit.prompt
        found = replace(
            self._cause(kind, str(path)),
            before=self._prompt_on_record(),
            now=self._view.snapshot.digests[path].raw,
        )
        return self._hunk(found, path)

    def _prompt_on_record(self) -> str:
        """Return the raw digest of the prompt on record; of one adopted, its hash."""
        trace, name = self._view.trace, str(self._unit.prompt)
        known = self._record(Step.GENERATE).triggers.get(name, "")
        return (
            prompt_before(self._view) or trace.hashes.get(Artifact.PROMPT, "") or known
        )

    def _included(self, name: str, old: str, new: str) -> Cause:
        """Return what became of what the prompt includes now and did before."""
        change = self._view.upstream.change(name, old)
        if change is not None:
            breaks = change.kind is Compatibility.BREAKING
            kind = Kind.BREAKING if breaks else Kind.ADDITIVE
            found = replace(self._cause(kind, name), note=str(change))
        else:
            found = self._cause(Kind.DOCUMENT, name)
        found = replace(found, before=_raw(old), now=_raw(new))
        return self._hunk(found, PurePosixPath(name.partition("#")[0]))

    def _hunk(self, found: Cause, path: PurePosixPath) -> Cause:
        """Return a cause with the first place that differs, if both sides are had."""
        now, before = self._view.seen.get(path), self._old(found)
        if now is None or (before is None and found.before):
            return found
        return found.between(before or "", now.decode("utf-8-sig", "replace"))

    def _old(self, found: Cause) -> str | None:
        """Return the text on record of a file; None if it is nowhere to be had."""
        path = PurePosixPath(found.subject.partition("#")[0])
        return old_text(self._world.baselines, path, Digest(found.before, ""))

    def _cause(self, kind: Kind, subject: str) -> Cause:
        return Cause(kind=kind, unit=str(self._unit.id), subject=subject)

    def _record(self, step: Step) -> StepRecord:
        return self._view.trace.steps.get(step, StepRecord())


def included_on_record(
    trace: Fingerprint | None, unit: DevUnit
) -> Mapping[PurePosixPath, str]:
    """Return file that a prompt included when code was last made → its digest.

    Args:
        trace: What is on record; None if nothing is.
        unit: The unit whose prompt it is.
    """
    record = trace.steps.get(Step.GENERATE) if trace else None
    return {
        PurePosixPath(name.partition("#")[0]): _raw(digest)
        for name, digest in (record.triggers if record else {}).items()
        if name != str(unit.prompt)
    }


def _raw(trigger: str) -> str:
    """Return the raw digest that is compared, or the text digest that stands for it."""
    try:
        return Digest.parse(trigger).raw
    except ValueError:
        return trigger


def _without(text: str, names: Iterable[str]) -> list[str]:
    """Return the lines of a prompt that say something, less those with some names."""
    paths = [name.partition("#")[0] for name in names]
    lines = (line.strip() for line in text.splitlines())
    return [line for line in lines if line and not any(p in line for p in paths)]
