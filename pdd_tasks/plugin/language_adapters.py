"""Which adapters run and read a language, by the names ``languages.yaml`` gives.

Each is loaded when it is needed: a run that finds nothing to do needs none.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from pdd_tasks.core.model.artifact import UnitId
from pdd_tasks.core.model.unit import DevUnit
from pdd_tasks.core.plan.interface_change import Shown
from pdd_tasks.engine.ports import Runner, Syntax
from pdd_tasks.errors import ConfigError


def runner_of(unit: DevUnit, root: Path, beat: Callable[[UnitId], None]) -> Runner:
    """Return what runs a unit's example and tests.

    Args:
        unit: The unit.
        root: Its state root.
        beat: Told before and after each run that a unit makes progress.

    Raises:
        ConfigError: If its language names no runner that is known.
    """
    language = unit.language
    make = RUNNERS.get(language.runner)
    if make is None:
        named = language.runner or "none"
        msg = (
            f"unit {unit.id}: no runner for {language.name}"
            f" (languages.yaml names {named})"
        )
        known = ", ".join(sorted(RUNNERS))
        raise ConfigError(msg, hint=f"set `runner:` to one of: {known}")
    return make(root, beat)


def syntaxes() -> Mapping[str, Syntax]:
    """Return name, as ``languages.yaml`` gives it → what reads a language's text."""
    from pdd_tasks.adapters.python.syntax import PythonSyntax
    from pdd_tasks.adapters.treesitter.syntax import DIALECTS, TreeSitterSyntax

    trees: dict[str, Syntax] = {name: TreeSitterSyntax(name) for name in DIALECTS}
    return {"python": PythonSyntax(), **trees}


def shows() -> Mapping[str, Callable[[str], Shown]]:
    """Return name of a syntax → what reads off what an example in it shows."""
    from pdd_tasks.adapters.treesitter.syntax import DIALECTS, TreeSitterSyntax

    return {"python": _shown, **{n: TreeSitterSyntax(n).shown for n in DIALECTS}}


def _shown(text: str) -> Shown:
    from pdd_tasks.adapters.python.shown import shown

    return shown(text)


def _pytest(root: Path, beat: Callable[[UnitId], None]) -> Runner:
    from pdd_tasks.adapters.python.runner import PytestRunner

    return PytestRunner(root, beat)


def _toolchain(root: Path, beat: Callable[[UnitId], None]) -> Runner:
    from pdd_tasks.adapters.toolchain.bench import ToolchainRunner

    return ToolchainRunner(root, beat)


RUNNERS: Final[Mapping[str, Callable[[Path, Callable[[UnitId], None]], Runner]]] = {
    "pytest": _pytest,
    "toolchain": _toolchain,
}
