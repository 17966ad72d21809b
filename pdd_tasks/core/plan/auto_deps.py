"""Which units a prompt needs, by rules: what it declares, and what it names.

Rule 1: ``<pdd-dependency>name</pdd-dependency>`` declares a unit; a name that is no
unit is an error. Rule 2: a unit's name in inline code, and the path of its code
anywhere in the prose, name it; words that are no unit mean nothing. Rule 3: what the
prompt includes by hand is not included again. Circles are found in
`pdd_tasks.core.graph.units`; the block itself is in `pdd_tasks.core.prompt.block`.
"""

import difflib
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import PurePosixPath
from typing import Final

from pdd_tasks.core.model.unit import DevUnit
from pdd_tasks.core.prompt.block import Split, split, with_block
from pdd_tasks.core.prompt.directive import Directive, Kind, directives, error
from pdd_tasks.core.prompt.include import included


__all__ = ["Split", "needed", "split", "upstream", "with_block"]

_WORD: Final = re.compile(r"[\w./+#-]+")
_PROMPT: Final = ".prompt"


def needed(unit: DevUnit, text: str, others: Sequence[DevUnit]) -> tuple[DevUnit, ...]:
    """Return the units whose examples belong into a prompt's block, sorted by id.

    Args:
        unit: The unit whose prompt it is.
        text: The prompt outside its block.
        others: All units; those of other state roots cannot be included.

    Raises:
        ConfigError: If a declared dependency is no unit or several, or a directive
            is broken.
    """
    near = [
        one for one in others if one.root == unit.root and one.prompt != unit.prompt
    ]
    found = directives(str(unit.prompt), text)
    wanted = [*_declared(unit, found, near), *_named(unit, text, found, near)]
    by_hand = {path for path, _ in included(unit.prompt, text)}
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
    wanted = frozenset(files)
    found = [
        one
        for one in others
        if one.root == unit.root
        and one.prompt != unit.prompt
        and wanted & {one.example, *one.code, *one.tests}
    ]
    return tuple(sorted(found, key=lambda one: one.id))


def _declared(
    unit: DevUnit, found: Iterable[Directive], near: Sequence[DevUnit]
) -> Iterator[DevUnit]:
    for one in found:
        if one.kind is Kind.DEPENDENCY and not _is_own(unit, _plain(one.body)):
            matches = _matches(unit, _plain(one.body), near)
            if len(matches) != 1:
                raise _unclear(unit, one, matches, near)
            yield matches[0]


def _named(
    unit: DevUnit, text: str, found: Iterable[Directive], near: Sequence[DevUnit]
) -> Iterator[DevUnit]:
    by_code = {str(path): one for one in near for path in one.code}
    prose: list[str] = []
    position = 0
    for one in found:
        prose.append(text[position : one.start])
        position = one.end
        if one.kind is Kind.CODE:
            prose.append(one.body)
            if not _is_own(unit, one.body):
                matches = _matches(unit, one.body, near)
                yield from matches if len(matches) == 1 else ()
    prose.append(text[position:])
    for word in _WORD.findall("\n".join(prose)):
        path = word.rstrip(".").removeprefix("./")
        if path in by_code:
            yield by_code[path]


def _plain(name: str) -> str:
    # PDD declares dependencies by the names of their prompts.
    return name.strip().removesuffix(_PROMPT)


def _is_own(unit: DevUnit, name: str) -> bool:
    return name == unit.id.basename or _folded(name) == _folded(str(unit.id))


def _folded(name: str) -> str:
    """Return a name with its language in lower case, as ids have it."""
    base, mark, language = name.rpartition("_")
    return f"{base}{mark}{language.lower()}"


def _matches(unit: DevUnit, name: str, near: Sequence[DevUnit]) -> tuple[DevUnit, ...]:
    exact = tuple(one for one in near if str(one.id) == _folded(name))
    if exact:
        return exact
    called = tuple(one for one in near if one.id.basename == name)
    same = tuple(one for one in called if one.id.language == unit.id.language)
    return same or called


def _unclear(
    unit: DevUnit,
    declared: Directive,
    matches: Sequence[DevUnit],
    near: Sequence[DevUnit],
) -> Exception:
    ids = [str(one.id) for one in matches]
    where = str(unit.prompt)
    if ids:
        problem = f"the dependency {declared.body!r} may be {' or '.join(ids)}"
        return error(where, declared.line, problem, f"write {ids[0]}")
    names = sorted({name for one in near for name in (str(one.id), one.id.basename)})
    like = difflib.get_close_matches(_plain(declared.body), names, n=1)
    problem = f"the dependency {declared.body!r} is no unit"
    if like:
        problem += f"; the nearest is {like[0]}"
    hint = f"write {like[0]}, or" if like else "create its prompt, or"
    return error(where, declared.line, problem, f"{hint} take the line out")
