"""Profiles of a project's own, read strictly from its ``.pddrc``."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final, NamedTuple

from pdd_tasks.core.model.nearest import nearest
from pdd_tasks.core.model.profile import PROFILES, OnFailure, Part, Profile
from pdd_tasks.core.model.step import Step
from pdd_tasks.errors import ConfigError
from pdd_tasks.plugin.setting import KEYS, Kind
from pdd_tasks.plugin.setting import Part as Belongs
from pdd_tasks.plugin.yaml_file import YamlFile, said, unknown_key


Keys = tuple[object, ...]
Values = Callable[[YamlFile, Keys, object], Mapping[str, object]]
"""Reads a mapping of settings under some keys of a file."""

_PROFILE_KEYS: Final = frozenset({"extends", "steps", "defaults"})
_PART_KEYS: Final[Mapping[str, Kind]] = {
    "include": KEYS["force"].kind,
    "on_failure": Kind(" or ".join(OnFailure), lambda value: OnFailure(str(value))),
    "confirm": KEYS["force"].kind,
    "attempts": KEYS["max_attempts"].kind,
}
_NEVER: Final = frozenset({"profile", "ceiling"})
"""Settings that a profile cannot give: it would choose itself, or lift a limit."""


def built_in() -> Mapping[str, Profile]:
    """Return the profiles that are always there, with settings in their usual form."""
    return {name: _with_values(one) for name, one in PROFILES.items()}


def _with_values(profile: Profile) -> Profile:
    given = profile.defaults.items()
    return replace(
        profile, defaults={name: KEYS[name].kind.read(one) for name, one in given}
    )


def profiles_of(file: YamlFile, values: Values) -> Mapping[str, Profile]:
    """Return name → profile of a ``.pddrc``, the built-in ones with them.

    Args:
        file: The file.
        values: What reads its settings.

    Raises:
        ConfigError: If a profile has an unknown key or a bad value, takes the name of
            a built-in one, or extends itself or what is not there.
    """
    body = file.values.get("profiles", {})
    if not isinstance(body, dict):
        error: ConfigError = _bad(file, ("profiles",), body, "a mapping of names")
        raise error
    task = _Reading(file, values, body, dict(built_in()))
    for name in body:
        if name in PROFILES:
            raise file.error(
                ("profiles", name),
                f"the profile {name} is built in",
                f"choose another name, and let it say `extends: {name}`",
            )
    for name in body:
        _profile(task, name, ())
    return task.found


class _Reading(NamedTuple):
    """A file's profiles while they are read; `found` is filled on the way."""

    file: YamlFile
    values: Values
    body: Mapping[object, object]
    found: dict[str, Profile]


def _profile(task: _Reading, name: object, way: tuple[object, ...]) -> Profile:
    if str(name) in task.found:
        return task.found[str(name)]
    keys, body = ("profiles", name), task.body[name]
    if name in way:
        circle = " -> ".join(str(one) for one in (*way[way.index(name) :], name))
        raise task.file.error(
            (*keys, "extends"),
            f"profiles extend each other in a circle: {circle}",
            "let one of them extend standard",
        )
    if not isinstance(body, dict):
        raise _bad(task.file, keys, body, "a mapping with extends, steps and defaults")
    for key in body:
        if key not in _PROFILE_KEYS:
            raise unknown_key(task.file, (*keys, key), _PROFILE_KEYS)
    base = _base(task, keys, body, (*way, name))
    profile = Profile(
        name=str(name),
        steps={**base.steps, **_steps(task.file, (*keys, "steps"), body, base)},
        defaults={**base.defaults, **_defaults(task, (*keys, "defaults"), body)},
    )
    task.found[profile.name] = profile
    return profile


def _base(
    task: _Reading, keys: Keys, body: Mapping[object, object], way: Keys
) -> Profile:
    name = body.get("extends", "standard")
    if isinstance(name, str) and (name in task.body or name in task.found):
        return _profile(task, name, way)
    keys = (*keys, "extends")
    names = {*task.found, *(str(one) for one in task.body)}
    if not isinstance(name, str):
        raise _bad(task.file, keys, name, "the name of a profile")
    raise task.file.error(keys, *unknown_profile(name, names))


def unknown_profile(
    name: str, known: Mapping[str, object] | set[str]
) -> tuple[str, str]:
    """Return what is wrong with a profile's name that is none, and what to do."""
    like = nearest(name, known)
    problem = f"there is no profile {name!r}"
    if like:
        return f"{problem}; the nearest is {like!r}", f"write {like}"
    return problem, f"choose one of {', '.join(sorted(known))}"


def _steps(
    file: YamlFile, keys: Keys, body: Mapping[object, object], base: Profile
) -> Mapping[Step, Part]:
    steps = body.get("steps", {})
    if not isinstance(steps, dict):
        raise _bad(file, keys, steps, "a mapping of steps")
    found: dict[Step, Part] = {}
    for name, part in steps.items():
        if name not in set(Step):
            raise unknown_key(file, (*keys, name), map(str, Step))
        found[Step(name)] = _part(file, (*keys, name), part, base.part(Step(name)))
    return found


def _part(file: YamlFile, keys: Keys, body: object, base: Part) -> Part:
    if not isinstance(body, dict):
        raise _bad(file, keys, body, f"a mapping of {', '.join(_PART_KEYS)}")
    given: dict[str, Any] = {}
    for key, value in body.items():
        if key not in _PART_KEYS:
            raise unknown_key(file, (*keys, key), _PART_KEYS)
        try:
            given[key] = _PART_KEYS[key].read(value)
        except (TypeError, ValueError):
            expected = _PART_KEYS[key].expected
            raise _bad(file, (*keys, key), value, expected) from None
    return replace(base, **given)


def _defaults(
    task: _Reading, keys: Keys, body: Mapping[object, object]
) -> Mapping[str, object]:
    found = task.values(task.file, keys, body.get("defaults"))
    for name in found:
        if name in _NEVER or KEYS[name].part is Belongs.PLACES:
            raise task.file.error(
                (*keys, name),
                f"{name} cannot be set by a profile",
                "set it in a context's defaults",
            )
    return found


def _bad(file: YamlFile, keys: Keys, value: object, expected: str) -> ConfigError:
    return file.error(
        keys,
        f"{keys[-1]} is {said(value)}, expected {expected}",
        "mend the value, or remove the key",
    )
