"""Settings: command line over ``.pddrc`` context over environment over defaults.

Rule 1: every value knows where it came from. Rule 2: a value that cannot be used is
an error that names its source, whether or not another source overrules it.
"""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import Any, Final, NamedTuple

from pdd_tasks.core.model.ledger import dollars
from pdd_tasks.core.model.nearest import nearest
from pdd_tasks.core.model.settings import Replies, Settings
from pdd_tasks.errors import ConfigError
from pdd_tasks.plugin.pddrc import Context, Given, Pddrc, load_pddrc
from pdd_tasks.plugin.profiles import built_in, unknown_profile
from pdd_tasks.plugin.setting import KEYS, Part
from pdd_tasks.plugin.yaml_file import YamlFile, said


_CLOSE: Final = 0.8
_OTHER_VARIABLES: Final = frozenset({"affected"})


class Source(NamedTuple):
    """Where a value came from; as text, what a person is told.

    Attributes:
        name: The source, unless it is a key of a file.
        file: The file that has the value.
        keys: The keys under which it has it.
    """

    name: str
    file: YamlFile | None = None
    keys: tuple[object, ...] = ()

    def __str__(self) -> str:
        return self.name if self.file is None else self.file.where(*self.keys)


_DEFAULT: Final = Source("default")


class Places(NamedTuple):
    """Where a unit's files go, as configured.

    A place is a folder or a template with placeholders. A folder that ends in ``/``
    takes the files as they are; any other gets the folders of the basename too.

    Attributes:
        default_language: Language of prompts whose names give none; may be empty.
    """

    code: str = "src"
    example: str = "examples"
    test: str = "tests"
    prompts_dir: str = "prompts"
    default_language: str = ""


class Resolved(NamedTuple):
    """The settings that hold for a prompt.

    Attributes:
        sources: Setting → where its value came from; a setting that nobody gave is
            not in it.
    """

    settings: Settings
    places: Places
    sources: Mapping[str, Source]

    def source(self, key: str) -> Source:
        """Return where the value of a setting came from."""
        return self.sources.get(key, _DEFAULT)

    def value(self, key: str) -> object:
        """Return the value of a setting, in the form the program uses."""
        parts = {
            Part.SETTINGS: self.settings,
            Part.MODEL: self.settings.model,
            Part.PLACES: self.places,
        }
        found: object = getattr(parts[KEYS[key].part], KEYS[key].field)
        return found


class _Sourced(NamedTuple):
    value: object
    source: Source


class Configuration(NamedTuple):
    """The settings of one state root, before a prompt is chosen.

    Attributes:
        pddrc: Its ``.pddrc``; None if it has none.
        command: Settings of the command line.
        environment: Settings of the environment.
    """

    pddrc: Pddrc | None
    command: Mapping[str, _Sourced]
    environment: Mapping[str, _Sourced]

    @property
    def contexts(self) -> tuple[Context, ...]:
        """The contexts of its ``.pddrc``."""
        return tuple(self.pddrc.contexts) if self.pddrc else ()

    def context(self, *paths: str) -> str:
        """Return the name of a prompt's context; empty if none is for it.

        Args:
            paths: The prompt's path as globs may name it: from the state root, and
                from its prompts folder.
        """
        found = self.pddrc.context(paths) if self.pddrc else None
        return found.name if found else ""

    def resolve(self, context: str) -> Resolved:
        """Return the settings that hold in a context.

        Raises:
            ConfigError: If settings contradict each other.
        """
        given = {**self.environment, **self._given(context), **self.command}
        given = self._with_profile(given)
        settings = _settings(given)
        places = Places()._replace(**_part(given, Part.PLACES))
        return Resolved(settings, places, {key: given[key].source for key in given})

    def _with_profile(self, given: Mapping[str, _Sourced]) -> dict[str, _Sourced]:
        """Return settings with their profile, and what it gives where nobody else did.

        Raises:
            ConfigError: If there is no such profile.
        """
        if "profile" not in given:
            return dict(given)
        known = self.pddrc.profiles if self.pddrc else built_in()
        name, source = str(given["profile"].value), given["profile"].source
        if name not in known:
            problem, hint = unknown_profile(name, known)
            raise ConfigError(f"{source}: {problem}", hint=hint)
        profile = known[name]
        if "max_attempts" in self.command:  # a limit that was asked for is one
            profile = profile.without_attempts()
        place = Source(f"the profile {name}")
        usual = {k: _Sourced(v, place) for k, v in profile.defaults.items()}
        return {**usual, **given, "profile": _Sourced(profile, source)}

    def prompts_folders(self) -> tuple[PurePosixPath, ...]:
        """Return the folders that hold prompts, none inside another, sorted."""
        found = {PurePosixPath(self.resolve(self.context()).places.prompts_dir)}
        if "prompts_dir" not in self.command and self.pddrc:
            given = (one.values.get("prompts_dir") for one in self.pddrc.contexts)
            found |= {PurePosixPath(str(one.value)) for one in given if one}
        return tuple(sorted(one for one in found if not found & set(one.parents)))

    def _given(self, name: str) -> Mapping[str, _Sourced]:
        context = self.pddrc.named(name) if self.pddrc else None
        if self.pddrc is None or context is None:
            return {}
        return _from_file(self.pddrc.file, context)


