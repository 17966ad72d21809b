"""The index of what a unit's prompt may include, and which of it was chosen.

What is not here: how entries are weighed (`pdd_tasks.core.plan.offer`).
"""

from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath
from typing import NamedTuple

from pdd_tasks.core.model.artifact import normal_text, text_digest
from pdd_tasks.core.model.settings import AutoDeps
from pdd_tasks.core.model.unit import DevUnit
from pdd_tasks.core.plan import auto_deps
from pdd_tasks.core.plan.offer import Offer, way
from pdd_tasks.core.prompt.block import split
from pdd_tasks.core.prompt.include import included
from pdd_tasks.engine.world import World
from pdd_tasks.errors import PddError


class Index(NamedTuple):
    """What is offered to a unit.

    Attributes:
        offers: What may be included, sorted by name.
        circles: Unit that is not offered → how it needs this one, first to last.
    """

    offers: tuple[Offer, ...]
    circles: Mapping[str, tuple[str, ...]]


def offered_set(world: World, unit: DevUnit) -> dict[str, str]:
    """Return what the choice of a unit's includes is compared by.

    Returns:
        Name → value; empty where only what a prompt names is included.
    """
    mode = unit.settings.auto_deps
    if mode is AutoDeps.NAMED:
        return {}
    names = [str(one.id) for one in _others(world, unit)]
    names += [str(path) for path in _documents(world, unit)]
    return {"auto-deps": str(mode), "offered": text_digest("\n".join(sorted(names)))}


def kept(
    world: World, unit: DevUnit, block: Iterable[PurePosixPath]
) -> tuple[PurePosixPath, ...]:
    """Return what of a block stays until its step is due: what can be included."""
    if unit.settings.auto_deps is AutoDeps.NAMED:
        return ()
    examples = {one.example for one in _others(world, unit)}
    return tuple(p for p in block if p in examples or world.files.read(p) is not None)


def index(world: World, unit: DevUnit, outside: str) -> Index:
    """Return what is offered to a unit besides what its prompt names and includes.

    Args:
        world: The ports.
        unit: The unit.
        outside: Its prompt outside the block.

    Raises:
        ConfigError: If a declared dependency is no unit, or a directive is broken.
    """
    named = {one.id for one in auto_deps.needed(unit, outside, world.units)}
    by_hand = {path for path, _ in included(unit.prompt, outside)}
    others = [
        one
        for one in _others(world, unit)
        if one.id not in named and one.example not in by_hand
    ]
    needs = _needs(world, unit) if others else {}
    ways = {str(one.id): way(str(one.id), str(unit.id), needs) for one in others}
    offers = [_of_unit(world, one) for one in others if not ways[str(one.id)]]
    documents = (p for p in _documents(world, unit) if p not in by_hand)
    offers += [_of_document(world, path) for path in documents]
    found = sorted((o for o in offers if o is not None), key=lambda one: one.name)
    return Index(tuple(found), {name: steps for name, steps in ways.items() if steps})


def _others(world: World, unit: DevUnit) -> tuple[DevUnit, ...]:
    near = (one for one in world.units if one.root == unit.root)
    return tuple(one for one in near if one.id != unit.id)


def _documents(world: World, unit: DevUnit) -> tuple[PurePosixPath, ...]:
    """Return the documents that are offered, less what belongs to units."""
    globs = unit.settings.context_files
    if not globs:
        return ()
    units = [one for one in world.units if one.root == unit.root]
    theirs = {
        path
        for one in units
        for path in (one.prompt, one.example, *one.code, *one.tests)
    }
    return tuple(path for path in world.files.matching(globs) if path not in theirs)


def _needs(world: World, unit: DevUnit) -> dict[str, tuple[str, ...]]:
    """Return unit → units that its prompt needs as it stands; less those of `unit`."""
    found: dict[str, tuple[str, ...]] = {}
    for one in _others(world, unit):
        text = _text(world, one.prompt)
        try:
            outside = split(one.prompt, text).outside
            files = [path for path, _ in included(one.prompt, text)]
            needed = auto_deps.needed(one, outside, world.units)
        except PddError:
            continue  # its own step says what is wrong with the prompt
        all_of = {*needed, *auto_deps.upstream(one, files, world.units)}
        found[str(one.id)] = tuple(sorted(str(other.id) for other in all_of))
    return found


def _of_unit(world: World, unit: DevUnit) -> Offer | None:
    text = _text(world, unit.prompt)
    try:
        text = split(unit.prompt, text).outside
    except PddError:
        return None  # what cannot be read cannot be offered
    name = str(unit.id)
    return Offer(path=unit.example, name=name, title=unit.id.basename, text=text)


def _of_document(world: World, path: PurePosixPath) -> Offer | None:
    text = _text(world, path)
    if not text.strip():
        return None
    return Offer(path=path, name=str(path), title=path.stem, text=text)


def _text(world: World, path: PurePosixPath) -> str:
    """Return a file's text; empty if it is absent, or is none."""
    data = world.files.read(path)
    try:
        return normal_text(data or b"").decode()
    except UnicodeDecodeError:
        return ""
