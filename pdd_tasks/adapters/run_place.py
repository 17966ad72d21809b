"""The copy of a project that a unit runs in, whatever its language."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from pdd_tasks.adapters.file_bound import with_bound_files
from pdd_tasks.adapters.placeholders import filled
from pdd_tasks.adapters.processes import Finished, child_environment, run
from pdd_tasks.core.model.artifact import Digest
from pdd_tasks.core.model.unit import DevUnit


@dataclass(frozen=True, slots=True)
class RunPlace:
    """One copy of the project, and the paths of one run in it.

    Attributes:
        unit: The unit that runs.
        project: The copy.
    """

    unit: DevUnit
    project: Path

    @property
    def reports(self) -> Path:
        """The folder that reports are written to, outside of the copy."""
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

    def tests(self) -> list[PurePosixPath]:
        """Return the unit's test files that stand."""
        return [p for p in self.unit.tests if (self.project / p).is_file()]

    def digests(self) -> dict[PurePosixPath, Digest]:
        """Return the digests of the unit's files that stand."""
        unit = self.unit
        paths = (*unit.code, unit.example, *unit.tests)
        standing = (path for path in paths if (self.project / path).is_file())
        return {p: Digest.of((self.project / p).read_bytes()) for p in standing}

    def source(self, path: str) -> str | None:
        """Return the text of a file of the copy; None if it cannot be read."""
        try:
            return (self.project / path).read_text("utf-8-sig", errors="replace")
        except (OSError, ValueError):
            return None

    def finished(
        self,
        command: list[str],
        timeout_s: float,
        values: Mapping[str, str | list[str]],
        variables: Mapping[str, str],
        least_output: int = 0,
    ) -> Finished:
        """Return how a command ended that ran in the copy.

        Args:
            command: The command.
            timeout_s: Seconds it may run.
            values: What placeholders in the language's environment stand for.
            variables: Further variables of its environment.
            least_output: Bytes of output that are kept, whatever the settings say.

        Raises:
            RunError: If it cannot be started.
        """
        settings = self.unit.settings
        named = self.unit.language.environment.items()
        extra = {name: filled(text, values) for name, text in named}
        extra |= {**variables, "TMPDIR": str(self.temporary)}
        environment = child_environment(settings.environment, extra)
        limit = settings.file_limit_bytes
        return run(
            with_bound_files(command, limit, self.project, environment),
            cwd=self.project,
            environment=environment,
            timeout_s=timeout_s,
            output_limit_bytes=max(settings.output_limit_bytes, least_output),
        )
