"""The examples of other units that a prompt includes: they count by their interface.

When the bytes of such an example differ from those on record, both are read anew by
the same tool. Bytes that are nowhere to be had count as changed.
"""

from collections.abc import Callable, Mapping
from pathlib import PurePosixPath

from pdd_tasks.core.model.artifact import Digest, text_digest
from pdd_tasks.core.model.unit import DevUnit
from pdd_tasks.core.model.units import Units
from pdd_tasks.core.plan.change import differing, trigger_text
from pdd_tasks.core.plan.interface_change import (
    Compatibility,
    InterfaceChange,
    Shown,
    interface_change,
)
from pdd_tasks.core.prompt.include import Injected
from pdd_tasks.engine.comparison import old_text
from pdd_tasks.engine.world import World


_NOTHING = text_digest("")


class Upstream:
    """The included examples of one look at a unit.

    Attributes:
        bytes: Path of an example → its bytes; those that are absent are not in it.
    """

    def __init__(
        self,
        world: World,
        unit: DevUnit,
        injected: tuple[Injected, ...],
        seen: Mapping[PurePosixPath, bytes | None],
    ) -> None:
        """Look at what a prompt includes.

        Args:
            world: The ports.
            unit: The unit whose prompt it is.
            injected: What is included.
            seen: Path → bytes, as they were read.
        """
        self._world = world
        self._owners: dict[str, DevUnit] = {}
        self.bytes: dict[PurePosixPath, bytes] = {}
        self._found: dict[tuple[str, str], InterfaceChange | None] = {}
        for one in injected:
            data = seen.get(one.path)
            owner = _owner(world, unit, one)
            if owner is not None and data is not None:
                self._owners[str(one.path)] = owner
                self.bytes[one.path] = data

    def trigger(self, injected: Injected) -> str:
        """Return what is recorded of what a prompt includes."""
        data = None if injected.select else self.bytes.get(injected.path)
        return text_digest(injected.text) if data is None else str(Digest.of(data))

    def changed(
        self, before: Mapping[str, str], now: Mapping[str, str]
    ) -> tuple[str, ...]:
        """Return the names whose compared parts differ.

        Of a text the layout does not count, of another unit's example what is no
        interface.
        """
        if before == now:
            return ()  # most of them, and taking digests apart has its price
        found = differing(
            {name: trigger_text(value) for name, value in before.items()},
            {name: trigger_text(value) for name, value in now.items()},
        )
        return tuple(n for n in found if not self._is_same(n, before.get(n)))

    def _is_same(self, name: str, old: str | None) -> bool:
        found = self.change(name, old)
        return found is not None and found.kind is Compatibility.SAME

    def change(self, name: str, old: str | None) -> InterfaceChange | None:
        """Return how an included example changed.

        None if it is no example of another unit, or was not included before.

        Args:
            name: Its path.
            old: What is recorded of it.
        """
        owner = self._owners.get(name)
        if owner is None or old is None:
            return None
        if (name, old) not in self._found:
            self._found[name, old] = self._compared(owner, PurePosixPath(name), old)
        return self._found[name, old]

    def _compared(
        self, owner: DevUnit, path: PurePosixPath, old: str
    ) -> InterfaceChange:
        unknown = InterfaceChange(kind=Compatibility.BREAKING)
        if old == _NOTHING:
            return InterfaceChange(kind=Compatibility.ADDITIVE)  # it was not there yet
        try:
            before = old_text(self._world.baselines, path, Digest.parse(old))
        except ValueError:
            return unknown
        syntax = self._world.syntaxes.get(owner.language.syntax)
        now = self.bytes[path].decode("utf-8-sig", "replace")
        if before is None or syntax is None:
            return unknown
        if syntax.problem(before) or syntax.problem(now):
            return unknown
        read = self._world.shows.get(owner.language.syntax) or _by(syntax.behaviour)
        return interface_change(read(before), read(now))


def _owner(world: World, unit: DevUnit, one: Injected) -> DevUnit | None:
    """Return the other unit whose whole example is included, if it is one."""
    if one.select or one.path == unit.example:
        return None
    owners = Units.of(world.units, unit.root).by_file.get(one.path, ())
    return next((owner for owner in owners if owner.example == one.path), None)


def _by(behaviour: Callable[[str], str]) -> Callable[[str], Shown]:
    """Return what reads a language of which only its behaviour is known."""
    return lambda text: Shown(shape=behaviour(text), forms={})
