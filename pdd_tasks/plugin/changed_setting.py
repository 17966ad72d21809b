"""Which setting changed, and in which file, where only its digest is on record.

Older versions of ``.pddrc`` and ``languages.yaml`` are tried until what is recorded
comes out: that one is the old version, and what differs from it is the cause.
"""

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, replace
from pathlib import PurePosixPath
from typing import Final, NamedTuple

from pdd_tasks.adapters.files import raw_digest
from pdd_tasks.adapters.git_history import GitHistory
from pdd_tasks.core.model.run_inputs import SETTINGS, example_settings, test_settings
from pdd_tasks.core.model.settings import Settings
from pdd_tasks.core.model.unit import DevUnit
from pdd_tasks.core.plan.cause import Cause, Kind
from pdd_tasks.errors import ConfigError
from pdd_tasks.plugin.config import Configuration, Resolved, load_configuration
from pdd_tasks.plugin.languages import FILE as LANGUAGES
from pdd_tasks.plugin.languages import languages_of
from pdd_tasks.plugin.pddrc import FILE as PDDRC
from pdd_tasks.plugin.pddrc import pddrc_of
from pdd_tasks.plugin.project import Project
from pdd_tasks.plugin.yaml_file import YamlFile


_RUNS: Final[Mapping[str, Callable[[DevUnit], str]]] = {
    f"example {SETTINGS}": example_settings,
    f"test {SETTINGS}": test_settings,
}
_PLACES: Final = {
    "place of code": "generate_output_path",
    "place of example": "example_output_path",
}
_OF_RUNS: Final = ("interpreter", "environment")
_VALUES: Final[Mapping[str, tuple[str, Callable[[Settings], str]]]] = {
    "target coverage": ("target_coverage", lambda s: f"{s.target_coverage:g}"),
    "verify": ("verify", lambda s: str(s.verify)),
    "auto-deps": ("auto_deps", lambda s: str(s.auto_deps)),
    "remove_redundant": ("remove_redundant", lambda s: str(s.remove_redundant)),
}
"""Name of a trigger → the setting, and its value as a text."""


class _Trial(NamedTuple):
    """A unit as it was with an older version of a file.

    Attributes:
        unit: The unit.
        kind: What kind of cause a difference is.
        file: The file, or what else it would be.
        data: The older version; None if there was none.
        resolved: The settings then; None if they are those of now.
    """

    unit: DevUnit
    kind: Kind
    file: str
    data: bytes | None = None
    resolved: Resolved | None = None


