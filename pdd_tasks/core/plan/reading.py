"""What a look at a unit takes from its prompt, so that the prompt is read once.

Rule 1: a prompt that says more, or says it in an unusual way, has no `Reading`; it is
looked at at length. Rule 2: a plain prompt, without fences and without tags that have
attributes, is read in one go; what comes out is what `at_length` finds.
"""

import hashlib
import re
from collections.abc import Iterable, Sequence
from pathlib import PurePosixPath
from typing import Final, NamedTuple

from pdd_tasks.core.model.artifact import normal_text, text_digest
from pdd_tasks.core.model.unit import DevUnit
from pdd_tasks.core.model.units import Units
from pdd_tasks.core.plan import auto_deps
from pdd_tasks.core.prompt.block import BEGIN, END, block_of, rewritten, split
from pdd_tasks.core.prompt.directive import Directive, Kind, directives, without
from pdd_tasks.core.prompt.include import (
    included,
    inside,
    skeleton_of,
)


_MARK: Final = "\ufeff"
_UNREADABLE: Final = "\ufffd"  # in place of bytes that are no text
_BEGIN: Final = f"<pdd>{BEGIN}</pdd>\n"
_TAG: Final = re.compile(
    r"<(pdd|pdd-dependency|include)>([ \t]*[^<>`\s][^<>`\n]*)</\1>"
)
_ODD: Final = frozenset("\\\0<>")
_KINDS: Final = {kind.value: kind for kind in Kind}
_ANY_TAG: Final = re.compile(
    r"<(?:pdd|pdd-dependency|include|include-many|shell|web)(?=[\s/>])"
)


class Reading(NamedTuple):
    """A prompt that is as usual.

    Attributes:
        outside: Digest of its text without the block of auto-deps, which is as the
            rules want it.
        skeleton: Digest of its own text, as generation compares it.
        includes: The files that it includes, each as often as it does; whole.
        size: The bytes of its text.
    """

    outside: str
    skeleton: str
    includes: tuple[PurePosixPath, ...]
    size: int


Read = tuple[frozenset[str], Reading | None]
"""Ids of the units that a prompt needs, and what else it says if it is as usual."""


def needs_and_reading(unit: DevUnit, data: bytes, mine: Units) -> Read:
    """Return what a prompt needs and says.

    Args:
        unit: The unit whose prompt it is.
        data: The prompt.
        mine: The units of its state root.

    Raises:
        ConfigError: If a declared dependency is no unit, or a directive is broken.
    """
    text = data.decode("utf-8-sig", errors="replace")
    is_usual = normal_text(data) is data and _MARK not in text
    if is_usual and _UNREADABLE not in text:
        return _in_one_go(unit, text, mine) or at_length(unit, text, mine)
    return at_length(unit, text, mine)[0], None


def at_length(unit: DevUnit, text: str, mine: Units) -> Read:
    """Return what a prompt needs and says, whatever stands in it.

    Args:
        unit: The unit whose prompt it is.
        text: The prompt, normalised as text.
        mine: The units of its state root.

    Raises:
        ConfigError: As for `needs_and_reading`.
    """
    parts = split(unit.prompt, text)
    outside = parts.outside
    needed = auto_deps.needed(unit, outside, mine)
    files = tuple(path for path, _ in included(unit.prompt, text))
    needs = _ids(unit, needed, files, mine)
    found = directives(str(unit.prompt), text)
    takes_parts = any(one.select for one in found if one.kind is Kind.INCLUDE)
    is_due = rewritten(parts, text, [one.example for one in needed]) != text
    if takes_parts or is_due or not outside.strip():
        return needs, None
    skeleton = text_digest(skeleton_of(unit.prompt, outside))
    size = len(text.encode())
    return needs, Reading(text_digest(outside), skeleton, files, size)


def _in_one_go(unit: DevUnit, text: str, mine: Units) -> Read | None:
    """Return the same of a plain prompt; None if it is none."""
    outside, block = _taken_apart(text)
    parts = outside.split("`")
    tags = [_directive(tag) for tag in _TAG.finditer(outside)]
    if not _is_plain(outside, parts, tags):
        return None
    said = _said(parts, tags)
    try:
        needed = [] if said is None else auto_deps.needed_as_said(unit, said, mine)
    except LookupError:
        return None
    examples = sorted(one.example for one in needed)
    if said is None or block != (block_of(examples) if examples else ""):
        return None
    if any(".." in text or not _ODD.isdisjoint(text) for text in map(str, examples)):
        return None  # an include may mean another file
    reading = Reading(
        outside=_digest(outside),
        skeleton=_skeleton(outside, tags),
        includes=(*said.by_hand, *examples),
        size=len(text.encode()),
    )
    return _ids(unit, needed, said.by_hand, mine), reading


def _skeleton(outside: str, tags: Sequence[Directive]) -> str:
    removed = [one for one in tags if one.kind is not Kind.INCLUDE]
    if not removed:
        return _digest(outside)
    text = without(outside, [(one.start, one.end, "") for one in removed])
    lines = f"\n{outside}"
    if all(lines[o.start] == "\n" and lines[o.end + 1] == "\n" for o in removed):
        return _digest(text)
    return text_digest(text)


def _digest(text: str) -> str:
    """Return the digest of a text of which all lines are those of a normal one."""
    data = text.encode()
    if data[-1:] == b"\n" and data[-2:-1] and not data[-2:-1].isspace():
        return hashlib.sha256(data).hexdigest()
    return text_digest(text)


def _taken_apart(text: str) -> tuple[str, str]:
    """Return a text in front of its block, and the block with all that is behind."""
    at = text.find(_BEGIN)
    if at < 0:
        return text, ""
    start = text[:at]
    return start.removesuffix("\n") if start.endswith("\n\n") else start, text[at:]


def _directive(tag: re.Match[str]) -> Directive:
    start, end = tag.span()
    return Directive(_KINDS[tag[1]], start, end, 0, tag[2].strip())


def _is_plain(outside: str, parts: Sequence[str], tags: Sequence[Directive]) -> bool:
    """Return whether all that is no prose is inline code in a line, or a usual tag."""
    code = "".join(parts[1::2])
    return (
        len(parts) % 2 == 1
        and "" not in parts  # two ticks in a row
        and ("~" not in outside or "~~~" not in outside)
        and "\n" not in code
        and "<" not in code
        and len(_ANY_TAG.findall(outside)) == len(tags)
        and all(one.body not in {BEGIN, END} for one in tags)
        and bool(outside.strip())
    )


def _said(parts: Sequence[str], tags: Sequence[Directive]) -> auto_deps.Said | None:
    """Return what a plain prompt says; None if it includes what it may not."""
    by_hand = [inside(one.body) for one in tags if one.kind is Kind.INCLUDE]
    inner = [path for path in by_hand if path is not None]
    if len(inner) < len(by_hand):
        return None
    code = [one.strip() for one in parts[1::2]]
    prose = "\n".join([*(_TAG.sub("\n", one) for one in parts[::2]), *code])
    declared = [one.body for one in tags if one.kind is Kind.DEPENDENCY]
    return auto_deps.Said(declared, code, prose, inner)


def _ids(
    unit: DevUnit,
    needed: Iterable[DevUnit],
    files: Iterable[PurePosixPath],
    mine: Units,
) -> frozenset[str]:
    found = (*needed, *auto_deps.upstream(unit, files, mine))
    return frozenset(str(one.id) for one in found)
