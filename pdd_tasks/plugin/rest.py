"""Units of one state root that are known to be at rest, by their bytes.

Rule 1: what is noted of a unit holds as long as everything that a look at it depends
on is what it was; all of it is hashed anew by each command.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import Final, cast

from pdd_tasks import __version__
from pdd_tasks.adapters.files import ProjectFiles
from pdd_tasks.adapters.look_file import LookFile, program
from pdd_tasks.core.model.step import Operation, Step
from pdd_tasks.core.model.unit import DevUnit
from pdd_tasks.core.model.units import Units
from pdd_tasks.core.plan.plan import Plan
from pdd_tasks.core.plan.rule import Decision
from pdd_tasks.engine.view import View
from pdd_tasks.errors import PddError
from pdd_tasks.plugin.edges import needs_in
from pdd_tasks.plugin.plans import Looked


_ROW: Final = 5  # prompt, needs, further files, key, number of the plan

_Rows = Sequence[Sequence[object]]


class Rest:
    """What is known of the units of one state root.

    Attributes:
        file: Where it is kept.
        raws: Path → raw digest as it was read in this process, None if the file is
            absent; None once something may have been done.
        fresh: Unit id → what is to be kept of looks of this process.
    """

    def __init__(self, root: Path, units: Units) -> None:
        self.file = LookFile(root)
        self.raws: dict[str, str | None] | None = {}
        self.fresh: dict[str, list[object]] = {}
        self._files = ProjectFiles(root)
        self._units = units
        self._needs: dict[str, tuple[str, list[str]]] = {}
        self._same: dict[int, tuple[object, str]] = {}
        self._paths: dict[str, PurePosixPath] = {}

    @cached_property
    def _base(self) -> str:
        """What all that is kept is true for."""
        digest = hashlib.sha256(program(__version__).encode())
        for unit in self._units:
            paths = "\0".join(map(str, (unit.root, unit.import_root, *_own(unit))))
            digest.update(f"{unit.id}\0{paths}\n".encode(errors="surrogateescape"))
        return digest.hexdigest()

    @cached_property
    def _kept(self) -> Mapping[str, object]:
        return self.file.read(self._base)

    @cached_property
    def _entries(self) -> dict[str, list[object]]:
        found = self._kept.get("units")
        every = found.items() if isinstance(found, dict) else ()
        return {n: row for n, row in every if type(row) is list and len(row) == _ROW}

    @cached_property
    def _plans(self) -> list[Plan]:
        try:
            return [_plan(one) for one in cast("list[_Rows]", self._kept["plans"])]
        except (KeyError, TypeError, ValueError):
            return []

    def needs(self, unit: DevUnit, mine: Units) -> set[str] | None:
        """Return what a unit needs; None if its prompt is told about elsewhere."""
        try:
            data = self._files.read(unit.prompt)
        except PddError:
            return None
        if data is None:
            return None
        raw = self._noted(str(unit.prompt), data)
        name = str(unit.id)
        match self._entries.get(name):
            case [str(prompt), list(needed), *_] if prompt == raw:
                return set(map(str, needed))
        found = needs_in(unit, data, mine)
        self._needs[name] = str(raw), sorted(found)
        return found

    def known(self, unit: DevUnit) -> Looked | None:
        """Return what is kept of a unit; None unless everything is what it was."""
        name = str(unit.id)
        match self._entries.get(name):
            case [_, _, list(files), str(key), int(number)]:
                further = [self._path(str(file)) for file in files]
            case _:
                return None
        seen = (*_own(unit), *further)
        records = self.file.records(name)
        if records is None or not 0 <= number < len(self._plans):
            return None
        try:
            raws = {str(path): self._raw(path) for path in seen}
        except PddError:
            return None
        if self._key(unit, raws, records) != key:
            return None
        return Looked(self._plans[number], seen)

    def note(self, unit: DevUnit, found: Plan, view: View, records: str) -> None:
        """Note what a look found; `records` are those from before it."""
        name = str(unit.id)
        if name not in self._needs and name in self._entries:
            prompt, needed, *_ = self._entries[name]
        else:
            prompt, needed = self._needs.get(name, (None, None))
        own = _own(unit)
        seen = (*own, *(path for path in view.seen if path not in own))
        raws = {str(path): _sha(view.seen[path]) for path in seen}
        if prompt != raws[str(unit.prompt)] or self.file.records(name) != records:
            return  # it was changed meanwhile
        key = self._key(unit, raws, records)
        files = [str(path) for path in seen[len(own) :]]
        self.fresh[name] = [prompt, needed, files, key, found]

    def write(self) -> None:
        """Keep all that is known now."""
        every: dict[str, list[object]] = {}
        numbers: dict[Plan, int] = {}
        names = {str(unit.id) for unit in self._units}
        for name in sorted(names & (self._entries.keys() | self.fresh.keys())):
            *rest, plan = self.fresh.get(name) or self._entries[name]
            if isinstance(plan, int) and plan < len(self._plans):
                plan = self._plans[plan]
            if isinstance(plan, Plan):
                every[name] = [*rest, numbers.setdefault(plan, len(numbers))]
        plans = [_rows(plan) for plan in numbers]
        self.file.write(self._base, {"plans": plans, "units": every})
        self.fresh = {}

    def _raw(self, path: PurePosixPath) -> str | None:
        name = str(path)
        known = self.raws  # another thread may begin to act meanwhile
        if known is not None and name in known:
            return known[name]
        return self._noted(name, self._files.read(path))

    def _noted(self, name: str, data: bytes | None) -> str | None:
        raw, known = _sha(data), self.raws
        if known is not None:
            known[name] = raw
        return raw

    def _path(self, name: str) -> PurePosixPath:
        if name not in self._paths:
            self._paths[name] = PurePosixPath(name)
        return self._paths[name]

    def _key(self, unit: DevUnit, raws: Mapping[str, str | None], records: str) -> str:
        said = [self._said(unit.settings), self._said(unit.language), records]
        said += [f"{name}\0{raw}" for name, raw in raws.items()]
        text = "\n".join(said)
        return hashlib.sha256(text.encode(errors="surrogateescape")).hexdigest()

    def _said(self, value: object) -> str:
        """Return a digest of settings or a language; most units share theirs."""
        known = self._same.get(id(value))
        if known is None:
            text = _plain(value).encode(errors="surrogateescape")
            known = value, hashlib.sha256(text).hexdigest()
            self._same[id(value)] = known  # and so it keeps its identity
        return known[1]


def _own(unit: DevUnit) -> tuple[PurePosixPath, ...]:
    """Return the files of a unit, its prompt first."""
    return (unit.prompt, *unit.code, unit.example, *unit.tests)


def _sha(data: bytes | None) -> str | None:
    return None if data is None else hashlib.sha256(data).hexdigest()


def _plain(value: object) -> str:
    """Return a value as a text that is the same in every process."""
    if is_dataclass(value):
        named = (
            f"{one.name}={_plain(getattr(value, one.name))}" for one in fields(value)
        )
        return f"{type(value).__name__}({', '.join(named)})"
    match value:
        case Mapping():
            return str(sorted(f"{_plain(k)}: {_plain(v)}" for k, v in value.items()))
        case frozenset() | set():
            return str(sorted(map(_plain, value)))
        case tuple() | list():
            return str([_plain(one) for one in value])
        case _:
            return repr(value)


def _rows(plan: Plan) -> _Rows:
    return [[d.step, d.because, d.hint, d.left_out] for d in plan.decisions]


def _plan(rows: _Rows) -> Plan:
    return Plan(
        decisions=tuple(
            Decision(
                step=Step(str(step)),
                operation=Operation.NOTHING,
                because=str(because),
                hint=str(hint),
                left_out=bool(left_out),
            )
            for step, because, hint, left_out in rows
        )
    )
