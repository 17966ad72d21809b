"""Looks at a unit through the ports and makes its facts; writes nothing."""

from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Final, NamedTuple

from pdd_tasks.core.model.artifact import Artifact, text_digest
from pdd_tasks.core.model.settings import AutoDeps
from pdd_tasks.core.model.step import Step
from pdd_tasks.core.model.trace import Fingerprint, RunReport
from pdd_tasks.core.model.unit import DevUnit, Snapshot
from pdd_tasks.core.model.units import Units
from pdd_tasks.core.plan import auto_deps
from pdd_tasks.core.plan.facts import Facts
from pdd_tasks.core.plan.plan import Plan, plan
from pdd_tasks.core.plan.trigger import Triggers, triggers
from pdd_tasks.core.prompt.block import split, with_block
from pdd_tasks.core.prompt.include import Expansion, Read, expand
from pdd_tasks.engine.comparison import comparer, counter
from pdd_tasks.engine.findings import Findings
from pdd_tasks.engine.ports import Syntax
from pdd_tasks.engine.upstream import Upstream
from pdd_tasks.engine.view import Predecessor, View
from pdd_tasks.engine.world import World
from pdd_tasks.errors import ConfigError


Overlay = Mapping[PurePosixPath, bytes | None]
"""Path → bytes that stand there for a look; None hides a file."""

NO_OVERLAY: Final[Overlay] = {}


def observe(world: World, unit: DevUnit, overlay: Overlay = NO_OVERLAY) -> View:
    """Return a unit as it stands, or as it would with some files replaced.

    Args:
        world: The ports.
        unit: The unit.
        overlay: What stands elsewhere than on the disk.

    Raises:
        ConfigError: If its prompt is missing or empty, or cannot be expanded.
        StateError: If its state files cannot be read.
    """
    seen: dict[PurePosixPath, bytes | None] = {}
    read = _reader(world, overlay, seen)
    snapshot = _snapshot(unit, read)
    source = _source(world, unit, snapshot, read)
    known = world.traces.fingerprint(unit.id)
    former = None if known else _former(world, unit, snapshot, source)
    trace = known or (former.trace if former else Fingerprint())
    upstream = Upstream(world, unit, source.expansion.injected, seen)
    findings = _findings(world, unit, snapshot, source, trace, upstream)
    return View(
        unit=unit,
        snapshot=snapshot,
        seen=seen,
        trace=findings.trace,
        fresh=known is None and former is None,
        report=findings.report,
        prompt=source.text,
        expansion=source.expansion,
        block=source.block,
        upstream=upstream,
        triggers=findings.triggers,
        facts=_facts(findings, source, former),
        syntax=syntax_of(world, unit),
        former=former,
    )


def _former(
    world: World, unit: DevUnit, snapshot: Snapshot, source: "_Source"
) -> Predecessor | None:
    # imported here: a unit that was synced once does not ask
    from pdd_tasks.engine.predecessor import predecessor

    return predecessor(world, unit, snapshot, source.outside)


class _Source(NamedTuple):
    """A prompt as it was looked at.

    Attributes:
        text: Its text, with the line ends and the mark that it has on disk.
        outside: The same without the auto-deps block.
        block: The same with the block that the rules give.
        expansion: The prompt with its includes.
    """

    text: str
    outside: str
    block: str
    expansion: Expansion


def _source(world: World, unit: DevUnit, snapshot: Snapshot, read: Read) -> _Source:
    """Return a unit's prompt.

    Raises:
        ConfigError: If it is missing or empty, or cannot be expanded.
    """
    if unit.prompt not in snapshot.contents:
        msg = f"unit {unit.id}: {unit.prompt} does not exist"
        raise ConfigError(msg, hint="create the prompt, or run `doit list`")
    text = _exact(unit, snapshot.contents[unit.prompt])
    outside = _nonempty(unit, split(unit.prompt, text).outside)
    block = with_needed(world, unit, text, outside)
    return _Source(text, outside, block, _expanded(world, unit, text, read))


def _findings(
    world: World,
    unit: DevUnit,
    snapshot: Snapshot,
    source: _Source,
    trace: Fingerprint,
    upstream: Upstream,
) -> Findings:
    syntax = syntax_of(world, unit)
    return Findings(
        unit=unit,
        snapshot=snapshot,
        trace=trace,
        report=world.traces.report(unit.id) or RunReport(),
        upstream=upstream,
        triggers=_triggers(world, unit, snapshot, source, upstream),
        same=comparer(world.baselines, snapshot, syntax),
        held=lambda path, old: world.baselines.find(old.raw, path) is not None,
        symbols=counter(world.baselines, snapshot, syntax),
        problem=lambda path: syntax.problem(snapshot.text(path)),
    )


def _facts(findings: Findings, source: _Source, former: Predecessor | None) -> Facts:
    found = findings.facts(
        deps_due=source.block != source.text,
        deps_redundant=_is_redundant(findings.unit, source),
    )
    return found if former is None else former.taking_over(found)


