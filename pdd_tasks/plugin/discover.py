"""Units from the prompts on disk; the prompts themselves are not read here.

Rule 1: a unit's name comes from its prompt's name and nothing else. Rule 2: two
claims on one name or one file are refused, both prompts named. Rule 3: only folders
are looked at, so that finding units costs little however long the prompts are.
"""

import os
import re
from collections.abc import Container, Iterable, Mapping
from pathlib import Path, PurePosixPath
from typing import Final, NamedTuple

from pdd_tasks.core.model.artifact import UnitId
from pdd_tasks.core.model.language import Language
from pdd_tasks.core.model.nearest import nearest
from pdd_tasks.core.model.unit import DevUnit
from pdd_tasks.errors import ConfigError
from pdd_tasks.plugin.claim import check_claims
from pdd_tasks.plugin.config import Configuration, Resolved, load_configuration
from pdd_tasks.plugin.languages import load_languages
from pdd_tasks.plugin.place import Layout, layout
from pdd_tasks.plugin.state_root import named_roots, prompts


TEMPLATE: Final = "LLM"
SUFFIX: Final = ".prompt"
_TYPO: Final = 0.8
# doit, shells and places read these as something else than a name.
FORBIDDEN: Final = re.compile(r"[\x00-\x1f\x7f:=*?\[\]{}<>\"'`\\|\ud800-\udfff]|^-")


def discover(
    root: Path,
    label: PurePosixPath,
    variables: Mapping[str, str],
    environment: Mapping[str, str],
) -> tuple[DevUnit, ...]:
    """Return the units of one state root, sorted by id.

    Args:
        root: The state root.
        label: The same folder relative to the one doit runs in.
        variables: The variables of doit's command line.
        environment: The variables of the environment.

    Raises:
        ConfigError: If the configuration is broken, a prompt's name gives no unit,
            two units claim one thing, or a path leaves the state root.
    """
    configuration = load_configuration(root, label, variables, environment)
    languages = load_languages(root, label)
    project = StateRoot(root, label, configuration, languages, {}, {})
    units = sorted(_units(project), key=lambda unit: unit.id)
    check_claims(units)
    return tuple(units)


def discover_all(
    top: Path,
    roots: Iterable[str],
    variables: Mapping[str, str],
    environment: Mapping[str, str],
) -> tuple[DevUnit, ...]:
    """Return the units of all state roots at and below some folders.

    Args:
        top: The folder doit runs in.
        roots: Folders, or globs of folders, relative to it.
        variables: The variables of doit's command line.
        environment: The variables of the environment.

    Raises:
        ConfigError: As for `discover`, also between state roots; if a folder that is
            named plainly does not exist.
    """
    labels = named_roots(top, roots)
    found = [
        unit
        for label in labels
        for unit in discover(top / label, label, variables, environment)
    ]
    if len(labels) > 1:  # each has been checked in itself
        check_claims(found)
    return tuple(found)


class StateRoot(NamedTuple):
    """What is known of a state root; the last two are filled on the way."""

    root: Path
    label: PurePosixPath
    configuration: Configuration
    languages: Mapping[str, Language]
    resolved: dict[str, Resolved]
    looked: dict[PurePosixPath, bool]

    def settings(self, prompt: PurePosixPath, below: str) -> Resolved:
        """Return the settings of a prompt; `below` is its path in its folder."""
        context = self.configuration.context(str(prompt), below)
        if context not in self.resolved:
            self.resolved[context] = self.configuration.resolve(context)
        return self.resolved[context]

    def is_file(self, path: PurePosixPath) -> bool:
        """Return whether there is such a file below the state root."""
        if path not in self.looked:
            self.looked[path] = (self.root / path).is_file()
        return self.looked[path]


class Found(NamedTuple):
    """A prompt that is a unit, and where the unit's files lie."""

    id: UnitId
    prompt: PurePosixPath
    settings: Resolved
    layout: Layout


def _units(project: StateRoot) -> list[DevUnit]:
    found: list[Found] = []
    problems: list[ConfigError] = []
    for folder in project.configuration.prompts_folders():
        for below in prompts(project.root, project.label, folder):
            if below.removesuffix(SUFFIX).endswith(f"_{TEMPLATE}"):
                continue
            try:
                found.append(found_in(project, folder / below, below))
            except ConfigError as error:
                problems.append(error)
    if problems:
        raise _together(problems)
    _check_inside(project, found)
    more = _more_tests(project, found)
    return [unit_of(project, one, more.get(one.prompt, ())) for one in found]


def found_in(project: StateRoot, prompt: PurePosixPath, below: str) -> Found:
    """Return the unit that a prompt is.

    Args:
        project: Its state root.
        prompt: The prompt, relative to the state root.
        below: The same, relative to its prompts folder.

    Raises:
        ConfigError: If the prompt's name gives no unit.
    """
    settings = project.settings(prompt, below)
    check_order(project, settings)
    unit = _unit_id(project, prompt, below.removesuffix(SUFFIX), settings)
    language = project.languages[unit.language]
    places = layout(unit, language, settings.places, project.is_file)
    return Found(unit, prompt, settings, places)


def _unit_id(
    project: StateRoot, prompt: PurePosixPath, stem: str, settings: Resolved
) -> UnitId:
    shown = str(project.label / prompt)
    base, _, suffix = stem.rpartition("_")
    language = suffix.lower()
    if language not in project.languages or "/" in suffix:
        base, language = stem, _default_language(project, shown, stem, settings)
    if not base or base.endswith("/"):
        raise ConfigError(
            f"{shown}: there is no name in front of the language",
            hint=f"rename it, for example to calculator_{language}{SUFFIX}",
        )
    if FORBIDDEN.search(base):
        raise ConfigError(
            f"{shown!a}: a unit's name may not begin with - or hold control signs,"
            " quotes or any of : = * ? [ ] { } < > ` \\ |",
            hint="rename the prompt",
        )
    return UnitId(base, language)


