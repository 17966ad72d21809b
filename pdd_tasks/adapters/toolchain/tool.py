"""The programs that a language needs, and whether this machine has them."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from pdd_tasks.adapters.placeholders import filled, interpreter
from pdd_tasks.adapters.processes import child_environment, run
from pdd_tasks.core.model.unit import DevUnit
from pdd_tasks.errors import RunError


_LIMIT_S: Final = 60.0  # the first start of a tool may be slow
_OUTPUT_BYTES: Final = 10_000


@dataclass(frozen=True, slots=True)
class Tool:
    """One program.

    Attributes:
        command: What prints its version.
        hint: How to come by it.
        environment: Names of variables that a person passes on to runs.
    """

    command: tuple[str, ...]
    hint: str
    environment: frozenset[str] = frozenset()

    @property
    def program(self) -> str:
        """Its name."""
        return self.command[0]

    @property
    def is_own(self) -> bool:
        """True if the project brings it: its name is a path there."""
        return "/" in self.program and not self.program.startswith("/")

    def is_here(self, project: Path) -> bool:
        """Return whether it can be run; a program that no project brings is tried."""
        if self.is_own:
            return (project / self.program).is_file()
        return bool(self.version(project))

    def version(self, project: Path) -> str:
        """Return the first line of its version; empty if it does not run.

        Args:
            project: Where it is looked for if the project brings it.
        """
        place = project if self.is_own else Path(project.anchor)
        return _version(self.command, str(place), self.environment)


def check_tools(unit: DevUnit, project: Path) -> None:
    """Look whether the tools of a unit's language are here, each once a process.

    Raises:
        RunError: If one is not, or is too old for its arguments.
    """
    for tool in tools(unit):
        if not tool.is_here(project):
            msg = (
                f"unit {unit.id}: {unit.language.name} needs {tool.program}, and"
                f" `{' '.join(tool.command)}` does not run on this machine"
            )
            raise RunError(msg, hint=tool.hint)


def tools(unit: DevUnit) -> tuple[Tool, ...]:
    """Return the programs that a unit's language needs; one without a hint is none."""
    named = {"interpreter": interpreter(unit)}
    passed = frozenset(unit.settings.environment)
    return tuple(
        Tool(tuple(filled(part, named) for part in command.split()), hint, passed)
        for command, hint in unit.language.tools.items()
        if command.strip() and hint
    )


@cache
def _version(command: tuple[str, ...], place: str, passed: frozenset[str]) -> str:
    try:
        ended = run(
            command,
            cwd=Path(place),
            environment=child_environment(passed, {}),
            timeout_s=_LIMIT_S,
            output_limit_bytes=_OUTPUT_BYTES,
        )
    except RunError:
        return ""
    if ended.exit_code or ended.timed_out:
        return ""
    lines = ended.output.decode("utf-8", errors="replace").strip().splitlines()
    return lines[0].strip() if lines else "found"
