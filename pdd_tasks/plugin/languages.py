"""The language table: the shipped ``languages.yaml`` under a project's own.

Rule 1: a project's entry adds to the shipped one key by key. Rule 2: nothing is
guessed: an unknown key or a value of the wrong form names file and line.
"""

import functools
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import Any, Final, NamedTuple

from pdd_tasks.core.model.language import Language
from pdd_tasks.errors import ConfigError
from pdd_tasks.plugin.yaml_file import YamlFile, said, unknown_key


FILE: Final = "languages.yaml"
_VARIANTS: Final = "variants"
_FILE: Final = "file"
_HOLDS: Final = "holds"
_OF_TESTS: Final = frozenset(
    {"measure", "results", "coverage", "before_test", "after_test", "conventions"}
)
"""Keys of a variant that go with its `test`."""
_HERE: Final = PurePosixPath()
_NAME: Final = re.compile(r"[a-z0-9][a-z0-9+#.-]*")
_EXTENSION: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9+.-]*")


class _Form(NamedTuple):
    """How the value of a key must look; `read` raises if it does not."""

    expected: str
    read: Callable[[object], object]


def load_languages(root: Path, label: PurePosixPath = _HERE) -> Mapping[str, Language]:
    """Return the languages of a project: language name → language.

    Args:
        root: The project's state root.
        label: The same folder as messages name it, relative to where doit runs.

    Raises:
        ConfigError: If either file is broken, or has an unknown key or a bad value.
    """
    own = root / FILE
    if not own.is_file() or own.samefile(_shipped_path()):
        return languages_of(None, root)
    return languages_of(YamlFile.read(own, str(label / FILE)), root)


def languages_of(file: YamlFile | None, root: Path) -> Mapping[str, Language]:
    """Return the languages of a project whose own table is given.

    Args:
        file: Its ``languages.yaml``; None if it has none.
        root: The project's state root; other files there may change a language.

    Raises:
        ConfigError: If either table has an unknown key or a bad value.
    """
    shipped = _shipped()
    return _fitting(shipped if file is None else _merged(shipped, file), root)


class _Table(NamedTuple):
    """Languages, and the raw keys each was made of."""

    languages: Mapping[str, Language]
    keys: Mapping[str, Mapping[str, Any]]


def _fitting(table: _Table, root: Path) -> Mapping[str, Language]:
    """Return the languages with what a project's own files change of them."""
    read = functools.cache(lambda name: _text_of(root / name))
    found: dict[str, Language] = {}
    for name, keys in table.keys.items():
        laid: dict[str, Any] = {}
        for variant in keys.get(_VARIANTS, ()):
            if variant[_HOLDS] in read(variant[_FILE]):
                laid |= _laid({**keys, **laid}, variant)
        if laid:
            found[name] = replace(table.languages[name], **laid)
    return {**table.languages, **found} if found else table.languages


