"""A prompt with everything it includes put in, and what exactly was put in.

Rule 1: equal files give equal text on every machine: line ends, trailing blanks and
byte-order marks are gone. Rule 2: only prose is searched for further includes; a
program that happens to contain a directive is put in as it stands. Rule 3: whatever
cannot be included is an error that names the including line.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from pathlib import PurePosixPath
from typing import Final, NamedTuple

from pdd_tasks.core.model.artifact import normal_text
from pdd_tasks.core.prompt.block import split
from pdd_tasks.core.prompt.directive import Directive, Kind, directives, error, without
from pdd_tasks.core.prompt.selection import Slicer, no_slicer, selected
from pdd_tasks.errors import ConfigError


Read = Callable[[PurePosixPath], bytes | None]

PROSE: Final = frozenset({"", ".prompt", ".md", ".markdown", ".mdx", ".txt", ".rst"})
DEPTH_LIMIT: Final = 40
SIZE_LIMIT: Final = 5_000_000  # characters; far above what any model reads
_REMOVED: Final = frozenset({Kind.COMMENT, Kind.DEPENDENCY})


@dataclass(frozen=True, slots=True, kw_only=True)
class Injected:
    """What one include took.

    Attributes:
        path: The file, relative to the state root.
        select: The part taken; empty for all of it.
        text: What was taken, before its own includes were put in; empty if the
            file is absent.
    """

    path: PurePosixPath
    select: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Expansion:
    """A prompt with its includes put in.

    Attributes:
        text: What a model sees.
        skeleton: The prompt's own text less comments, dependency tags and the block
            of auto-deps; include directives stand as written.
        injected: What was put in, each part once, in order of first appearance.
        block: Files that the block of auto-deps includes.
        absent: Files that are to be written by other units and are not there yet.
    """

    text: str
    skeleton: str
    injected: tuple[Injected, ...]
    block: tuple[PurePosixPath, ...]
    absent: tuple[PurePosixPath, ...]


def expand(
    path: PurePosixPath,
    text: str,
    read: Read,
    *,
    slicer: Slicer = no_slicer,
    expected: Collection[PurePosixPath] = (),
    own: Collection[PurePosixPath] = (),
) -> Expansion:
    """Return a prompt with everything it includes put in.

    Args:
        path: The prompt, relative to the state root.
        text: Its text.
        read: Returns a file's bytes by its path from the state root, None if absent.
        slicer: Takes definitions out of programs, for ``select="def:name"``.
        expected: Files that units write; those of others may be absent.
        own: Files made from this prompt; including one would never come to rest.

    Raises:
        ConfigError: If a directive is broken, or an included file is missing, is no
            text, leaves the project, or leads back to a file that includes it.
    """
    plain = _normal(text.encode(errors="replace"))
    parts = split(path, plain)
    task = _Task(read, slicer, expected, frozenset(own), {}, {})
    return Expansion(
        text=_tidy(_expanded(task, (), path, str(path), plain)),
        skeleton=skeleton_of(path, parts.outside),
        injected=tuple(task.injected.values()),
        block=parts.includes,
        absent=tuple(task.absent),
    )


def included(path: PurePosixPath, text: str) -> tuple[tuple[PurePosixPath, int], ...]:
    """Return the files a text itself includes, each with its line, in order.

    Args:
        path: The text's file, for messages.
        text: The text.

    Raises:
        ConfigError: If a directive is broken or a path leaves the project.
    """
    return tuple(
        (_target(str(path), one), one.line)
        for one in directives(str(path), text)
        if one.kind is Kind.INCLUDE
    )


def skeleton_of(path: PurePosixPath, outside: str) -> str:
    """Return a prompt's own text less comments and dependency tags.

    Args:
        path: The prompt, relative to the state root.
        outside: Its text without the block of auto-deps.

    Raises:
        ConfigError: If a directive is broken.
    """
    found = directives(str(path), outside)
    cuts = [(one.start, one.end, "") for one in found if one.kind in _REMOVED]
    return _tidy(without(outside, cuts))


class _Link(NamedTuple):
    """One file on the way to an include, and the line that leads on."""

    path: PurePosixPath
    line: int


class _Task(NamedTuple):
    """What holds for one expansion; the two mappings are filled on the way."""

    read: Read
    slicer: Slicer
    expected: Collection[PurePosixPath]
    own: frozenset[PurePosixPath]
    injected: dict[tuple[PurePosixPath, str], Injected]
    absent: dict[PurePosixPath, None]


def _expanded(
    task: _Task, chain: tuple[_Link, ...], path: PurePosixPath, name: str, text: str
) -> str:
    found = directives(name, text)
    cuts = [(one.start, one.end, "") for one in found if one.kind in _REMOVED]
    includes = [one for one in found if one.kind is Kind.INCLUDE]
    for (start, end), group in groupby(includes, key=lambda one: (one.start, one.end)):
        parts = [
            _put_in(task, (*chain, _Link(path, one.line)), name, one) for one in group
        ]
        cuts.append((start, end, "\n".join(part for part in parts if part)))
    whole = without(text, sorted(cuts))
    if len(whole) > SIZE_LIMIT:
        raise error(
            name,
            1,
            f"with its includes it is longer than {SIZE_LIMIT} characters",
            "include less, for example with select=",
        )
    return whole


def _put_in(
    task: _Task, chain: tuple[_Link, ...], name: str, include: Directive
) -> str:
    target = _target(name, include)
    _check_way(task, chain, name, target)
    data = _data(task, name, include, target)
    key = (target, include.select)
    if data is None:
        if target in task.expected:
            task.absent[target] = None
            task.injected[key] = Injected(path=target, select=include.select, text="")
        return ""
    text = _taken(task, name, include, target, data)
    task.injected.setdefault(
        key, Injected(path=target, select=include.select, text=text)
    )
    said = f"{target}[{include.select}]" if include.select else str(target)
    if target.suffix.lower() in PROSE:
        text = _expanded(task, chain, target, said, text)
    part = f' select="{include.select}"' if include.select else ""
    return f'<file path="{target}"{part}>\n{_tidy(text)}</file>'


def _target(name: str, include: Directive) -> PurePosixPath:
    found = inside(include.body)
    if found is None:
        raise error(
            name,
            include.line,
            f"the included path {include.body!r} is not inside the project",
            "write it relative to the folder of .pddrc, or dodo.py",
        )
    return found


@lru_cache(maxsize=1024)  # the same examples are included by many units
def inside(body: str) -> PurePosixPath | None:
    """Return the file that a path means; None if it leaves the project."""
    parts: list[str] = []
    leaves = body.startswith("/") or any(c in body for c in "\\\0<>")
    for part in PurePosixPath(body).parts:
        leaves = leaves or (part == ".." and not parts)
        if part != "..":
            parts.append(part)
        elif parts:
            parts.pop()
    return None if leaves or not parts else PurePosixPath(*parts)


def _check_way(
    task: _Task, chain: tuple[_Link, ...], name: str, target: PurePosixPath
) -> None:
    line = chain[-1].line
    if any(link.path == target for link in chain):
        way = " → ".join([*(f"{link.path}:{link.line}" for link in chain), str(target)])
        what = (
            "includes itself" if len(chain) == 1 else f"includes go in a circle: {way}"
        )
        raise error(name, line, what, "take one of the includes out")
    if target in task.own:
        raise error(
            name,
            line,
            f"{target} is made from this prompt and cannot be included in it",
            "say in words what the prompt needs of it, or include another file",
        )
    if len(chain) > DEPTH_LIMIT:
        raise error(
            name,
            line,
            f"includes are nested more than {DEPTH_LIMIT} deep",
            "include less",
        )


def _data(
    task: _Task, name: str, include: Directive, target: PurePosixPath
) -> bytes | None:
    try:
        data = task.read(target)
    except ConfigError as cause:
        raise error(name, include.line, cause.message, cause.hint) from cause
    if data is None and not include.optional and target not in task.expected:
        # imported here: there are few of them
        from pdd_tasks.core.prompt.missing_file import way_out

        known = (path for path in task.expected if path not in task.own)
        raise error(
            name,
            include.line,
            f"included file {target} does not exist",
            way_out(target, name, known, task.read),
        )
    return data


def _taken(
    task: _Task, name: str, include: Directive, target: PurePosixPath, data: bytes
) -> str:
    try:
        text = _normal(data)
    except UnicodeDecodeError:
        raise error(
            name,
            include.line,
            f"included file {target} is not UTF-8 text",
            "include a text file",
        ) from None
    if not include.select:
        return text
    try:
        return selected(target, text, include.select, task.slicer)
    except LookupError as cause:
        raise error(
            name,
            include.line,
            f"include of {target}: {cause.args[0]}",
            "mend select=, or include the whole file",
        ) from cause


def _normal(data: bytes) -> str:
    return normal_text(data).decode()


def _tidy(text: str) -> str:
    return _normal(text.encode())
