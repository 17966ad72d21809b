"""Which unit a new one was before its prompt was renamed, and what it takes over.

Rule 1: only a unit without a fingerprint takes over, and only from one whose prompt
is gone. Rule 2: the prompt says it, by the same text, or git, by having seen the
rename, or else a text that is much alike; where two could be meant, none is.
Rule 3: a person's files are moved by the person alone.
"""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import PurePosixPath

from pdd_tasks.core.model.artifact import Artifact, Digest, UnitId, text_digest
from pdd_tasks.core.model.trace import Fingerprint
from pdd_tasks.core.model.trace_rename import (
    Known,
    carried_over,
    paired,
    recorded_files,
    recorded_prompt,
    renamed_text,
)
from pdd_tasks.core.model.unit import DevUnit, Snapshot
from pdd_tasks.core.plan.likeness import RENAMED_FROM, likeness
from pdd_tasks.core.prompt.block import split
from pdd_tasks.engine.comparison import old_text
from pdd_tasks.engine.view import RENAMED, Predecessor
from pdd_tasks.engine.world import World
from pdd_tasks.errors import ConfigError, StateError


def predecessor(
    world: World, unit: DevUnit, snapshot: Snapshot, outside: str
) -> Predecessor | None:
    """Return what a unit without a fingerprint was before; None if it is new.

    Args:
        world: The ports.
        unit: The unit.
        snapshot: Its files.
        outside: Its prompt's text without the block.
    """
    left = dict(_leftovers(world, unit))
    one = _which(world, unit, outside, left) if left else None
    if one is None or _is_elsewhere(world, left[one]):
        return None
    return _taken(world, unit, snapshot, one, left[one])


def _which(
    world: World, unit: DevUnit, outside: str, left: Mapping[UnitId, Fingerprint]
) -> UnitId | None:
    """Return which unit's prompt it was: by its text, by git, by its likeness."""
    digest = text_digest(outside)
    same = [one for one in left if _prompt(left[one])[1] == digest]
    if len(same) == 1 and not any(
        text_digest(text) == digest for text in _rivals(world, unit)
    ):
        return same[0]
    former = world.checkout.former(unit.prompt)
    seen = [one for one in left if _prompt(left[one])[0] == str(former or "")]
    if same or former is not None:
        return seen[0] if seen else None
    return _alike(world, unit, outside, left)


def _alike(
    world: World, unit: DevUnit, outside: str, left: Mapping[UnitId, Fingerprint]
) -> UnitId | None:
    """Return the one unit whose prompt was much like this; None if it is not clear."""
    texts = {one: _old_prompt(world, trace) for one, trace in left.items()}
    found = [one for one in left if likeness(texts[one], outside) >= RENAMED_FROM]
    if len(found) != 1:
        return None
    before = texts[found[0]]
    rivals = (likeness(before, text) for text in _rivals(world, unit))
    return None if any(much >= RENAMED_FROM for much in rivals) else found[0]


def _old_prompt(world: World, trace: Fingerprint) -> str:
    """Return the text of a prompt that is gone; empty if nobody has it."""
    raw, path = trace.hashes.get(Artifact.PROMPT, ""), PurePosixPath(_prompt(trace)[0])
    return old_text(world.baselines, path, Digest(raw, "")) or ""


def _rivals(world: World, unit: DevUnit) -> Iterator[str]:
    """Yield the prompts of the other new units of a language, less their blocks."""
    for one in world.units:
        if one.id == unit.id or one.id.language != unit.id.language:
            continue
        data = world.files.read(one.prompt)
        if data is not None and world.traces.fingerprint(one.id) is None:
            text = data.decode("utf-8", "replace")
            with suppress(ConfigError):  # a broken block is that unit's concern
                text = split(one.prompt, text).outside
            yield text


def _is_elsewhere(world: World, trace: Fingerprint) -> bool:
    """Return whether a prompt is not gone, but only not checked out."""
    return bool(world.checkout.elsewhere([PurePosixPath(_prompt(trace)[0])]))


