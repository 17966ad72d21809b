"""Who claims which name and which file: two claims on one are refused.

What is not here: how units are found (`pdd_tasks.plugin.discover`).
"""

from collections.abc import Iterable, Iterator, Sequence

from pdd_tasks.core.model.artifact import Artifact
from pdd_tasks.core.model.nearest import alike, nearest
from pdd_tasks.core.model.step import Step
from pdd_tasks.core.model.unit import DevUnit
from pdd_tasks.errors import ConfigError


def check_claims(units: Sequence[DevUnit]) -> None:
    """Refuse units of which two claim one name or one file.

    Args:
        units: All units that doit will know, of one or several state roots.

    Raises:
        ConfigError: If two ids are equal but for case, a basename reads like
            another unit's id, or two artifacts lie in one file.
    """
    _check_ids(units)
    _check_files(units)


def nearest_units(name: str, units: Iterable[DevUnit]) -> tuple[str, ...]:
    """Return up to three names of units most like another, the best first."""
    known: dict[str, str] = {}
    for unit in units:
        for form in (str(unit.id), unit.id.basename):
            known.setdefault(form.lower(), form)
        known.setdefault(unit.id.leaf.lower(), unit.id.basename)
    close = alike(name, known, most=3, cutoff=0.5)
    return tuple(dict.fromkeys(known[one] for one in close))


def unknown_unit(name: str, units: Sequence[DevUnit]) -> ConfigError:
    """Return the error that no unit has a name, or no step where one is named."""
    unit, _, step = name.rpartition(":")
    if any(unit in {str(one.id), one.id.basename} for one in units):
        like = nearest(step, Step, cutoff=0.5)
        return ConfigError(
            f"unit {unit} has no step {step!r}; its steps are {', '.join(Step)}",
            hint=f"write sync:{unit}:{like}" if like else "name one of these",
        )
    if "*" in name and units:
        return ConfigError(
            f"no unit matches {name!r}", hint="see all units with: doit list --all"
        )
    close = nearest_units(name, units)
    if close:
        return ConfigError(
            f"no unit is called {name!r}; the nearest are {', '.join(close)}",
            hint=f"write {close[0]}, or see all units with: doit list --all",
        )
    if units:
        return ConfigError(
            f"no unit is called {name!r}", hint="see all units with: doit list --all"
        )
    return ConfigError(
        f"no unit is called {name!r}: there are no prompts here",
        hint="create one, for example prompts/calculator_python.prompt",
    )


def shown(unit: DevUnit) -> str:
    """Return the path of a unit's prompt as messages name it."""
    return str(unit.root / unit.prompt)


def _check_ids(units: Sequence[DevUnit]) -> None:
    ids: dict[str, DevUnit] = {}
    for unit in units:
        other = ids.setdefault(str(unit.id).casefold(), unit)
        if other is not unit:
            raise ConfigError(
                f"{shown(other)} and {shown(unit)} both make the unit {unit.id}",
                hint="rename one of the two prompts",
            )
    for unit in units:
        like = ids.get(unit.id.basename.casefold())
        if like is not None:
            raise ConfigError(
                f"the basename {unit.id.basename} of {shown(unit)} reads like the unit"
                f" of {shown(like)}",
                hint="rename one of the two prompts",
            )


def _check_files(units: Sequence[DevUnit]) -> None:
    claims: dict[str, tuple[DevUnit, str]] = {}
    for unit in units:
        for path, what in _files(unit):
            # Some file systems do not tell letters by case.
            key = path.casefold()
            if key not in claims:
                claims[key] = (unit, what)
                continue
            other, taken = claims[key]
            raise ConfigError(
                f"{shown(unit)} claims {path} as its {what}, {shown(other)} claims it"
                f" as its {taken}",
                hint="rename one of the prompts, or set the output paths in .pddrc",
            )


def _files(unit: DevUnit) -> Iterator[tuple[str, str]]:
    # as texts: joining paths costs more than all else that is done with them
    root = str(unit.root)
    start = "" if root == "." else f"{root}/"
    for artifact in Artifact:
        for path in unit.paths(artifact):
            yield f"{start}{path}", artifact.value
