"""One run of a unit in its scratch copy: paths, commands, tools, child.

What is not here: what the run means (`bench`).
"""

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pdd_tasks.adapters.placeholders import arguments, filled, interpreter
from pdd_tasks.adapters.processes import Finished
from pdd_tasks.adapters.run_place import RunPlace
from pdd_tasks.adapters.toolchain.failure import Told
from pdd_tasks.adapters.toolchain.result import REPORT_LIMIT_BYTES


_DRIVERS: Final = Path(__file__).parent / "drivers"


@dataclass(frozen=True, slots=True)
class Place(RunPlace):
    """One copy of the project, and the paths of one run of a tool chain in it."""

    @property
    def build(self) -> Path:
        """The folder for what is built, outside of the copy."""
        return self.project.parent / "build"

    @property
    def results(self) -> Path:
        """The file that the test runner writes its results to."""
        return self.reports / "results"

    @property
    def coverage(self) -> Path:
        """The file or folder that coverage is written to."""
        return self.reports / "coverage"

    def coverage_text(self) -> str:
        """Return what was written of coverage, all files of a folder.

        Empty if there is none, or more than would be read.
        """
        made = self.coverage
        files = sorted(made.rglob("*")) if made.is_dir() else [made]
        files = [file for file in files if file.is_file()]
        if sum(file.stat().st_size for file in files) > REPORT_LIMIT_BYTES:
            return ""
        return "\n".join(f.read_text("utf-8", errors="replace") for f in files)

    def values(self) -> dict[str, str | list[str]]:
        """Return what the placeholders of commands stand for."""
        unit = self.unit
        return {
            "interpreter": interpreter(unit),
            "file": str(unit.example),
            "test": str(unit.test),
            "tests": [str(path) for path in self.tests()],
            "code": [str(path) for path in unit.code],
            "main": str(unit.code[0]),
            "name": unit.id.leaf,
            "results": str(self.results),
            "junit": str(self.results),
            "coverage": str(self.coverage),
            "build": str(self.build),
            "import_root": str(self.project / unit.import_root),
            "root": str(self.project),
            "python": sys.executable,
            "drivers": str(_DRIVERS),
        }

    def command(
        self, template: tuple[str, ...], *, measure: bool | None = None
    ) -> list[str]:
        """Return a command of the language, its placeholders replaced.

        Args:
            template: The command; ``{measure}`` stands for the arguments that measure
                coverage.
            measure: True to have them there; without a place for them, at the end.
                None if the command is not the one that runs the tests.
        """
        added = list(self.unit.language.measure) if measure else []
        has_place = "{measure}" in template
        parts: list[str] = []
        for part in template:
            parts += added if part == "{measure}" else [part]
        if measure is not None and not has_place:
            parts += added
        return arguments(parts, self.values())

    def told(self) -> Told:
        """Return the project as its failures are told."""
        unit = self.unit
        own = (*unit.code, unit.example, *unit.tests)
        roots = {**self.roots, str(self.build): "<build>"}
        return Told(roots, self.source, {path.name: str(path) for path in own})

    def provide(self) -> None:
        """Write the files that the language asks for and the project lacks."""
        for folder in (self.reports, self.temporary, self.build):
            folder.mkdir()
        for name, text in self.unit.language.files.items():
            path = self.project / filled(name, self.values())
            if not path.exists():
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(filled_text(text, self.values()))

    def run(
        self, command: list[str], timeout_s: float, *, seed: int, whole: bool = False
    ) -> Finished:
        """Return how a command ended that ran in the copy.

        Args:
            command: The command.
            timeout_s: Seconds it may run.
            seed: Seed for the order of hashes, for runtimes that take one.
            whole: True if a report is to be read from the output.

        Raises:
            RunError: If it cannot be started.
        """
        least = REPORT_LIMIT_BYTES if whole else 0
        variables = {"PDD_SEED": str(seed)}
        return self.finished(command, timeout_s, self.values(), variables, least)


def filled_text(text: str, values: Mapping[str, str | list[str]]) -> str:
    """Return the text of a file with placeholders replaced: ``{{name}}``.

    Single braces stay: the file may be of a language that uses them.
    """
    for name, value in values.items():
        shown = value if isinstance(value, str) else " ".join(value)
        text = text.replace(f"{{{{{name}}}}}", shown)
    return text