def load_configuration(
    root: Path,
    label: PurePosixPath,
    variables: Mapping[str, str],
    environment: Mapping[str, str],
) -> Configuration:
    """Return the settings of one state root.

    Args:
        root: The state root.
        label: The same folder as messages name it, relative to where doit runs.
        variables: The variables of doit's command line.
        environment: The variables of the environment.

    Raises:
        ConfigError: If a source has an unknown setting or a value of the wrong form.
    """
    return Configuration(
        load_pddrc(root, label),
        _from_command(variables),
        _from_environment(environment),
    )


def _from_command(variables: Mapping[str, str]) -> Mapping[str, _Sourced]:
    for name in variables:
        like = nearest(name, KEYS, cutoff=_CLOSE)
        if like and name not in KEYS and name not in _OTHER_VARIABLES:
            raise ConfigError(
                f"{name}={variables[name]} on the command line: there is no setting"
                f" {name!r}; the nearest is {like!r}",
                hint=f"write {like}={variables[name]}",
            )
    return {
        name: _read(
            name, variables[name], f"{name}={variables[name]} on the command line"
        )
        for name in variables
        if name in KEYS
    }


def _from_environment(environment: Mapping[str, str]) -> Mapping[str, _Sourced]:
    found = {}
    for key, row in KEYS.items():
        for variable in (f"PDD_{key.upper()}", *row.variables):
            if environment.get(variable) and key not in found:
                found[key] = _read(
                    key, environment[variable], f"{variable} in the environment"
                )
    if "replies" not in found and in_ci(environment):
        found["replies"] = _Sourced(Replies.REPLAY, Source("CI in the environment"))
    return found


def in_ci(environment: Mapping[str, str]) -> bool:
    """Return whether this is a machine of continuous integration, by ``CI``."""
    return environment.get("CI", "").lower() not in {"", "0", "false", "no"}


def _from_file(file: YamlFile, context: Context) -> Mapping[str, _Sourced]:
    def sourced(given: Given) -> _Sourced:
        return _Sourced(given.value, Source("", file, given.keys))

    return {key: sourced(given) for key, given in context.values.items()}


def _read(key: str, text: str, source: str) -> _Sourced:
    kind = KEYS[key].kind
    try:
        return _Sourced(kind.read(kind.plain(text)), Source(source))
    except (TypeError, ValueError):
        raise ConfigError(
            f"{source}: {key} is {said(text)}, expected {kind.expected}",
            hint=f"give {key} another value, or leave it out",
        ) from None


def _settings(given: Mapping[str, _Sourced]) -> Settings:
    plain = Settings()
    settings = replace(
        plain,
        **_part(given, Part.SETTINGS),
        model=replace(plain.model, **_part(given, Part.MODEL)),
    )
    settings = _under_ceiling(settings, given)
    if settings.model.replies is Replies.RECORD and not settings.model.label:
        raise ConfigError(
            f"{given['replies'].source}: replies is record, but no label says what the"
            " recordings are",
            hint="give a label, for example label=live",
        )
    return settings


def _under_ceiling(settings: Settings, given: Mapping[str, _Sourced]) -> Settings:
    """Return settings whose budget is not above the ceiling that is committed.

    Raises:
        ConfigError: If a budget was given that is.
    """
    if "ceiling" not in given:
        return settings
    place = str(given["ceiling"].source)
    ceiling = replace(settings.ceiling, place=place)
    highest = ceiling.run
    if highest is None or settings.budget <= highest:
        return replace(settings, ceiling=ceiling)
    if "budget" in given:
        raise ConfigError(
            f"{given['budget'].source}: the budget of {dollars(settings.budget)} is"
            f" above the ceiling of a run, {dollars(highest)}, which is set in {place}",
            hint="give a smaller budget, or raise the ceiling where it is set",
        )
    return replace(settings, ceiling=ceiling, budget=highest)


def _part(given: Mapping[str, _Sourced], part: Part) -> dict[str, Any]:
    return {
        KEYS[key].field: given[key].value for key in given if KEYS[key].part is part
    }
