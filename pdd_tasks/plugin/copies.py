"""Safety copies as a command shows them: selected by words, as lines and as JSON."""

import difflib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Final

from pdd_tasks.core.model.nearest import nearest
from pdd_tasks.core.model.safety_copy import SafetyCopy, newest_first
from pdd_tasks.engine.undo import Difference, differences
from pdd_tasks.engine.world import World
from pdd_tasks.errors import ConfigError
from pdd_tasks.plugin.project import Project
from pdd_tasks.plugin.selection import selected


_HEAD: Final = ("ID", "WHEN", "UNIT", "FILES", "BECAUSE")
_LONGEST: Final = 72
_PLACES: Final = ("refs/pdd/safety/", "refs/heads/", "pdd/safety/", ".pdd/safety/")


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A safety copy, and the project whose files it holds.

    Attributes:
        root: The state root, relative to the folder doit runs in.
        world: The ports to the project.
    """

    copy: SafetyCopy
    root: PurePosixPath
    world: World


def all_copies(project: Project) -> tuple[Found, ...]:
    """Return the safety copies of all state roots, the newest first."""
    found = [
        Found(copy=copy, root=root, world=world)
        for root, world in project.worlds.items()
        for copy in world.safety.listed()
    ]
    order = {copy: at for at, copy in enumerate(newest_first([f.copy for f in found]))}
    return tuple(sorted(found, key=lambda one: order[one.copy]))


def of_units(
    project: Project, found: Sequence[Found], words: Sequence[str]
) -> tuple[Found, ...]:
    """Return the copies of the units that words select, all without words.

    Units that are gone from the project are known by their copies.

    Raises:
        ConfigError: If a word selects neither a unit nor a copy.
    """
    if not words:
        return tuple(found)
    units = {name for word in words for name in _units(project, found, word)}
    return tuple(one for one in found if one.copy.unit in units)


def by_name(found: Sequence[Found], word: str) -> Found | None:
    """Return the copy that a word names, by its id, its ref or its folder.

    Raises:
        ConfigError: If two projects have one of that name.
    """
    name = word
    for place in _PLACES:
        name = name.removeprefix(place)
    named = [one for one in found if one.copy.id == name.rstrip("/")]
    if len(named) > 1:
        roots = " and ".join(str(one.root) for one in named)
        raise ConfigError(
            f"the safety copy {name} is there in {roots}",
            hint="run doit in the folder of the one you mean",
        )
    return named[0] if named else None


def _units(project: Project, found: Sequence[Found], word: str) -> set[str]:
    name = word.removeprefix("sync:")
    if any(one.copy.unit == name for one in found):
        return {name}
    try:
        return {str(unit.id) for unit in selected(project, word)}
    except ConfigError as error:
        like = nearest(word, (one.copy.id for one in found), cutoff=0.7)
        if not like:
            raise
        msg = f"no unit and no safety copy is called {word!r}; the nearest is {like}"
        raise ConfigError(msg, hint=f"write doit undo {like}") from error


def lines(found: Sequence[Found]) -> list[str]:
    """Return a table of copies, its head first."""
    if not found:
        return ["no safety copies: nothing that you wrote was replaced"]
    rows = [_HEAD, *(_row(one) for one in found)]
    widths = [max(len(row[at]) for row in rows) for at in range(len(_HEAD) - 1)]
    return [
        "  ".join([*map(str.ljust, row[:-1], widths), row[-1]]).rstrip() for row in rows
    ]


def _row(one: Found) -> tuple[str, ...]:
    copy = one.copy
    files = ", ".join(str(one.root / path) for path in copy.files)
    because = " ".join(copy.because.split())
    cut = f"{because[:_LONGEST]}…" if len(because) > _LONGEST else because
    when = copy.at.replace("T", " ")
    return tuple(map(shown, (copy.id, when, copy.unit, files, cut)))


def shown(text: str) -> str:
    """Return a text without signs that would steer a terminal."""
    return "".join(
        sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in text
    )


def diff(one: Found) -> Iterator[str]:
    """Yield the lines of what going back to a copy would change."""
    for row in differences(one.world, one.copy):
        yield from _diff(row, str(one.root / row.path))


def _diff(row: Difference, path: str) -> Iterator[str]:
    before, after = row.standing or b"", row.kept
    if b"\0" in before + after:
        yield f"{shown(path)}: {len(before)} bytes, and {len(after)} in the copy"
        return
    old, new = (data.decode("utf-8", "replace").split("\n") for data in (before, after))
    name = shown(path)
    gone = "/dev/null" if row.standing is None else name
    for line in difflib.unified_diff(old, new, gone, name, lineterm=""):
        yield "".join(shown(part) if part != "\t" else part for part in line)


def entry(one: Found) -> Mapping[str, object]:
    """Return a copy as plain values for JSON."""
    copy = one.copy
    return {
        "id": copy.id,
        "unit": copy.unit,
        "root": str(one.root),
        "at": copy.at,
        "because": copy.because,
        "where": copy.where,
        "files": {str(path): raw for path, raw in copy.files.items()},
    }
