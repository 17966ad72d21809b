"""What ``doit undo`` does with the copies that words select."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from pdd_tasks.engine.undo import Restored, differences, restore
from pdd_tasks.errors import ConfigError
from pdd_tasks.plugin.copies import (
    Found,
    all_copies,
    by_name,
    diff,
    entry,
    lines,
    of_units,
    shown,
)
from pdd_tasks.plugin.project import Project
from pdd_tasks.plugin.said import Said


_STANDS: Final = "all of its files stand as they are in it"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mode:
    """What is asked for.

    Attributes:
        last: The newest copy of each unit that is named.
        diff: Show what would change, and change nothing.
        dry_run: Say which files would change, and change nothing.
    """

    last: bool = False
    diff: bool = False
    dry_run: bool = False


def undone(project: Project, words: Sequence[str], mode: Mode) -> Said:
    """Return what is to be said, after what was asked for is done.

    Raises:
        ConfigError: If a word names neither a unit nor a copy, or none is chosen.
        PddError: If a copy cannot be put back.
    """
    found = all_copies(project)
    named = {word: by_name(found, word) for word in words}
    copies = [one for one in named.values() if one is not None]
    units = [word for word, one in named.items() if one is None]
    if copies and not units:
        return _done(copies, mode)
    among = of_units(project, found, units)
    if mode.last:
        return _done([*copies, *_newest(among, words)], mode)
    if copies:
        msg = f"{units[0]} is a unit, and other words name copies"
        raise ConfigError(msg, hint="name copies, or units with --last")
    return _diffs(among) if mode.diff else _listed(among)


def _done(chosen: Sequence[Found], mode: Mode) -> Said:
    if mode.diff:
        return _diffs(chosen)
    return _planned(chosen) if mode.dry_run else _restored(chosen)


def _newest(found: Sequence[Found], words: Sequence[str]) -> list[Found]:
    """Return the newest copy of each unit.

    Raises:
        ConfigError: If no unit is named, or one has no copy.
    """
    if not words:
        msg = "--last needs a unit"
        raise ConfigError(msg, hint="name it: doit undo UNIT --last")
    if not found:
        msg = f"there is no safety copy of {', '.join(words)}"
        raise ConfigError(msg, hint="see all copies with: doit undo")
    newest: dict[str, Found] = {}
    for one in found:
        newest.setdefault(one.copy.unit, one)
    return list(newest.values())


def _listed(found: Sequence[Found]) -> Said:
    return Said(lines=lines(found), value=_value([entry(one) for one in found]))


def _diffs(found: Sequence[Found]) -> Said:
    texts = [list(diff(one)) for one in found]
    rows = [
        {**entry(one), "diff": text} for one, text in zip(found, texts, strict=True)
    ]
    said = [line for text in texts for line in text]
    return Said(lines=said or ["nothing would change"], value=_value(rows))


def _planned(found: Sequence[Found]) -> Said:
    rows, said = [], []
    for one in found:
        paths = [str(one.root / row.path) for row in differences(one.world, one.copy)]
        rows.append({**entry(one), "would_change": paths})
        what = f"would put back {', '.join(map(shown, paths))}"
        said.append(f"{one.copy.id}: {what if paths else _STANDS}")
    return Said(lines=said, value=_value(rows))


def _restored(found: Sequence[Found]) -> Said:
    rows, said = [], []
    for one in found:
        done = restore(one.world, one.copy)
        paths = [str(one.root / path) for path in done.files]
        rows.append({**entry(one), "changed": paths, "kept": done.kept})
        said += _told(one, done, paths)
    return Said(lines=said, value=_value(rows))


def _told(one: Found, done: Restored, paths: Sequence[str]) -> list[str]:
    name, unit = one.copy.id, one.copy.unit
    if not paths:
        return [f"{name}: {_STANDS}"]
    said = [f"{name}: put back {', '.join(map(shown, paths))}"]
    if done.kept:
        back = f"`doit undo {unit} --last` gets it back"
        said.append(f"  what stood there is in {done.kept}: {back}")
    return [*said, f"  it counts as your edit: see `doit pending {unit}`"]


def _value(rows: Sequence[Mapping[str, object]]) -> Mapping[str, object]:
    return {"schema": 1, "copies": list(rows)}