def _default_language(
    project: StateRoot, shown: str, stem: str, settings: Resolved
) -> str:
    default = settings.places.default_language.lower()
    if default and default not in project.languages:
        like = nearest(default, project.languages)
        raise ConfigError(
            f"{settings.source('default_language')}: default_language {default!r} is"
            " not in languages.yaml" + (f"; the nearest is {like!r}" if like else ""),
            hint=f"write {like or 'python'}, or add {default} to languages.yaml",
        )
    name = stem.rpartition("/")[2]
    suffix = name.rpartition("_")[2]
    typo = nearest(suffix, project.languages, cutoff=_TYPO)
    if default and not ("_" in name and typo):
        return default
    raise _no_language(project, shown, name)


def check_order(project: StateRoot, settings: Resolved) -> None:
    """Refuse an order of languages of which one is not known.

    Raises:
        ConfigError: If there is one.
    """
    for name in settings.settings.language_order:
        if name not in project.languages:
            like = nearest(name, project.languages)
            raise ConfigError(
                f"{settings.source('language_order')}: language_order names {name!r},"
                " which is not in languages.yaml"
                + (f"; the nearest is {like!r}" if like else ""),
                hint=f"write {like or 'python'}, or add {name} to languages.yaml",
            )


def _no_language(project: StateRoot, shown: str, name: str) -> ConfigError:
    base, _, suffix = name.rpartition("_")
    like = nearest(suffix, {*project.languages, TEMPLATE}, cutoff=0.4)
    new = f"{base or name}_{like or 'python'}{SUFFIX}"
    if not base:
        return ConfigError(
            f"{shown}: the name gives no language, expected"
            f" <basename>_<language>{SUFFIX}",
            hint=f"rename it, for example to {name}_python{SUFFIX}, or set"
            " default_language in .pddrc",
        )
    return ConfigError(
        f"{shown}: no language is called {suffix!r}"
        + (f"; the nearest is {like}" if like else ""),
        hint=f"rename it, for example to {new}, add {suffix.lower()} to languages.yaml,"
        f" or let its name end in _{TEMPLATE}{SUFFIX} if it is a template",
    )


def _together(problems: list[ConfigError]) -> ConfigError:
    if len(problems) == 1:
        return problems[0]
    hints = dict.fromkeys(problem.hint for problem in problems)
    return ConfigError(
        "; ".join(problem.message for problem in problems), hint="; or ".join(hints)
    )


def _check_inside(project: StateRoot, found: list[Found]) -> None:
    top = os.path.realpath(project.root)
    folders: dict[str, Found] = {}
    for one in found:
        for path in (*one.layout.code, one.layout.example, one.layout.test, one.prompt):
            folders.setdefault(str(path).rpartition("/")[0], one)
    for name, one in folders.items():
        folder = PurePosixPath(name)
        real = os.path.realpath(project.root / folder)
        if real != top and not real.startswith(top.rstrip(os.sep) + os.sep):
            raise ConfigError(
                f"{project.label / one.prompt}: {project.label / folder} is a link that"
                f" leaves the project",
                hint="make it a folder, or set another path in .pddrc",
            )


def _more_tests(
    project: StateRoot, found: list[Found]
) -> dict[PurePosixPath, tuple[PurePosixPath, ...]]:
    """Return prompt → further test files, each given to the longest name it fits."""
    owners: dict[tuple[PurePosixPath, str], dict[str, Found]] = {}
    for one in found:
        place = (one.layout.test.parent, one.layout.tests_pattern)
        owners.setdefault(place, {})[one.id.leaf] = one
    main = {one.layout.test for one in found}
    more: dict[PurePosixPath, tuple[PurePosixPath, ...]] = {}
    for (folder, pattern), leaves in owners.items():
        for name in _names(project.root / folder):
            leaf = owner_of(name, pattern, leaves)
            if leaf is not None and folder / name not in main:
                prompt = leaves[leaf].prompt
                more[prompt] = (*more.get(prompt, ()), folder / name)
    return more


def _names(folder: Path) -> list[str]:
    try:
        with os.scandir(folder) as entries:
            return sorted(entry.name for entry in entries if entry.is_file())
    except OSError:
        return []  # no tests yet; a folder that cannot be read fails when it is


def owner_of(name: str, pattern: str, leaves: Container[str]) -> str | None:
    """Return whose further test file one is by its name; None if it is nobody's.

    Args:
        name: The file's name.
        pattern: What test files are called, with ``{name}`` for the leaf.
        leaves: The leaves of all units there.
    """
    before, _, after = pattern.partition("{name}")
    if not (name.startswith(before) and name.endswith(after)):
        return None
    core = name[len(before) : len(name) - len(after)]
    parts = core.split("_")
    # `test_foo_bar_more.py` is of unit `foo_bar` if there is one, else of `foo`.
    ends = range(len(parts) - 1, 0, -1)
    return next(
        (leaf for end in ends if (leaf := "_".join(parts[:end])) in leaves), None
    )


def unit_of(
    project: StateRoot, one: Found, more_tests: tuple[PurePosixPath, ...]
) -> DevUnit:
    """Return a unit that was found.

    Args:
        project: Its state root.
        one: Its names and places.
        more_tests: Its further test files.
    """
    return DevUnit(
        id=one.id,
        root=project.label,
        prompt=one.prompt,
        code=one.layout.code,
        import_root=one.layout.import_root,
        example=one.layout.example,
        test=one.layout.test,
        more_tests=more_tests,
        language=project.languages[one.id.language],
        settings=one.settings.settings,
    )
