"""YAML files that people write: read strictly, with the line of every key.

Rule 1: a key given twice, a root that is no mapping and broken YAML are errors that
name file and line. Rule 2: lines are looked up only for a message; reading a good
file builds no tree for them. What keys mean is not here.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final, Self

import yaml

from pdd_tasks.core.model.nearest import nearest
from pdd_tasks.errors import ConfigError


_FAST: Final[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_PLAIN: Final[Any] = yaml.SafeLoader
_MANY: Final = 2000
_LONG: Final = 1_000_000
_MEND: Final = "mend the file, then run the same command again"


class _Strict:
    """Refuses a key that is given twice; mixed into loaders of plain values."""

    def construct_mapping(
        self, node: yaml.MappingNode, *, deep: bool = False
    ) -> dict[Any, Any]:
        seen = set()
        for key, _ in node.value:
            name = (key.tag, key.value) if isinstance(key, yaml.ScalarNode) else None
            if name in seen:
                raise yaml.constructor.ConstructorError(
                    None, None, f"the key {key.value!r} is given twice", key.start_mark
                )
            seen.add(name or id(key))
        base: Any = super()
        mapping: dict[Any, Any] = base.construct_mapping(node, deep=deep)
        return mapping


class _FastLoader(_Strict, _FAST):
    """The loader for what people write."""


class _PlainLoader(_Strict, _PLAIN):
    """The loader for what may be nested so deeply that libyaml's would crash."""


class YamlFile:
    """One YAML file as read: its values, and where they stand.

    Attributes:
        shown: The file's name in messages, relative to where doit runs.
        values: The root mapping; empty for an empty file.
    """

    __slots__ = ("_data", "_tree", "shown", "values")

    def __init__(self, shown: str, data: bytes) -> None:
        self.shown = shown
        self._data = data
        self._tree: yaml.Node | None = None
        self.values = self._mapping()

    @classmethod
    def read(cls, path: Path, shown: str) -> Self | None:
        """Return a file's contents; None if there is no such file.

        Raises:
            ConfigError: If it cannot be read or is not a strict YAML mapping.
        """
        try:
            data = path.read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise ConfigError(
                f"{shown} cannot be read: {(error.strerror or str(error)).lower()}",
                hint="make it a file that you may read, or remove it",
            ) from error
        return cls(shown, data)

    def where(self, *keys: object) -> str:
        """Return ``file:line`` of a key, or of the nearest one above it.

        Args:
            keys: The path to it: names of keys and, in lists, numbers from 0.
        """
        node, line = self._root(), 1
        for key in keys:
            found = _child(node, key)
            if found is None:
                break
            mark, node = found
            line = mark.start_mark.line + 1
        return f"{self.shown}:{line}"

    def error(self, keys: Iterable[object], problem: str, hint: str) -> ConfigError:
        """Return the error that something is wrong with the value of a key."""
        return ConfigError(f"{self.where(*keys)}: {problem}", hint=hint)

    def _mapping(self) -> dict[str, object]:
        # Each level of nesting takes one of these signs, or an ever longer line.
        signs = sum(self._data.count(sign) for sign in (b"[", b"{", b"- ", b"? "))
        crowded = signs > _MANY or len(self._data) > _LONG
        loader = _PlainLoader if crowded else _FastLoader
        try:
            values = yaml.load(self._data, Loader=loader)  # noqa: S506 - a safe one's child
        except (yaml.YAMLError, RecursionError, ValueError) as error:
            raise ConfigError(_described(self.shown, error), hint=_MEND) from error
        if values is None:
            return {}
        if not isinstance(values, dict):
            raise ConfigError(
                f"{self.shown}:1: the file holds {said(values)}, expected a mapping of"
                " keys to values",
                hint=_MEND,
            )
        return values

    def _root(self) -> yaml.Node | None:
        if self._tree is None:
            self._tree = yaml.compose(self._data, Loader=_FAST)
        return self._tree


def said(value: object) -> str:
    """Return a value as a message quotes it, in a few words."""
    if value is None:
        return "empty"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list):
        return "a list"
    text = repr(value) if isinstance(value, str) else str(value)
    return text if len(text) <= 60 else text[:57] + "..."  # noqa: PLR2004 - fits a line


def unknown_key(
    file: YamlFile, keys: tuple[object, ...], known: Iterable[str]
) -> ConfigError:
    """Return the error that the last of some keys means nothing."""
    names = sorted(known)
    like = nearest(str(keys[-1]), names)
    problem = f"unknown key {str(keys[-1])!r}"
    if like:
        return file.error(
            keys, f"{problem}; the nearest is {like!r}", f"write {like}, or remove it"
        )
    return file.error(keys, problem, f"remove it; known are {', '.join(names)}")


def _child(node: yaml.Node | None, key: object) -> tuple[yaml.Node, yaml.Node] | None:
    if isinstance(node, yaml.MappingNode):
        pairs = ((name, value) for name, value in node.value if name.value == str(key))
        return next(pairs, None)
    if isinstance(node, yaml.SequenceNode) and isinstance(key, int):
        return (node.value[key], node.value[key]) if key < len(node.value) else None
    return None


def _described(shown: str, error: Exception) -> str:
    mark = getattr(error, "problem_mark", None)
    problem = getattr(error, "problem", None)
    if mark is not None:
        return f"{shown}:{mark.line + 1}: {problem or 'broken YAML'}"
    if isinstance(error, yaml.reader.ReaderError):
        return f"{shown} is not UTF-8 text: {error.reason} at byte {error.position}"
    if isinstance(error, RecursionError):
        return f"{shown} is nested too deeply"
    return f"{shown} is broken YAML: {' '.join(str(error).split())}"