def left_behind(
    world: World, snapshot: Snapshot, former: Predecessor
) -> tuple[tuple[str, str], ...]:
    """Return files that still lie where they were: path → where they should be."""
    return tuple(
        (old, new)
        for old, new in former.moves.items()
        if old != new
        and PurePosixPath(new) not in snapshot.digests
        and world.files.read(PurePosixPath(old)) is not None
    )


def take_over(world: World, former: Predecessor) -> None:
    """Finish a takeover once the new fingerprint is published.

    What the old paths' history alone can find is kept, since nobody looks there
    any more.
    """
    for path, digest in _digests(former.record):
        data = world.baselines.find(digest.raw, PurePosixPath(path))
        if data is not None:
            world.baselines.keep(data)
    world.traces.discard(former.id)


def finish_takeover(world: World, unit: DevUnit) -> None:
    """Remove a record that an earlier run took over and was killed before it could.

    It is one whose last operation the unit's own history has, before the one that
    says it was renamed.
    """
    trace = world.traces.fingerprint(unit.id)
    history = trace.history if trace is not None else ()
    if not any(RENAMED in entry.because for entry in history):
        return
    for one, record in _leftovers(world, unit):
        said = any(entry.because.endswith(f"{RENAMED}{one}") for entry in history)
        if said and record.history and record.history[-1] in history:
            world.traces.discard(one)


def _leftovers(world: World, unit: DevUnit) -> Iterator[tuple[UnitId, Fingerprint]]:
    """Yield the units of a language whose prompt is gone, with their fingerprints."""
    ending = f"_{unit.id.language}"
    names = [name for name in world.traces.names() if name.endswith(ending)]
    known = {str(one.id).lower() for one in world.units} if names else set()
    for name in names:
        if name.lower() in known:
            continue
        one = UnitId(name.removesuffix(ending), unit.id.language)
        trace = None
        with suppress(StateError):  # of nobody's concern: its unit is gone
            trace = world.traces.fingerprint(one)
        if trace is not None and _prompt(trace)[0]:
            yield one, trace


def _prompt(trace: Fingerprint) -> tuple[str, str]:
    """Return the prompt on record and its digest; both empty if there is none."""
    return recorded_prompt(trace) or ("", "")


def _taken(
    world: World, unit: DevUnit, snapshot: Snapshot, one: UnitId, record: Fingerprint
) -> Predecessor:
    leaf = (one.leaf, unit.id.leaf)
    moves = {
        old: new
        for artifact, olds in recorded_files(record).items()
        for old, new in paired(olds, unit.paths(artifact), leaf).items()
    }
    known = _known(world, snapshot, record, moves)
    all_moves = {**moves, _prompt(record)[0]: str(unit.prompt)}
    trace = carried_over(record, all_moves, known)
    return Predecessor(id=one, record=record, trace=trace, moves=moves)


def _known(
    world: World, snapshot: Snapshot, record: Fingerprint, moves: Mapping[str, str]
) -> Known:
    """Return the files that say the same under the new names."""
    found: dict[str, tuple[Digest, Digest]] = {}
    for old, digest in _digests(record):
        new = PurePosixPath(moves.get(old, old))
        present = snapshot.digests.get(new)
        if present is None or present.text == digest.text:
            continue
        before = old_text(world.baselines, PurePosixPath(old), digest)
        if before is None:
            continue
        texts = (before, snapshot.text(new))
        was, now = (Digest.of(renamed_text(t, moves).encode()) for t in texts)
        if was.text == now.text:
            found[old] = (digest, present)
    return found


def _digests(record: Fingerprint) -> Iterator[tuple[str, Digest]]:
    """Yield the files that were generated or adopted; what was adopted last."""
    for step in record.steps.values():
        yield from step.outputs.items()
    yield from record.adopted.items()
