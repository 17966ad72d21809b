"""``.pddrc``: contexts with their globs and defaults, read strictly.

All contexts are checked when the file is read, used or not. What is not here: the
other sources of settings and which one wins (`pdd_tasks.plugin.config`).
"""

import math
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import Final, NamedTuple

from pdd_tasks.core.model.profile import Profile
from pdd_tasks.errors import ConfigError
from pdd_tasks.plugin.profiles import profiles_of
from pdd_tasks.plugin.setting import FOR_ONE_RUN, IGNORED, KEYS, PLACE, InnerError
from pdd_tasks.plugin.yaml_file import YamlFile, said, unknown_key


FILE: Final = ".pddrc"
DEFAULT: Final = "default"
_ROOT_KEYS: Final = frozenset({"version", "contexts", "profiles", "checkup", "ci"})
_CONTEXT_KEYS: Final = frozenset({"paths", "defaults"})
_VERSION: Final = re.compile(r"1(\.\d+)*")
_OUTPUTS: Final[Mapping[str, str]] = {
    "code": "generate_output_path",
    "example": "example_output_path",
    "test": "test_output_path",
}


class Given(NamedTuple):
    """A value, and the keys under which its file has it."""

    value: object
    keys: tuple[object, ...]


class Context(NamedTuple):
    """One context of a ``.pddrc``.

    Attributes:
        globs: Patterns of the prompts it is for, as written.
        values: Setting → value, in the form settings hold.
    """

    name: str
    globs: tuple[str, ...]
    values: Mapping[str, Given]


class Pddrc(NamedTuple):
    """A ``.pddrc`` as read."""

    file: YamlFile
    contexts: tuple[Context, ...]
    profiles: Mapping[str, Profile]

    def context(self, paths: Iterable[str]) -> Context | None:
        """Return the context for a prompt; None if there is none for it.

        The most specific glob wins: the one that leaves the least of the path open
        after its part before a wildcard, then the longest, then the first.

        Args:
            paths: The prompt's path as globs may name it.
        """
        candidates = tuple(paths)
        best, chosen = (-math.inf, 0.0), None
        for context in self.contexts:
            for glob in context.globs:
                rank = _rank(glob, candidates)
                if rank > best:
                    best, chosen = rank, context
        return chosen or self.named(DEFAULT)

    def named(self, name: str) -> Context | None:
        """Return the context of a name; None if there is none."""
        return next((one for one in self.contexts if one.name == name), None)


def load_pddrc(root: Path, label: PurePosixPath) -> Pddrc | None:
    """Return the ``.pddrc`` of a folder; None if it has none.

    Raises:
        ConfigError: If it is broken, or has an unknown key or a bad value.
    """
    file = YamlFile.read(root / FILE, str(label / FILE))
    return None if file is None else pddrc_of(file)


def pddrc_of(file: YamlFile) -> Pddrc:
    """Return what a file says.

    Raises:
        ConfigError: If it has an unknown key or a bad value.
    """
    contexts = tuple(_contexts(file))
    return Pddrc(file, contexts, profiles_of(file, _plain_values))


def _plain_values(
    file: YamlFile, keys: tuple[object, ...], body: object
) -> Mapping[str, object]:
    return {name: one.value for name, one in _values(file, keys, body).items()}


def _contexts(file: YamlFile) -> Iterator[Context]:
    for key in file.values:
        if key not in _ROOT_KEYS:
            raise unknown_key(file, (key,), _ROOT_KEYS)
    _check_version(file)
    contexts = file.values.get("contexts", {})
    if not isinstance(contexts, dict):
        raise _bad(file, ("contexts",), contexts, "a mapping of context names")
    for name, body in contexts.items():
        yield _context(file, name, body)


def _check_version(file: YamlFile) -> None:
    version = file.values.get("version", "1.0")
    plain = isinstance(version, str | int | float)
    if not plain or not _VERSION.fullmatch(str(version)):
        raise _bad(file, ("version",), version, 'version "1.0"')


def _context(file: YamlFile, name: object, body: object) -> Context:
    keys = ("contexts", name)
    if not isinstance(body, dict):
        raise _bad(file, keys, body, "a mapping with paths and defaults")
    for key in body:
        if key not in _CONTEXT_KEYS:
            raise unknown_key(file, (*keys, key), _CONTEXT_KEYS)
    values = _values(file, (*keys, "defaults"), body.get("defaults"))
    globs = _globs(file, (*keys, "paths"), body.get("paths", []))
    return Context(str(name), (*globs, *_implied(name, values)), values)


