"""One run of a unit in its scratch copy: paths, commands, configuration, child.

What is not here: what the run means (`runner`).
"""

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final

from pdd_tasks.adapters.placeholders import arguments, filled, interpreter
from pdd_tasks.adapters.processes import Finished, child_environment, run
from pdd_tasks.adapters.python.failures import Project
from pdd_tasks.core.model.artifact import Digest
from pdd_tasks.core.model.unit import DevUnit
from pdd_tasks.errors import ConfigError


_ALWAYS_READ: Final = ("pytest.toml", ".pytest.toml", "pytest.ini", ".pytest.ini")
_SECTIONS: Final = (
    ("tox.ini", r"(?m)^\[pytest\]"),
    ("setup.cfg", r"(?m)^\[tool:pytest\]"),
)


@dataclass(frozen=True, slots=True)
class Place:
    """One copy of the project, and the paths of one run in it.

    Attributes:
        unit: The unit that runs.
        project: The copy.
    """

    unit: DevUnit
    project: Path

    @property
    def reports(self) -> Path:
        """The folder that reports are written to."""
        return self.project.parent / "reports"

    @property
    def temporary(self) -> Path:
        """The folder for temporary files of the run."""
        return self.project.parent / "tmp"

    @property
    def roots(self) -> dict[str, str]:
        """Absolute folder → what stands in its place in text."""
        found = {
            str(self.project): "",
            str(self.temporary): "<tmp>",
            str(self.reports): "<reports>",
        }
        home = str(Path.home())
        return found if home == "/" else {home: "~", **found}

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

    def tests(self) -> list[PurePosixPath]:
        """Return the unit's test files that stand."""
        return [p for p in self.unit.tests if (self.project / p).is_file()]

    def digests(self) -> dict[PurePosixPath, Digest]:
        """Return the digests of the unit's files that stand."""
        unit = self.unit
        paths = (*unit.code, unit.example, *unit.tests)
        standing = (path for path in paths if (self.project / path).is_file())
        return {p: Digest.of((self.project / p).read_bytes()) for p in standing}

    def told(self) -> Project:
        """Return the project as its failures are told."""
        return Project(self.roots, self._source)

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
        settings = self.unit.settings
        named = self.unit.language.environment.items()
        extra = {name: filled(text, self.values()) for name, text in named}
        extra |= {"PYTHONHASHSEED": str(seed), "TMPDIR": str(self.temporary)}
        return run(
            command,
            cwd=self.project,
            environment=child_environment(settings.environment, extra),
            timeout_s=timeout_s,
            output_limit_bytes=settings.output_limit_bytes,
        )

    def _source(self, path: str) -> str | None:
        try:
            return (self.project / path).read_text("utf-8-sig", errors="replace")
        except (OSError, ValueError):
            return None


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
