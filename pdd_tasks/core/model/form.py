"""Strict reading of plain mappings: every problem is found, and named by its place.

Rule 1: nothing is guessed; an unknown key, a missing key and a wrong type are
problems. Rule 2: all problems of a file are collected, then raised once. What a
particular file holds is in `fingerprint_form` and `report_form`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePosixPath
from typing import Final, TypeVar

from pdd_tasks.core.model.artifact import Digest


T = TypeVar("T")
E = TypeVar("E", bound=StrEnum)
_ABSENT: Final = object()
_HEX: Final = frozenset("0123456789abcdef")
_SHA_DIGITS: Final = 64
_SHOWN: Final = 40
_FULL: Final = 100.0


class FormError(ValueError):
    """A mapping that is not what it should be.

    Attributes:
        problems: What is wrong, one clause each: ``steps.fix.at: missing``.
    """

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__(problems)
        self.problems = tuple(problems)

    def __str__(self) -> str:
        return "; ".join(self.problems)


class NewerFormError(FormError):
    """A mapping whose schema is newer than this program."""


@dataclass(frozen=True, slots=True)
class Node:
    """One value of a mapping, where it stands, and where its problems go.

    A reader that finds a problem reports it and returns a value of the right type
    that nobody will see, because `read` raises in the end.

    Attributes:
        value: The value as parsed.
        at: The keys that lead to it, joined by dots; empty for the whole file.
        problems: Shared by all nodes of one file, and added to.
    """

    value: object
    at: str
    problems: list[str]

    @property
    def is_null(self) -> bool:
        """True if the value is there and is null."""
        return self.value is None

    def refuse(self, what: str) -> None:
        """Report a problem; a missing value was reported already."""
        if self.value is not _ABSENT:
            self.problems.append(f"{self.at or 'the file'}: {what}")

    def fields(
        self, *required: str, optional: tuple[str, ...] = ()
    ) -> Mapping[str, "Node"]:
        """Return a node for each named key, and report all other keys."""
        found = self._mapping()
        for key in sorted(found.keys() - {*required, *optional}):
            self._child(key, found[key]).refuse("unknown key")
        if isinstance(self.value, Mapping):
            for key in required:
                if key not in found:
                    self._child(key, None).refuse("missing")
        return {
            key: self._child(key, found.get(key, _ABSENT))
            for key in (*required, *optional)
        }

    def entries(self) -> tuple[tuple[str, "Node"], ...]:
        """Return the keys of a mapping, each with its node."""
        found = self._mapping()
        return tuple((key, self._child(key, value)) for key, value in found.items())

    def places(self) -> tuple[tuple[str, "Node"], ...]:
        """Return the entries of a mapping whose keys are root-relative paths."""
        entries = self.entries()
        for key, node in entries:
            path = PurePosixPath(key)
            if (
                str(path) != key
                or path.is_absolute()
                or {"..", "."} & {*path.parts, key}
            ):
                node.refuse("its key is not a path below the root")
        return entries

    def keyed(self, kind: type[E]) -> tuple[tuple[E, "Node"], ...]:
        """Return the entries of a mapping whose keys are members of an enumeration."""
        return tuple(
            (Node(key, node.at, self.problems).member(kind), node)
            for key, node in self.entries()
        )

    def elements(self) -> tuple["Node", ...]:
        """Return the nodes of a list."""
        if isinstance(self.value, list):
            return tuple(self._child(str(i), v) for i, v in enumerate(self.value))
        self.refuse(f"expected a list, found {_shown(self.value)}")
        return ()

    def text(self) -> str:
        """Return a text."""
        if isinstance(self.value, str):
            return self.value
        self.refuse(f"expected a text, found {_shown(self.value)}")
        return ""

    def texts(self) -> Mapping[str, str]:
        """Return a mapping of texts."""
        return {key: node.text() for key, node in self.entries()}

    def flag(self) -> bool:
        """Return true or false."""
        if isinstance(self.value, bool):
            return self.value
        self.refuse(f"expected true or false, found {_shown(self.value)}")
        return False

    def whole(self) -> int:
        """Return a whole number."""
        if isinstance(self.value, int) and not isinstance(self.value, bool):
            return self.value
        self.refuse(f"expected a whole number, found {_shown(self.value)}")
        return 0

    def percent(self) -> float:
        """Return a number from 0 to 100."""
        value = self.value
        number = value if isinstance(value, int | float) else -1.0
        if 0 <= number <= _FULL and not isinstance(value, bool):  # false for NaN
            return float(number)
        self.refuse(f"expected a number from 0 to 100, found {_shown(value)}")
        return 0.0

    def sha(self) -> str:
        """Return a raw SHA-256, 64 hexadecimal digits."""
        value = self.value
        if isinstance(value, str) and len(value) == _SHA_DIGITS and set(value) <= _HEX:
            return value
        self.refuse(f"not a SHA-256 in hexadecimal: {_shown(value)}")
        return ""

    def digest(self) -> Digest:
        """Return a digest, raw and text."""
        try:
            return Digest.parse(self.text())
        except ValueError:
            if isinstance(self.value, str):
                self.refuse(f"not a digest: {_shown(self.value)}")
        return Digest("", "")

    def member(self, kind: type[E]) -> E:
        """Return a member of an enumeration."""
        text = self.text()
        members = {str(member): member for member in kind}
        if text not in members and isinstance(self.value, str):
            self.refuse(f"{_shown(text)} is not one of {', '.join(members)}")
        return members.get(text, next(iter(kind)))

    def _mapping(self) -> Mapping[str, object]:
        if isinstance(self.value, Mapping):
            return self.value
        self.refuse(f"expected an object, found {_shown(self.value)}")
        return {}

    def _child(self, key: str, value: object) -> "Node":
        return Node(value, f"{self.at}.{key}" if self.at else key, self.problems)


def read(mapping: Mapping[str, object], shape: Callable[[Node], T]) -> T:
    """Return what a reader makes of a mapping.

    Raises:
        FormError: If the reader found problems; all of them.
    """
    problems: list[str] = []
    value = shape(Node(mapping, "", problems))
    if problems:
        raise FormError(problems)
    return value


def check_schema(mapping: Mapping[str, object], ours: int) -> None:
    """Accept a mapping whose schema this program reads.

    Raises:
        NewerFormError: If its schema is newer than ours.
        FormError: If it has none, or one that never was.
    """
    found = mapping.get("schema")
    if not isinstance(found, int) or isinstance(found, bool) or found < 1:
        what = _shown(found) if "schema" in mapping else "none"
        raise FormError([f"schema: expected a number from 1 to {ours}, found {what}"])
    if found > ours:
        msg = f"schema: {found} is newer than this program, which reads up to {ours}"
        raise NewerFormError([msg])


def _shown(value: object) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case str():
            return repr(value if len(value) <= _SHOWN else value[:_SHOWN] + "…")
        case Mapping():
            return "an object"
        case list():
            return "a list"
        case _:
            return str(value)[:_SHOWN]