def _implied(name: object, values: Mapping[str, Given]) -> tuple[str, ...]:
    # As in PDD, a context is also for the prompts in the folder it names.
    folder = values.get("prompts_dir")
    if folder is None or name == DEFAULT:
        return ()
    return (str(PurePosixPath(str(folder.value))),)


def _globs(file: YamlFile, keys: tuple[object, ...], value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise _bad(file, keys, value, "a list of globs")
    return tuple(str(one).removeprefix("./") for one in value)


def _values(
    file: YamlFile, keys: tuple[object, ...], body: object
) -> Mapping[str, Given]:
    if body is None:
        return {}
    if not isinstance(body, dict):
        raise _bad(file, keys, body, "a mapping of settings")
    values: dict[str, Given] = {}
    for key in body:
        if key in FOR_ONE_RUN:
            raise file.error(
                (*keys, key),
                f"{key} is for one run only: {FOR_ONE_RUN[key]}",
                f"give it on the command line: {key}=…",
            )
        if key in KEYS:
            values[key] = _value(file, (*keys, key), body[key])
        elif key != "outputs" and key not in IGNORED:
            raise unknown_key(file, (*keys, key), {*KEYS, "outputs"})
    return {**values, **_outputs(file, (*keys, "outputs"), body.get("outputs", {}))}


def _value(file: YamlFile, keys: tuple[object, ...], value: object) -> Given:
    kind = KEYS[str(keys[-1])].kind
    try:
        return Given(kind.read(value), keys)
    except InnerError as error:
        raise _inner(file, keys, error) from None
    except (TypeError, ValueError):
        raise _bad(file, keys, value, kind.expected) from None


def _inner(file: YamlFile, keys: tuple[object, ...], error: InnerError) -> ConfigError:
    """Return the error of what is wrong inside of a value, at its own line."""
    name = ".".join(str(key) for key in (keys[-1], *error.keys))
    place = (*keys, *error.keys)
    if error.expected:
        problem = f"{name} is {said(error.value)}, expected {error.expected}"
        return file.error(place, problem, "mend the value, or remove the key")
    known = ", ".join(sorted(error.known))
    return file.error(place, f"unknown key {name!r}", f"remove it; known are {known}")


def _outputs(
    file: YamlFile, keys: tuple[object, ...], body: object
) -> Mapping[str, Given]:
    if not isinstance(body, dict):
        raise _bad(file, keys, body, "a mapping of code, example and test")
    found: dict[str, Given] = {}
    for key in body:
        if key in _OUTPUTS:
            path = _output_path(file, (*keys, key), body[key])
            found[_OUTPUTS[key]] = Given(path, (*keys, key, "path"))
        elif key != "prompt":  # where PDD makes new prompts; ours are found
            raise unknown_key(file, (*keys, key), _OUTPUTS)
    return found


def _output_path(file: YamlFile, keys: tuple[object, ...], body: object) -> object:
    if not isinstance(body, dict) or set(body) != {"path"}:
        raise _bad(file, keys, body, "a mapping with the one key path")
    try:
        return PLACE.read(body["path"])
    except (TypeError, ValueError):
        keys = (*keys, "path")
        raise _bad(file, keys, body["path"], PLACE.expected) from None


def _bad(
    file: YamlFile, keys: tuple[object, ...], value: object, expected: str
) -> ConfigError:
    return file.error(
        keys,
        f"{keys[-1]} is {said(value)}, expected {expected}",
        "mend the value, or remove the key",
    )


def _rank(glob: str, paths: tuple[str, ...]) -> tuple[float, float]:
    fixed = len(re.split(r"[*?]", glob, maxsplit=1)[0])
    left = [len(path) - fixed for path in paths if _matches(glob, path)]
    return (-min(left), len(glob)) if left else (-math.inf, 0)


def _matches(glob: str, path: str) -> bool:
    # As PDD reads them: `*` crosses folders, and a folder stands for what is in it.
    folder = glob.rstrip("*").rstrip("/")
    if folder and path.startswith(folder + "/"):
        return True
    signs = {"*": ".*", "?": "."}
    plain = re.sub(r"\*+", "*", glob)
    expression = "".join(signs.get(sign) or re.escape(sign) for sign in plain)
    return re.fullmatch(expression, path) is not None