def _is_redundant(unit: DevUnit, source: _Source) -> bool:
    if not unit.settings.remove_redundant:
        return False
    from pdd_tasks.core.prompt.redundancy import repeats

    given = {one.path: one.text for one in source.expansion.injected}
    return bool(repeats(source.text, given))


def plan_unit(world: World, unit: DevUnit) -> Plan:
    """Return what a unit's steps would do now; takes no lock, writes nothing.

    Raises:
        PddError: If the unit cannot be looked at.
    """
    return planned(world, unit)[0]


def planned(world: World, unit: DevUnit) -> tuple[Plan, View]:
    """Return what `plan_unit` returns, and the look that it was taken from.

    Raises:
        PddError: As for `plan_unit`.
    """
    view = observe(world, unit)
    if unit.settings.resume_from is not None:
        from pdd_tasks.engine.presence import refuse_gap

        refuse_gap(view)
    found = plan(view.facts)
    if found.due:
        from pdd_tasks.engine.obstacles import refuse_obstacles

        refuse_obstacles(world, view)
    return found, view


def with_needed(world: World, unit: DevUnit, prompt: str, outside: str) -> str:
    """Return a prompt with the block that the rules give.

    Args:
        world: The ports.
        unit: The unit.
        prompt: The prompt's text.
        outside: The same text without its block.

    Raises:
        ConfigError: If a declared dependency is no unit, or the block is broken.
    """
    needed = auto_deps.needed(unit, outside, world.units)
    paths = [one.example for one in needed]
    if unit.settings.auto_deps is not AutoDeps.NAMED:
        from pdd_tasks.engine.offers import kept

        paths += kept(world, unit, split(unit.prompt, prompt).includes)
    return with_block(unit.prompt, prompt, paths)


def _expanded(world: World, unit: DevUnit, prompt: str, read: Read) -> Expansion:
    return expand(
        unit.prompt,
        prompt,
        read,
        slicer=world.slicer,
        expected=Units.of(world.units, unit.root).examples,
        own=(*unit.code, unit.example, *unit.tests),
    )


def _exact(unit: DevUnit, data: bytes) -> str:
    """Return a prompt's text, with the line ends and the mark that it has on disk.

    Raises:
        ConfigError: If it is not UTF-8.
    """
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        msg = f"unit {unit.id}: {unit.prompt}:{line}: not UTF-8 text"
        raise ConfigError(msg, hint="save the prompt as UTF-8") from None


def _nonempty(unit: DevUnit, text: str) -> str:
    """Return a prompt's text outside of its block.

    Raises:
        ConfigError: If it says nothing; a model would be paid for guessing.
    """
    if not text.strip():
        msg = f"unit {unit.id}: {unit.prompt} is empty"
        raise ConfigError(msg, hint="write in it what the code is to do")
    return text


def syntax_of(world: World, unit: DevUnit) -> Syntax:
    """Return the adapter that reads a unit's language.

    Raises:
        ConfigError: If the language has none.
    """
    try:
        return world.syntaxes[unit.language.syntax]
    except KeyError:
        named = unit.language.syntax or "none"
        msg = (
            f"unit {unit.id}: nothing here reads {unit.language.name}, so that its"
            f" units cannot be synced (languages.yaml names {named} as its syntax)"
        )
        known = ", ".join(sorted(world.syntaxes))
        hint = f"use another language, or set `syntax:` to what reads it: {known}"
        raise ConfigError(msg, hint=hint) from None


def _snapshot(unit: DevUnit, read: Read) -> Snapshot:
    contents: dict[PurePosixPath, bytes] = {}
    for artifact in Artifact:
        for path in unit.paths(artifact):
            data = read(path)
            if data is not None:
                contents[path] = data
    return Snapshot.of(contents)


def _reader(
    world: World, overlay: Overlay, seen: dict[PurePosixPath, bytes | None]
) -> Read:
    """Return a reader that notes what it saw, each file once."""

    def read(path: PurePosixPath) -> bytes | None:
        if path not in seen:
            seen[path] = overlay[path] if path in overlay else world.files.read(path)
        return seen[path]

    return read


def _triggers(
    world: World,
    unit: DevUnit,
    snapshot: Snapshot,
    source: _Source,
    upstream: Upstream,
) -> dict[Step, Triggers]:
    prompt = {str(unit.prompt): text_digest(source.expansion.skeleton)}
    for one in source.expansion.injected:
        name = f"{one.path}#{one.select}" if one.select else str(one.path)
        prompt[name] = upstream.trigger(one)
    found = triggers(unit, snapshot.digests, prompt, source.outside)
    if unit.settings.auto_deps is AutoDeps.NAMED:
        return found
    from pdd_tasks.engine.offers import offered_set

    compared = {**found[Step.AUTO_DEPS], **offered_set(world, unit)}
    return {**found, Step.AUTO_DEPS: compared}
