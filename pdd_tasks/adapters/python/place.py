"""One run of a unit in its scratch copy: paths, commands, configuration, child.

What is not here: what the run means (`runner`).
"""

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pdd_tasks.adapters.placeholders import arguments, interpreter
from pdd_tasks.adapters.processes import Finished
from pdd_tasks.adapters.python.failures import Project
from pdd_tasks.adapters.run_place import RunPlace
from pdd_tasks.errors import ConfigError


_ALWAYS_READ: Final = ("pytest.toml", ".pytest.toml", "pytest.ini", ".pytest.ini")
_SECTIONS: Final = (
    ("tox.ini", r"(?m)^\[pytest\]"),
    ("setup.cfg", r"(?m)^\[tool:pytest\]"),
)


@dataclass(frozen=True, slots=True)
class Place(RunPlace):
    """One copy of the project, and the paths of one run of pytest in it."""

    def values(self) -> dict[str, str | list[str]]:
        """Return what the placeholders of commands stand for."""
        unit = self.unit
        return {
            "interpreter": interpreter(unit),
            "file": str(self.project / unit.example),
            "tests": [str(path) for path in self.tests()],
            "code": [str(path) for path in unit.code],
            "junit": str(self.reports / "junit.xml"),
            "coverage": str(self.reports / "coverage.json"),
            "import_root": str(self.project / unit.import_root),
            "root": str(self.project),
        }

    def told(self) -> Project:
        """Return the project as its failures are told."""
        return Project(self.roots, self.source)

    def pytest_command(self) -> list[str]:
        """Return the command that runs the tests.

        Raises:
            ConfigError: If the project's pytest configuration cannot be read.
        """
        config = _own_config(self.project)
        if config is None:
            config = self.reports / "pytest.ini"
            config.write_text("[pytest]\n")
        return [*arguments(self.unit.language.test, self.values()), "-c", str(config)]

    def measured(self, *, measure: bool) -> list[str]:
        """Return the arguments that measure coverage of the unit's code alone."""
        if not measure:
            return []
        code = [self.project / path for path in self.unit.code]
        sources = sorted({str(path.parent) for path in code})
        lines = [
            "[run]",
            "branch = true",
            f"data_file = {self.reports / 'coverage.data'}",
            "disable_warnings = no-data-collected,module-not-measured,couldnt-parse",
            "source =",
            *(f"    {folder}" for folder in sources),
            "[report]",
            "ignore_errors = true",
            "include =",
            *(f"    {path}" for path in code),
        ]
        config = self.reports / "coveragerc"
        config.write_text("\n".join([*lines, ""]))
        added = arguments(self.unit.language.measure, self.values())
        return [*added, f"--cov-config={config}"]

    def run(self, command: list[str], timeout_s: float, *, seed: int) -> Finished:
        """Return how a command ended that ran in the copy.

        Raises:
            RunError: If it cannot be started.
        """
        variables = {"PYTHONHASHSEED": str(seed)}
        return self.finished(command, timeout_s, self.values(), variables)


def _own_config(project: Path) -> Path | None:
    """Return the project's own pytest configuration, in pytest's order."""
    for name in _ALWAYS_READ:
        if (project / name).is_file():
            return project / name
    pyproject = project / "pyproject.toml"
    if pyproject.is_file() and _configures_pytest(pyproject):
        return pyproject
    for name, section in _SECTIONS:
        path = project / name
        if path.is_file() and re.search(section, path.read_text(errors="replace")):
            return path
    return None


def _configures_pytest(pyproject: Path) -> bool:
    try:
        tool = tomllib.loads(pyproject.read_text("utf-8")).get("tool", {})
    except ValueError as error:  # not UTF-8, or not TOML
        msg = f"pyproject.toml cannot be read: {error}"
        raise ConfigError(msg, hint="correct it, then run the same again") from error
    return "pytest" in tool
