"""A model's reply as a value, or a refusal that says what is wrong with it.

Rule 1: nothing is guessed. A reply with two candidate files is refused, not
chosen from. Rule 2: code never travels inside JSON.
"""

import json
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import PurePosixPath
from typing import Final

from pdd_tasks.errors import ReplyError


_OPENING: Final = re.compile(r"^( {0,3})(`{3,}|~{3,})[ \t]*([^\s`]*)[^\n`]*$")


_NAMED: Final = re.compile(
    r"^[#*`> ]*file:[*` ]*(?P<path>[^*`]+?)[*` ]*$", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Fence:
    """A fenced block.

    Attributes:
        tag: Its tag in lower case.
        text: What is in it.
        above: The last line above it that is not blank and in no fence.
    """

    tag: str
    text: str
    above: str = field(default="", compare=False)


def fences(text: str) -> tuple[Fence, ...]:
    """Return the fenced blocks of a text, in order.

    Raises:
        ReplyError: If the last block is never closed: the reply was cut off.
    """
    found: list[Fence] = []
    opening: re.Match[str] | None = None
    body: list[str] = []
    above = ""
    for line in text.replace("\r\n", "\n").split("\n"):
        if opening is None:
            opening, body = _OPENING.match(line), []
            above = above if opening or not line.strip() else line.strip()
        elif _closes(line, opening[2]):
            inner = "".join(f"{b}\n" for b in body)
            found.append(Fence(opening[3].lower(), inner, above))
            opening, above = None, ""
        else:
            body.append(line)
    if opening is not None:
        msg = "the reply was cut off: its fenced block is never closed"
        raise ReplyError(msg)
    return tuple(found)


def _closes(line: str, mark: str) -> bool:
    stripped = line.strip()
    return (
        len(stripped) >= len(mark)
        and stripped == mark[0] * len(stripped)
        and len(line) - len(line.lstrip(" ")) < 4  # noqa: PLR2004 - CommonMark
    )


def one_file(text: str, tags: Collection[str]) -> str:
    """Return the one file that a reply holds in a fence.

    Args:
        text: The reply.
        tags: Fence tags of the language; a fence without a tag counts too.

    Raises:
        ReplyError: If there is no such block, or more than one, or it is empty.
    """
    if not text.strip():
        msg = "the reply is empty"
        raise ReplyError(msg)
    blocks = fences(text)
    fitting = [b for b in blocks if b.tag in tags] or [b for b in blocks if not b.tag]
    if not fitting:
        other = f", only {blocks[0].tag}" if blocks else ""
        msg = f"the reply is prose: no fenced block of {min(tags, default='text')}"
        raise ReplyError(msg + other)
    if len(fitting) > 1:
        msg = f"the reply holds {len(fitting)} files where one was asked for"
        raise ReplyError(msg)
    if not fitting[0].text.strip():
        msg = "the reply's file is empty"
        raise ReplyError(msg)
    return fitting[0].text


def named_files(
    text: str, paths: Collection[PurePosixPath], tags: Collection[str]
) -> dict[PurePosixPath, str]:
    """Return all files that a reply holds, each in a fence below ``File: PATH``.

    Args:
        text: The reply.
        paths: The files it must hold, and no others.
        tags: Fence tags of the language; a fence without a tag counts too.

    Returns:
        Path → text, in the order of `paths`.

    Raises:
        ReplyError: If one of them is missing, unknown, given twice or empty, or a
            block has no name.
    """
    found: dict[PurePosixPath, str] = {}
    for block in fences(text):
        if block.tag in {*tags, ""}:
            path = _path_of(block, paths)
            if path in found:
                msg = f"the reply holds {path} twice"
                raise ReplyError(msg)
            if not block.text.strip():
                msg = f"the reply's {path} is empty"
                raise ReplyError(msg)
            found[path] = block.text
    missing = [str(path) for path in paths if path not in found]
    if missing:
        msg = (
            f"the reply lacks {', '.join(missing)}, each in a block below 'File: PATH'"
        )
        raise ReplyError(msg)
    return {path: found[path] for path in paths}


def _path_of(block: Fence, paths: Collection[PurePosixPath]) -> PurePosixPath:
    """Return which file a block is.

    Raises:
        ReplyError: If the line above it does not say so, or names another file.
    """
    wanted = ", ".join(str(path) for path in paths)
    named = _NAMED.match(block.above)
    if named is None:
        msg = f"a block of the reply has no line 'File: PATH' above it, with {wanted}"
        raise ReplyError(msg)
    path = PurePosixPath(named["path"])
    if path not in paths:
        msg = f"the reply holds {path}, which was not asked for; expected {wanted}"
        raise ReplyError(msg)
    return path


class Finding(StrEnum):
    """What a judge says of one requirement."""

    MET = "met"
    UNMET = "unmet"
    NOT_EXERCISED = "not_exercised"


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """A judge's finding on one requirement, with a literal quote as evidence."""

    requirement: str
    finding: Finding
    quote: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """A judge's verdict.

    Attributes:
        judgements: One for each requirement, in their order.
        confidence: The judge's own, 0 to 1.
    """

    judgements: tuple[Judgement, ...]
    confidence: float

    @property
    def unmet(self) -> tuple[Judgement, ...]:
        """The requirements that are not met; the overall verdict is their absence."""
        return tuple(j for j in self.judgements if j.finding is Finding.UNMET)


VERDICT_SCHEMA: Final = json.dumps(
    {
        "type": "object",
        "additionalProperties": False,
        "required": ["requirements", "confidence"],
        "properties": {
            "confidence": {"type": "number", "minimum": 0, "maximum": 1},
            "requirements": {
                "type": "array",
                "items": {
                    "type": "object",
                    "additionalProperties": False,
                    "required": ["id", "verdict", "quote"],
                    "properties": {
                        "id": {"type": "string"},
                        "verdict": {"enum": [str(f) for f in Finding]},
                        "quote": {"type": "string"},
                    },
                },
            },
        },
    },
    sort_keys=True,
    separators=(",", ":"),
)


def verdict(text: str, requirements: Mapping[str, str], material: str) -> Verdict:
    """Return the verdict that a reply holds as JSON, alone or in one fence.

    Args:
        text: The reply.
        requirements: Id → requirement; each must be judged exactly once.
        material: Everything the judge was shown; quotes must stand in it.

    Raises:
        ReplyError: If it is not such a verdict; the message says where.
    """
    value = json_in(text)
    if not isinstance(value, dict) or set(value) != {"requirements", "confidence"}:
        msg = "the verdict must be an object with 'requirements' and 'confidence'"
        raise ReplyError(msg)
    confidence, items = value["confidence"], value["requirements"]
    sure = isinstance(confidence, int | float) and not isinstance(confidence, bool)
    if not sure or not 0 <= confidence <= 1 or not isinstance(items, list):
        msg = "the verdict's confidence must be 0 to 1 and its requirements a list"
        raise ReplyError(msg)
    found = {j.requirement: j for j in (_judgement(i, material) for i in items)}
    if len(found) != len(items) or found.keys() != requirements.keys():
        wanted = ", ".join(requirements)
        msg = f"the verdict must judge each of {wanted} exactly once"
        raise ReplyError(msg)
    return Verdict(
        judgements=tuple(found[i] for i in requirements), confidence=float(confidence)
    )


def json_in(text: str) -> object:
    """Return the JSON value that a reply holds, alone or in one fence.

    Raises:
        ReplyError: If it holds none.
    """
    blocks = [b for b in fences(text) if b.tag in {"json", ""}]
    body = blocks[0].text if len(blocks) == 1 else text
    try:
        value: object = json.loads(body)
    except (ValueError, RecursionError) as error:
        msg = f"the reply is not JSON: {error}"
        raise ReplyError(msg) from None
    return value


def _judgement(item: object, material: str) -> Judgement:
    if not isinstance(item, dict) or set(item) != {"id", "verdict", "quote"}:
        msg = "each requirement must have exactly 'id', 'verdict' and 'quote'"
        raise ReplyError(msg)
    name, finding, quote = item["id"], item["verdict"], item["quote"]
    if not isinstance(name, str) or not isinstance(quote, str):
        msg = "a requirement's 'id' and 'quote' must be text"
        raise ReplyError(msg)
    if not isinstance(finding, str) or finding not in set(Finding):
        kinds = ", ".join(Finding)
        msg = f"requirement {name}: verdict {finding!r} is none of {kinds}"
        raise ReplyError(msg)
    if finding != Finding.NOT_EXERCISED and (not quote or quote not in material):
        msg = f"requirement {name}: its quote stands nowhere in the material"
        raise ReplyError(msg)
    return Judgement(requirement=name, finding=Finding(finding), quote=quote)