def _laid(keys: Mapping[str, Any], variant: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a variant changes; what maps names is added to, name by name."""
    found: dict[str, Any] = {}
    for key, value in variant.items():
        if key not in {_FILE, _HOLDS}:
            known = keys.get(key)
            is_map = isinstance(value, dict)
            found[key] = {**(known or {}), **value} if is_map else value
    return found


def _text_of(path: Path) -> str:
    try:
        return path.read_text("utf-8", errors="replace")
    except OSError:
        return ""


@functools.cache
def _shipped() -> _Table:
    path = _shipped_path()
    file = YamlFile.read(path, FILE)
    if file is None:
        raise ConfigError(
            f"the shipped {FILE} is missing", hint="install pdd-tasks again"
        )
    keys = {name: _entry(file, name) for name in file.values}
    return _Table({name: _language(file, name, keys[name]) for name in keys}, keys)


def _shipped_path() -> Path:
    package = Path(__file__).parent.parent
    installed = package / FILE
    # A checkout keeps the file at its top; the wheel carries it in the package.
    return installed if installed.is_file() else package.parent / FILE


def _merged(shipped: _Table, file: YamlFile) -> _Table:
    keys = {
        name: _over(shipped.keys.get(name, {}), _entry(file, name))
        for name in file.values
    }
    added = {name: _language(file, name, keys[name]) for name in file.values}
    return _Table({**shipped.languages, **added}, {**shipped.keys, **keys})


def _over(old: Mapping[str, Any], own: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return an entry under a project's own; no variant changes what that says."""
    said = own.keys() | (_OF_TESTS if "test" in own else set())
    variants = tuple(
        {k: v for k, v in one.items() if k in {_FILE, _HOLDS} or k not in said}
        for one in old.get(_VARIANTS, ())
        if "run" in one or not ("test" in own and "test" in one)
    )
    return {**old, **({_VARIANTS: variants} if _VARIANTS in old else {}), **own}


def _entry(file: YamlFile, name: object) -> Mapping[str, Any]:
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise file.error(
            (name,),
            f"a language cannot be named {said(name)}",
            "use lower-case letters, digits and + # . -, as in prompt names",
        )
    values = file.values[name]
    if not isinstance(values, dict):
        raise file.error(
            (name,),
            f"language {name} is {said(values)}, expected a mapping of keys",
            "give it at least extensions, for example extensions: [py]",
        )
    return {key: _value(file, name, key, values[key]) for key in values}


def _value(file: YamlFile, name: str, key: object, value: object) -> object:
    if key == _VARIANTS:
        return _variants(file, name, value)
    if key not in _FORMS:
        raise unknown_key(file, (name, key), _FORMS)
    form = _FORMS[str(key)]
    try:
        return form.read(value)
    except (TypeError, ValueError):
        raise file.error(
            (name, key),
            f"{key} of language {name} is {said(value)}, expected {form.expected}",
            "mend the value, or remove the key",
        ) from None


def _variants(
    file: YamlFile, name: str, value: object
) -> tuple[Mapping[str, Any], ...]:
    """Return what other files of a project change of a language.

    Raises:
        ConfigError: If that cannot be read.
    """
    if not isinstance(value, list):
        raise file.error(
            (name, _VARIANTS),
            f"{_VARIANTS} of language {name} is {said(value)}, expected"
            f" {_FORMS[_VARIANTS].expected}",
            "mend the value, or remove the key",
        )
    found: list[Mapping[str, Any]] = []
    for one in value:
        if not isinstance(one, dict) or not {_FILE, _HOLDS} <= one.keys():
            raise file.error(
                (name, _VARIANTS),
                f"a variant of language {name} is {said(one)}, expected a mapping with"
                f" {_FILE} and {_HOLDS}",
                f"say which file it is for, for example {_FILE}: package.json",
            )
        plain = {k: _text(one[k]) for k in (_FILE, _HOLDS)}
        rest = {k: _value(file, name, k, v) for k, v in one.items() if k not in plain}
        found.append({**plain, **rest})
    return tuple(found)


def _language(file: YamlFile, name: str, keys: Mapping[str, Any]) -> Language:
    if "extensions" not in keys:
        raise file.error(
            (name,),
            f"language {name} has no extensions",
            "add them, for example extensions: [py]",
        )
    if keys.get("header", "") not in {"", *keys["extensions"]}:
        raise file.error(
            (name, "header"),
            f"header of language {name} is {said(keys['header'])}, which is not among"
            f" its extensions: {', '.join(keys['extensions'])}",
            "name one of them, or remove the key",
        )
    own = {key: value for key, value in keys.items() if key != _VARIANTS}
    return Language(name=name, **{"environment": {}, **own})


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _texts(value: object) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise TypeError
    return tuple(_text(one) for one in value)


def _commands(value: object) -> tuple[tuple[str, ...], ...]:
    if not isinstance(value, list):
        raise TypeError
    return tuple(_texts(one) for one in value)


def _extensions(value: object) -> tuple[str, ...]:
    found = _texts(value)
    if not found or len(set(found)) < len(found):
        raise ValueError
    if not all(_EXTENSION.fullmatch(one) for one in found):
        raise ValueError
    return found


def _pattern(value: object) -> str:
    text = _text(value)
    if text and (text.count("{name}") != 1 or "/" in text):
        raise ValueError
    return text


def _variables(value: object) -> Mapping[str, str]:
    if not isinstance(value, dict):
        raise TypeError
    return {_text(name): _text(one) for name, one in value.items()}


_TEXT: Final = _Form("a text", _text)
_TEXTS: Final = _Form("a list of texts", _texts)
_COMMANDS: Final = _Form("a list of commands, each a list of texts", _commands)
_PATTERN: Final = _Form("a file name with {name} in it once", _pattern)
_FORMS: Final[Mapping[str, _Form]] = {
    "extensions": _Form("a list of file endings without dots", _extensions),
    "header": _TEXT,
    "conventions": _TEXT,
    "comment": _TEXT,
    "fence": _TEXTS,
    "syntax": _TEXT,
    "interpreter": _TEXT,
    "run": _TEXTS,
    "test": _TEXTS,
    "measure": _TEXTS,
    "before_run": _COMMANDS,
    "before_test": _COMMANDS,
    "after_test": _COMMANDS,
    "results": _TEXT,
    "coverage": _TEXT,
    "tools": _Form("a mapping of version commands to hints", _variables),
    "files": _Form("a mapping of file names to texts", _variables),
    "copied": _TEXTS,
    "format": _TEXTS,
    "runner": _TEXT,
    "test_file": _PATTERN,
    "example_file": _PATTERN,
    "environment": _Form("a mapping of variable names to texts", _variables),
    _VARIANTS: _Form("a list of mappings", lambda value: value),  # read by `_variants`
}
