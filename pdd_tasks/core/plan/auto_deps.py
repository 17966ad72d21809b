"""Which units a prompt needs, by rules: what it declares, and what it names.

Rule 1: ``<pdd-dependency>name</pdd-dependency>`` declares a unit; a name that is no
unit is an error. Rule 2: a unit's name in inline code, and the path of its code
anywhere in the prose, name it; words that are no unit mean nothing. Rule 3: what the
prompt includes by hand is not included again. Circles are found in
`pdd_tasks.core.graph.units`; the block itself is in `pdd_tasks.core.prompt.block`.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import PurePosixPath
from typing import Final, NamedTuple

from pdd_tasks.core.model.nearest import nearest
from pdd_tasks.core.model.unit import DevUnit
from pdd_tasks.core.model.units import Units
from pdd_tasks.core.prompt.block import Split, split, with_block
from pdd_tasks.core.prompt.directive import Directive, Kind, directives, error
from pdd_tasks.core.prompt.include import included


__all__ = [
    "Said",
    "Split",
    "needed",
    "needed_as_said",
    "split",
    "upstream",
    "with_block",
]

_WORD: Final = re.compile(r"[\w./+#-]+")
_PROMPT: Final = ".prompt"


def needed(unit: DevUnit, text: str, others: Sequence[DevUnit]) -> tuple[DevUnit, ...]:
    """Return the units whose examples belong into a prompt's block, sorted by id.

    Args:
        unit: The unit whose prompt it is.
        text: The prompt outside its block.
        others: All units; those of other state roots cannot be included. Whoever asks
            for many units gives `Units`.

    Raises:
        ConfigError: If a declared dependency is no unit or several, or a directive
            is broken.
    """
    near = Units.of(others, unit.root)
    found = directives(str(unit.prompt), text)
    code = [one.body for one in found if one.kind is Kind.CODE]
    wanted = [*_declared(unit, found, near), *_named(unit, code, near)]
    wanted += _placed(unit, _prose(text, found), near)
    by_hand = {path for path, _ in included(unit.prompt, text)}
    return _chosen(wanted, by_hand)


class Said(NamedTuple):
    """What a plain prompt says outside its block.

    Attributes:
        declared: The names of dependencies.
        code: What stands in inline code.
        prose: All else, and the same code; directives left out.
        by_hand: The files that it includes.
    """

    declared: Sequence[str]
    code: Sequence[str]
    prose: str
    by_hand: Collection[PurePosixPath]


def needed_as_said(unit: DevUnit, said: Said, near: Units) -> tuple[DevUnit, ...]:
    """Return the same as `needed` for what a prompt says.

    Args:
        unit: The unit whose prompt it is.
        said: What its prompt says.
        near: The units of its state root.

    Raises:
        LookupError: If a declared dependency is no unit or several.
    """
    wanted: list[DevUnit] = []
    for body in said.declared:
        name = _plain(body)
        if _is_own(unit, name):
            continue
        matches = _matches(unit, name, near)
        if len(matches) != 1:
            raise LookupError(name)
        wanted += matches
    wanted += _named(unit, said.code, near)
    wanted += _placed(unit, said.prose, near)
    return _chosen(wanted, said.by_hand)


def _chosen(
    wanted: Iterable[DevUnit], by_hand: Collection[PurePosixPath]
) -> tuple[DevUnit, ...]:
    chosen = {one.id: one for one in wanted if one.example not in by_hand}
    return tuple(chosen[one] for one in sorted(chosen))


def upstream(
    unit: DevUnit, files: Iterable[PurePosixPath], others: Sequence[DevUnit]
) -> tuple[DevUnit, ...]:
    """Return the other units that write any of some files, sorted by id.

    Args:
        unit: The unit that reads the files.
        files: What its prompt includes, at any depth.
        others: All units.
    """
    writers = Units.of(others, unit.root).by_file
    found = {
        one.id: one
        for path in files
        for one in writers.get(path, ())
        if one.prompt != unit.prompt
    }
    return tuple(found[one] for one in sorted(found))


def _declared(
    unit: DevUnit, found: Iterable[Directive], near: Units
) -> Iterator[DevUnit]:
    for one in found:
        if one.kind is Kind.DEPENDENCY and not _is_own(unit, _plain(one.body)):
            matches = _matches(unit, _plain(one.body), near)
            if len(matches) != 1:
                raise _unclear(unit, one, matches, near)
            yield matches[0]


def _named(unit: DevUnit, code: Iterable[str], near: Units) -> Iterator[DevUnit]:
    for name in dict.fromkeys(code):
        if not _is_own(unit, name):
            matches = _matches(unit, name, near)
            yield from matches if len(matches) == 1 else ()


def _prose(text: str, found: Iterable[Directive]) -> str:
    prose: list[str] = []
    position = 0
    for one in found:
        prose.append(text[position : one.start])
        position = one.end
        if one.kind is Kind.CODE:
            prose.append(one.body)
    prose.append(text[position:])
    return "\n".join(prose)


def _placed(unit: DevUnit, prose: str, near: Units) -> Iterator[DevUnit]:
    if not any(ending in prose for ending in near.endings):
        return  # most prompts name no file
    for word in _WORD.findall(prose):
        path = word.rstrip(".").removeprefix("./")
        yield from _others(unit, near.by_code.get(path, ()))[-1:]


def _plain(name: str) -> str:
    # PDD declares dependencies by the names of their prompts.
    return name.strip().removesuffix(_PROMPT)


def _is_own(unit: DevUnit, name: str) -> bool:
    return name == unit.id.basename or _folded(name) == _folded(str(unit.id))


def _folded(name: str) -> str:
    """Return a name with its language in lower case, as ids have it."""
    base, mark, language = name.rpartition("_")
    return f"{base}{mark}{language.lower()}"


def _others(unit: DevUnit, units: Iterable[DevUnit]) -> tuple[DevUnit, ...]:
    return tuple(one for one in units if one.prompt != unit.prompt)


def _matches(unit: DevUnit, name: str, near: Units) -> tuple[DevUnit, ...]:
    exact = _others(unit, near.by_id.get(_folded(name), ()))
    if exact:
        return exact
    called = _others(unit, near.by_basename.get(name, ()))
    same = tuple(one for one in called if one.id.language == unit.id.language)
    return same or called


def _unclear(
    unit: DevUnit,
    declared: Directive,
    matches: Sequence[DevUnit],
    near: Units,
) -> Exception:
    ids = [str(one.id) for one in matches]
    where = str(unit.prompt)
    if ids:
        problem = f"the dependency {declared.body!r} may be {' or '.join(ids)}"
        return error(where, declared.line, problem, f"write {ids[0]}")
    others = _others(unit, near)
    names = {name for one in others for name in (str(one.id), one.id.basename)}
    like = nearest(_plain(declared.body), names)
    problem = f"the dependency {declared.body!r} is no unit"
    if like:
        problem += f"; the nearest is {like}"
    hint = f"write {like}, or" if like else "create its prompt, or"
    return error(where, declared.line, problem, f"{hint} take the line out")
