"""The units of all state roots by their sketches: all of them, or some of them.

Where one of the state roots is not plain, there are no sketches.
"""

from collections.abc import Collection, Iterable, Mapping
from functools import cached_property
from pathlib import Path, PurePosixPath

from pdd_tasks.core.model.unit import DevUnit
from pdd_tasks.core.model.units import Units
from pdd_tasks.plugin.config import load_configuration
from pdd_tasks.plugin.discover import StateRoot, discover_all
from pdd_tasks.plugin.languages import load_languages
from pdd_tasks.plugin.sketch import NotPlainError, Sketch, check_claims
from pdd_tasks.plugin.state_root import named_roots


class FewUnits(Units):
    """Some units of a state root, which answer for all of it."""

    _sketch: Sketch

    @classmethod
    def among(cls, units: Iterable[DevUnit], sketch: Sketch) -> "FewUnits":
        """Return some of the units of a sketch."""
        made = cls(units)
        made._sketch = sketch
        return made

    @cached_property
    def examples(self) -> Collection[PurePosixPath]:
        """The files of all examples."""
        return self._sketch.by_example

    @cached_property
    def by_id(self) -> Mapping[str, tuple[DevUnit, ...]]:
        """Unit id → the units that have it."""
        return self._sketch.by_id

    @cached_property
    def by_basename(self) -> Mapping[str, tuple[DevUnit, ...]]:
        """Basename → its units, one for each language."""
        return self._sketch.by_basename

    @cached_property
    def by_code(self) -> Mapping[str, tuple[DevUnit, ...]]:
        """Path of a code file → the units that write it."""
        return self._sketch.by_code

    @cached_property
    def endings(self) -> frozenset[str]:
        """How the names of code files end."""
        return frozenset(self._sketch.endings)

    @cached_property
    def by_file(self) -> Mapping[PurePosixPath, tuple[DevUnit, ...]]:
        """Path of code, example or tests → the units that write it."""
        return self._sketch.by_file


def sketches(
    top: Path,
    roots: Iterable[str],
    variables: Mapping[str, str],
    environment: Mapping[str, str],
) -> tuple[Sketch, ...] | None:
    """Return the sketches of all state roots; None if one of them is not plain.

    Args:
        top: The folder doit runs in.
        roots: Folders, or globs of folders, relative to it.
        variables: The variables of doit's command line.
        environment: The variables of the environment.

    Raises:
        ConfigError: As for `discover_all`.
    """
    found = []
    try:
        for label in named_roots(top, roots):
            configuration = load_configuration(
                top / label, label, variables, environment
            )
            if any(one.globs for one in configuration.contexts):
                return None  # settings differ from prompt to prompt
            languages = load_languages(top / label, label)
            state = StateRoot(top / label, label, configuration, languages, {}, {})
            found.append(Sketch(state))
        check_claims(found)
    except NotPlainError:
        return None
    return tuple(found)


def all_units(
    top: Path,
    roots: Iterable[str],
    variables: Mapping[str, str],
    environment: Mapping[str, str],
) -> tuple[DevUnit, ...]:
    """Return the units of all state roots, as `discover_all` finds them.

    Args:
        top: The folder doit runs in.
        roots: Folders, or globs of folders, relative to it.
        variables: The variables of doit's command line.
        environment: The variables of the environment.

    Raises:
        ConfigError: As for `discover_all`.
    """
    roots = tuple(roots)
    known = sketches(top, roots, variables, environment)
    if known is None:
        return discover_all(top, roots, variables, environment)
    return tuple(unit for one in known for unit in one.units())