class ChangedSettings:
    """Finds what changed of the settings of one unit."""

    def __init__(self, project: Project, unit: DevUnit, history: GitHistory) -> None:
        """Look nothing up yet.

        Args:
            project: The project.
            unit: The unit.
            history: The history of its files.
        """
        self._root, self._label = project.top / unit.root, unit.root
        self._variables, self._unit = project.variables, unit
        self._history = history

    def named(self, cause: Cause) -> Cause:
        """Return a cause with the file and the key that changed, if it is a setting."""
        if cause.kind is not Kind.SETTING:
            return cause
        if cause.subject in _PLACES:
            return self._of_place(cause, _PLACES[cause.subject])
        if cause.subject in _RUNS:
            return self._of_runs(cause, _RUNS[cause.subject])
        return self._of_value(cause)

    def _of_value(self, cause: Cause) -> Cause:
        key, value = _VALUES[cause.subject]
        now = value(self._unit.settings)
        before = cause.before or value(Settings())
        note = f"{key}: {before} -> {now}"
        found = replace(cause, note=note, before="", now="")
        source = self._now.source(key)
        if source.file is None and source.name != "default":
            return replace(found, subject=source.name)
        for trial in self._pddrc_trials():
            if value(trial.unit.settings) == before:
                return self._between(found, trial)
        return replace(found, subject=PDDRC)

    def _of_place(self, cause: Cause, key: str) -> Cause:
        now = self._now
        note = f"{key}: {cause.before} -> {cause.now}"
        found = replace(cause, subject=PDDRC, note=note, before="", now="")
        for trial in self._pddrc_trials():
            if trial.resolved and trial.resolved.value(key) != now.value(key):
                return self._between(found, trial)
        return found

    def _of_runs(self, cause: Cause, digest: Callable[[DevUnit], str]) -> Cause:
        for trial in self._trials():
            if digest(trial.unit) == cause.before:
                note = self._difference(trial.unit)
                found = replace(cause, kind=trial.kind, note=note, before="", now="")
                return self._between(found, trial)
        note = "commands, environment or interpreter of runs; which, nobody knows"
        return replace(cause, note=note)

    def _trials(self) -> Iterator[_Trial]:
        yield from self._language_trials()
        yield from self._pddrc_trials()
        plain = load_configuration(self._root, self._label, {}, {})
        unit = self._with(self._resolved(plain))
        where = "the command line or the environment"
        yield _Trial(unit, Kind.SETTING, where)

    def _language_trials(self) -> Iterator[_Trial]:
        name = self._unit.language.name
        for data in self._versions(LANGUAGES):
            try:
                file = None if data is None else YamlFile(LANGUAGES, data)
                language = languages_of(file, self._root).get(name)
            except ConfigError:
                continue  # it was broken then
            if language is not None:
                unit = replace(self._unit, language=language)
                yield _Trial(unit, Kind.LANGUAGE, LANGUAGES, data)

    def _pddrc_trials(self) -> Iterator[_Trial]:
        now = self._configuration
        for data in self._versions(PDDRC):
            try:
                old = None if data is None else pddrc_of(YamlFile(PDDRC, data))
                resolved = self._resolved(now._replace(pddrc=old))
            except ConfigError:
                continue
            unit = self._with(resolved)
            yield _Trial(unit, Kind.SETTING, PDDRC, data, resolved)

    def _versions(self, name: str) -> Iterator[bytes | None]:
        """Yield what a file held, the newest first, and at last that it was absent."""
        for version in self._history.versions(PurePosixPath(name)):
            if version.data is not None:
                yield version.data
        yield None

    def _between(self, found: Cause, trial: _Trial) -> Cause:
        """Return a cause with the file and what differs in it."""
        path = self._root / trial.file
        if trial.file not in {LANGUAGES, PDDRC}:
            return replace(found, subject=trial.file)
        now = path.read_bytes() if path.is_file() else None
        old = trial.data
        found = replace(
            found,
            subject=trial.file,
            before="" if old is None else raw_digest(old),
            now="" if now is None else raw_digest(now),
        )
        return found.between(_text(old), _text(now))

    def _difference(self, old: DevUnit) -> str:
        """Return the keys that differ, with their values where these are short."""
        mine = self._unit
        said = [
            f"{mine.language.name}: {one.name}"
            for one in fields(mine.language)
            if getattr(mine.language, one.name) != getattr(old.language, one.name)
        ]
        for key in _OF_RUNS:
            before, now = getattr(old.settings, key), getattr(mine.settings, key)
            if before != now:
                said.append(f"{key}: {_said(before)} -> {_said(now)}")
        return ", ".join(said)

    def _with(self, resolved: Resolved) -> DevUnit:
        return replace(self._unit, settings=resolved.settings)

    @property
    def _configuration(self) -> Configuration:
        return load_configuration(self._root, self._label, self._variables, os.environ)

    @property
    def _now(self) -> Resolved:
        return self._resolved(self._configuration)

    def _resolved(self, configuration: Configuration) -> Resolved:
        prompt = self._unit.prompt
        folders = [f for f in configuration.prompts_folders() if f in prompt.parents]
        below = str(prompt.relative_to(folders[0])) if folders else prompt.name
        return configuration.resolve(configuration.context(str(prompt), below))


def _text(data: bytes | None) -> str:
    return "" if data is None else data.decode("utf-8", "replace")


def _said(value: object) -> str:
    if isinstance(value, tuple | list | frozenset | set):
        return ", ".join(map(str, sorted(value))) or "none"
    return str(value) or "none"
