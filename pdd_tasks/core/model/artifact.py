"""Artifacts, the digests that identify their bytes, and the ids of units.

What is not here: where artifacts lie (`unit`) and what was recorded (`trace`).
"""

import hashlib
import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Self


class Artifact(StrEnum):
    """The four things a unit keeps in step."""

    PROMPT = "prompt"
    CODE = "code"
    EXAMPLE = "example"
    TESTS = "tests"


_BOM: Final = b"\xef\xbb\xbf"
_LINE_END: Final = re.compile(rb"[ \t\f\v]*(?:\r\n|\r|\n)")
_SPACE: Final = re.compile(rb"\n(?<= \n)")  # found three times as fast as b" \n"
_BLANKS: Final = (b"\t", b"\f", b"\v")  # seldom there: one sign is found faster
DIGEST: Final = re.compile(r"sha256:([0-9a-f]{64}) text:([0-9a-f]{64})")


@dataclass(frozen=True, slots=True)
class Digest:
    """The identity of some bytes, exactly and as text.

    Attributes:
        raw: SHA-256 of the bytes, 64 hexadecimal digits.
        text: SHA-256 after the byte-order mark is dropped, line ends are made
            LF, blanks at line ends cut, and the file ended by one newline.
    """

    raw: str
    text: str

    @classmethod
    def of(cls, data: bytes) -> Self:
        """Return the digest of some bytes."""
        raw, normal = hashlib.sha256(data).hexdigest(), normal_text(data)
        same = normal is data
        return cls(raw, raw if same else hashlib.sha256(normal).hexdigest())

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the digest in the form that `str` writes.

        Raises:
            ValueError: If the text is not of the form ``sha256:… text:…``.
        """
        found = DIGEST.fullmatch(text)
        if found is None:
            msg = f"not a digest: {text!r}"
            raise ValueError(msg)
        return cls(found[1], found[2])

    def __str__(self) -> str:
        return f"sha256:{self.raw} text:{self.text}"


def normal_text(data: bytes) -> bytes:
    """Return bytes with what no reader of text sees taken away.

    Bytes that have nothing of it are returned themselves.
    """
    if _is_normal(data):
        return data
    lines = _LINE_END.sub(b"\n", data.removeprefix(_BOM))
    return lines.rstrip() + b"\n"


def _is_normal(data: bytes) -> bool:
    # Most files are, and looking for what they might have is far cheaper than taking
    # it out of all of their lines.
    return (
        data[-1:] == b"\n"
        and not data[-2:-1].isspace()
        and len(data) > 1
        and b"\r" not in data
        and not data.startswith(_BOM)
        and _SPACE.search(data) is None
        and (_are_absent(data) or not any(one + b"\n" in data for one in _BLANKS))
    )


def _are_absent(data: bytes) -> bool:
    return b"\t" not in data and b"\f" not in data and b"\v" not in data


def text_digest(text: str) -> str:
    """Return the text digest of a string, 64 hexadecimal digits."""
    return hashlib.sha256(normal_text(text.encode())).hexdigest()


@dataclass(frozen=True, slots=True, order=True)
class UnitId:
    """The name of a unit: its basename, folders included, and its language."""

    basename: str
    language: str

    @property
    def leaf(self) -> str:
        """The basename without its folders."""
        return self.basename.rpartition("/")[2]

    def __str__(self) -> str:
        return f"{self.basename}_{self.language}"
